import { NEVER_MS } from '../../core/fleet/frame.ts';
import type { ConsoleStatus } from '../../core/protocol/console-model.ts';
import {
  formatClock,
  formatCount,
  formatDuration,
  formatNodes,
  formatPercent,
  formatShort,
  formatTime,
} from '../format/format.ts';

/** `quiet` is what is as it should be: it takes no colour. */
export type FactTone = 'quiet' | 'warn' | 'bad' | 'control-plane';

export interface StatusFact {
  readonly id: 'control-plane' | 'serving' | 'acknowledged' | 'unverified' | 'alerts';
  readonly value: string;
  /** Said after the value, less loud. */
  readonly aside: string;
  readonly qualifier: string;
  readonly tone: FactTone;
}

/** The five facts that are always in sight. */
export function statusFacts(status: ConsoleStatus, nowMs: number): readonly StatusFact[] {
  return [
    controlPlaneFact(status, nowMs),
    servingFact(status, nowMs),
    acknowledgedFact(status),
    unverifiedFact(status),
    alertsFact(status),
  ];
}

function controlPlaneFact(status: ConsoleStatus, nowMs: number): StatusFact {
  const { state, sinceMs, reason } = status.controlPlane;
  const forMs = formatClock(nowMs - sinceMs);
  const base = { id: 'control-plane', aside: '' } as const;
  if (state === 'up') {
    const load = status.controlPlaneLoad;
    const published = load?.publishMsLast ?? null;
    const qualifier =
      load === null
        ? `since ${formatTime(sinceMs)}`
        : `${formatCount(load.connections)} links${published === null ? '' : `, publish ${formatDuration(published)}`}`;
    return { ...base, value: `Control plane up · ${forMs}`, qualifier, tone: 'quiet' };
  }
  if (state === 'starting') {
    return { ...base, value: 'Control plane starting', qualifier: forMs, tone: 'control-plane' };
  }
  const why = reason ?? 'not running';
  return {
    ...base,
    value: `Control plane down · ${forMs}`,
    qualifier: `${why} ${formatTime(sinceMs)}`,
    tone: 'bad',
  };
}

function servingFact(status: ConsoleStatus, nowMs: number): StatusFact {
  const { serving, inventory } = status.fleet;
  const { requestsPerSecond, successRate } = status.traffic;
  const { simulator } = status;
  const down = simulator.state !== 'up';
  const answered = successRate === null ? 'no requests' : `${formatPercent(successRate)} answered`;
  return {
    id: 'serving',
    value: `${formatCount(serving)} / ${formatCount(inventory)} serving`,
    aside: '',
    qualifier: down
      ? `simulator ${simulator.state} ${formatClock(nowMs - simulator.sinceMs)}`
      : `${formatShort(requestsPerSecond)} req/s, ${answered}`,
    tone: serving < inventory || down || (successRate ?? 1) < 1 ? 'bad' : 'quiet',
  };
}

function acknowledgedFact(status: ConsoleStatus): StatusFact {
  const { head, fleet, convergence } = status;
  const base = { id: 'acknowledged', aside: '' } as const;
  if (head === null) {
    return { ...base, value: 'Nothing published', qualifier: 'no revision yet', tone: 'warn' };
  }
  const value = `r${head.revision} on ${formatCount(fleet.acknowledged)} of ${formatCount(fleet.inventory)}`;
  if (fleet.ahead > 0) {
    return {
      ...base,
      value,
      qualifier: `${formatNodes(fleet.ahead)} ahead`,
      tone: 'control-plane',
    };
  }
  const tone = fleet.acknowledged < fleet.inventory ? 'warn' : 'quiet';
  // A belief that nobody renews says of when it is.
  if (status.controlPlane.state !== 'up' && fleet.believedAtMs !== null) {
    const behind = fleet.behind > 0 ? `, ${formatCount(fleet.behind)} behind` : '';
    return { ...base, value, qualifier: `as of ${formatTime(fleet.believedAtMs)}${behind}`, tone };
  }
  const t99 = convergence?.revision === head.revision ? convergence.t99Ms : null;
  const qualifier =
    fleet.rejected > 0
      ? `acknowledged, ${formatCount(fleet.rejected)} rejected`
      : fleet.bySyncStatus.STALE > 0
        ? `${formatCount(fleet.bySyncStatus.STALE)} unacknowledged`
        : fleet.behind > 0
          ? `acknowledged, ${formatCount(fleet.behind)} behind`
          : t99 === null
            ? 'acknowledged'
            : `acknowledged, T99 ${formatDuration(t99)}`;
  return { ...base, value, qualifier, tone };
}

function unverifiedFact(status: ConsoleStatus): StatusFact {
  const { unverifiedMsMax, lagRevisionsMax, overBudget, budget } = status.staleness;
  const never = unverifiedMsMax >= NEVER_MS;
  const worst =
    lagRevisionsMax > 0 ? `longest; ${formatCount(lagRevisionsMax)} behind` : 'longest of any node';
  return {
    id: 'unverified',
    value: never ? 'Never verified' : `Unverified ${formatClock(unverifiedMsMax)}`,
    aside: `of ${formatClock(budget.unverifiedMs)}`,
    qualifier: overBudget > 0 ? `${formatNodes(overBudget)} over budget` : worst,
    tone: overBudget > 0 ? 'bad' : 'quiet',
  };
}

function alertsFact(status: ConsoleStatus): StatusFact {
  const open = status.alerts.filter((alert) => alert.clearedAtMs === null);
  const first = open[0];
  return {
    id: 'alerts',
    value:
      first === undefined
        ? 'No alerts'
        : `${open.length} ${open.length === 1 ? 'alert' : 'alerts'}`,
    aside: '',
    qualifier: first === undefined ? 'within every bound' : first.title,
    tone: first === undefined ? 'quiet' : 'warn',
  };
}

export type MomentAction =
  | { readonly actionId: string; readonly label: string; readonly tone: 'primary' | 'danger' }
  | { readonly actionId: null; readonly label: string; readonly tone: 'quiet' };

/** The one thing to do that fits the moment. */
export function actionOfTheMoment(status: ConsoleStatus): MomentAction {
  const { state } = status.controlPlane;
  if (state === 'down') {
    return { actionId: 'control-plane.start', label: 'Start control plane', tone: 'primary' };
  }
  if (state === 'starting') return { actionId: null, label: 'Starting…', tone: 'quiet' };
  if (status.fleet.ahead > 0) {
    return {
      actionId: 'control-plane.adopt-fleet',
      label: 'Adopt fleet state…',
      tone: 'primary',
    };
  }
  if (status.draft !== null)
    return { actionId: 'draft.publish', label: 'Publish…', tone: 'primary' };
  return { actionId: 'control-plane.kill', label: 'Kill control plane', tone: 'danger' };
}
