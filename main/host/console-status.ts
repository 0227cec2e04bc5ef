import type { Alert, ConsoleStatus, ProcessStatus } from '../../core/protocol/console-model.ts';
import type { FleetModel } from './fleet-model.ts';

/** What a status is made of, besides the model. */
export interface StatusParts {
  readonly model: FleetModel;
  readonly controlPlane: ProcessStatus;
  readonly simulator: ProcessStatus;
  readonly alerts: readonly Alert[];
  readonly draft: ConsoleStatus['draft'];
  readonly nowMs: number;
}

/** The one answer to "how does it stand". */
export function buildStatus(parts: StatusParts): ConsoleStatus {
  const { model } = parts;
  const { fleet } = model.summaries;
  const { head, belief, believed } = model;
  const isOfHead =
    belief?.head?.rootHash === head?.record.rootHash &&
    belief?.head?.revision === head?.record.revision;
  return {
    atMs: parts.nowMs,
    controlPlane: parts.controlPlane,
    simulator: parts.simulator,
    head:
      head === null
        ? null
        : {
            revision: head.record.revision,
            generation: (isOfHead ? belief?.head?.generation : null) ?? head.record.generation,
            rootHash: head.record.rootHash,
            lineage: head.lineage,
            author: head.record.author,
            message: head.record.message,
            publishedAtMs: head.record.publishedAtMs,
          },
    fleet: {
      inventory: model.roster.nodeIds.length,
      serving: fleet.serving,
      acknowledged: believed.acknowledged,
      connected: fleet.connected,
      behind: fleet.behind,
      rejected: believed.rejected,
      ahead: Math.max(fleet.ahead, believed.ahead),
      believedAtMs: model.believedAtMs,
      bySyncStatus: fleet.bySyncStatus,
      bySource: fleet.bySource,
    },
    staleness: {
      lagRevisionsMax: fleet.lagRevisionsMax,
      lagMsMax: fleet.lagMsMax,
      unverifiedMsMax: fleet.unverifiedMsMax,
      overBudget: fleet.overBudget,
      budget: model.budget,
    },
    traffic: trafficOf(model),
    convergence: belief?.convergence ?? null,
    controlPlaneLoad: parts.controlPlane.state === 'up' ? model.load : null,
    faults: [...model.faults.values()],
    alerts: parts.alerts,
    draft: parts.draft,
  };
}

/** Tells two statuses apart by all but their clocks, which run on by themselves. */
export function statusFingerprint(status: ConsoleStatus): string {
  const {
    atMs: _at,
    traffic: _traffic,
    staleness,
    controlPlaneLoad: _load,
    fleet,
    ...rest
  } = status;
  const { believedAtMs: _believed, ...counts } = fleet;
  return JSON.stringify([rest, counts, staleness.overBudget, staleness.budget]);
}

function trafficOf(model: FleetModel): ConsoleStatus['traffic'] {
  const step = model.lastStep;
  if (step === null || step.stepMs <= 0) {
    return {
      requestsPerSecond: 0,
      successRate: null,
      unroutedPerSecond: 0,
      failedPerSecond: 0,
      refusedPerSecond: 0,
      limitedPerSecond: 0,
      shedPerSecond: 0,
      deniedPerSecond: 0,
      latencyP50Ms: 0,
      latencyP99Ms: 0,
    };
  }
  const perSecond = (count: number) => Math.round((count * 1_000) / step.stepMs);
  return {
    requestsPerSecond: perSecond(step.requests),
    successRate: step.requests === 0 ? null : step.answered / step.requests,
    unroutedPerSecond: perSecond(step.unrouted),
    failedPerSecond: perSecond(step.failed),
    refusedPerSecond: perSecond(step.refused),
    limitedPerSecond: perSecond(step.limited ?? 0),
    shedPerSecond: perSecond(step.shed ?? 0),
    deniedPerSecond: perSecond(step.denied ?? 0),
    latencyP50Ms: step.latencyP50Us / 1_000,
    latencyP99Ms: step.latencyP99Us / 1_000,
  };
}
