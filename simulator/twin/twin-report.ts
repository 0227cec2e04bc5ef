import { isAhead } from '../../core/node/inspect-node.ts';
import { MICROS_PER_MS } from '../../core/ports/clock.ts';
import type { ConvergenceRecord, RevisionRecord } from '../../core/ports/store.ts';
import type { ServingStatement } from '../../core/protocol/primitives.ts';
import type { PublishReport, TwinReport } from '../../core/protocol/twin-control.ts';
import { settingsOf } from './apply-settings.ts';
import { SERVICE_TIMES_SOURCE } from './service-times.ts';
import { notesOf } from './twin-notes.ts';
import type { TwinPublish, TwinWorld } from './twin-world.ts';

/** What a world came to so far. @param wallMs how long the run took, as its caller measured it */
export function reportOf(world: TwinWorld, wallMs: number): TwinReport {
  const { options, time, controlPlane, staleness, traffic, linkTotals, trace } = world;
  const now = time.now();
  for (const { machine } of world.nodes) {
    if (machine.verifiedAt !== null) staleness.unverifiedFor(now - machine.verifiedAt);
    if (machine.serving !== null) {
      staleness.servedUntil(machine.serving.statement.generation, now);
    }
  }
  const head = controlPlane.store.head();
  const virtualMs = now / MICROS_PER_MS;
  const { requests: asked, ...outcomes } = traffic;
  return {
    seed: options.seed,
    nodes: options.nodes,
    cells: options.cells,
    settings: settingsOf(options),
    virtualMs,
    isWhole: now >= options.durationUs,
    publishes: world.publishes.map((published) => publishReport(world, published)),
    publishesRefused: world.refusals.map(({ at, refusal }) => ({
      atMs: at / MICROS_PER_MS,
      reason: refusal.reason,
      detail: refusal.detail,
    })),
    staleness: {
      lagMsMax: staleness.lagUsMax / MICROS_PER_MS,
      lagRevisionsMax: staleness.lagRevisionsMax,
      unverifiedMsMax: staleness.unverifiedUsMax / MICROS_PER_MS,
    },
    requests: { asked, ...outcomes },
    pushes: controlPlane.sentCounts,
    bytes: { toNodes: linkTotals.bytesDown, toControlPlane: linkTotals.bytesUp },
    controlPlane: {
      isUp: controlPlane.isUp,
      starts: controlPlane.starts,
      headRevision: head?.revision ?? null,
      busyMs: controlPlane.busyUs / MICROS_PER_MS,
      waitingMost: controlPlane.waitingMost,
      hellos: controlPlane.hellos,
    },
    end: endStates(world),
    belief: beliefOf(world),
    notes: notesOf(world),
    serviceTimes: SERVICE_TIMES_SOURCE,
    traceHash: trace.digest(),
    wallMs,
    speed: wallMs > 0 ? virtualMs / wallMs : 0,
  };
}

function publishReport(world: TwinWorld, published: TwinPublish): PublishReport {
  const { revision, askedAt, at, undoneAt } = published;
  // Of one that was undone nothing is left; what its number stands for now is another publish.
  const record = undoneAt === null ? world.controlPlane.convergence(revision) : null;
  const ms = (us: number | null | undefined) =>
    us === null || us === undefined ? null : us / MICROS_PER_MS;
  return {
    revision,
    askedAtMs: askedAt / MICROS_PER_MS,
    atMs: at / MICROS_PER_MS,
    reached: record?.reached ?? null,
    nodes: record?.nodes ?? world.options.nodes,
    ...timesOf(record, ms),
    bytes: record?.bytes ?? 0,
    undoneAtMs: ms(undoneAt),
  };
}

function timesOf(
  record: ConvergenceRecord | null,
  ms: (us: number | null | undefined) => number | null,
): Pick<PublishReport, 't50Ms' | 't95Ms' | 't99Ms' | 't100Ms'> {
  return {
    t50Ms: ms(record?.t50Us),
    t95Ms: ms(record?.t95Us),
    t99Ms: ms(record?.t99Us),
    t100Ms: ms(record?.t100Us),
  };
}

function endStates(world: TwinWorld): TwinReport['end'] {
  const head = world.controlPlane.store.head();
  const counts = { onTarget: 0, behind: 0, ahead: 0, unconfigured: 0, down: 0, refusing: 0 };
  for (const { machine } of world.nodes) {
    const { phase, serving, lastPush } = machine;
    if (phase.kind === 'down') counts.down += 1;
    else if (serving === null) counts.unconfigured += 1;
    else if (
      serving.statement.generation === head?.generation &&
      serving.statement.hash === head.rootHash
    ) {
      counts.onTarget += 1;
    } else if (isAhead(machine) || isUnknown(serving.statement, head)) {
      counts.ahead += 1;
    } else {
      counts.behind += 1;
      if (lastPush?.outcome === 'rejected') counts.refusing += 1;
    }
  }
  return counts;
}

/** Of the head's number or a later one, and not damaged: what an older copy of the store does not have. */
function isUnknown(
  { generation, damaged }: ServingStatement,
  head: RevisionRecord | null,
): boolean {
  return damaged !== true && generation >= (head?.generation ?? 0);
}

function beliefOf(world: TwinWorld): TwinReport['belief'] {
  const belief = world.controlPlane.belief();
  if (belief === null) return null;
  const { connected, acknowledged, rejected, ahead } = belief.counts;
  return { connected, acknowledged, rejected, ahead };
}
