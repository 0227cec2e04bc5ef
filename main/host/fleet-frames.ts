import {
  createFleetFrame,
  type FleetFrame,
  NEVER_MS,
  packNodeFlags,
  unpackNodeFlags,
} from '../../core/fleet/frame.ts';
import { fillLag, type PublishedLine } from '../../core/fleet/staleness.ts';
import type { SimulatorFrame } from '../../core/protocol/simulator-control.ts';

const NODE_GONE = packNodeFlags({
  link: 'lost',
  health: 'down',
  source: 'default',
  ahead: false,
  rejected: false,
});

/** Puts what nodes really do and what the control plane believes side by side. */
export function mergeFrame(
  truth: SimulatorFrame,
  syncStatus: Uint8Array,
  line: PublishedLine,
): FleetFrame {
  const nodes = truth.flags.length;
  const frame: FleetFrame = {
    ...createFleetFrame(0, truth.rosterVersion, truth.atMs),
    nodes,
    servingRevision: truth.servingRevision,
    flags: truth.flags,
    syncStatus: syncStatus.length === nodes ? syncStatus : new Uint8Array(nodes),
    lagRevisions: new Uint16Array(nodes),
    lagMs: new Uint32Array(nodes),
    unverifiedMs: truth.unverifiedMs,
    requests: truth.requests,
    failures: truth.failures,
  };
  fillLag(frame, line);
  return frame;
}

/**
 * What can be said at `nowMs` when no new sample came: clocks run on, nothing was asked. Without a
 * simulator there are no nodes, so none of them serves.
 */
export function agedFrame(
  last: FleetFrame,
  input: {
    readonly nowMs: number;
    readonly simulatorUp: boolean;
    readonly syncStatus: Uint8Array;
    readonly line: PublishedLine;
  },
): FleetFrame {
  const frame = createFleetFrame(last.nodes, last.rosterVersion, input.nowMs);
  const elapsedMs = Math.max(0, Math.floor(input.nowMs - last.atMs));
  frame.servingRevision.set(last.servingRevision);
  if (input.syncStatus.length === last.nodes) frame.syncStatus.set(input.syncStatus);
  for (let row = 0; row < last.nodes; row += 1) {
    const flags = last.flags[row] ?? NODE_GONE;
    frame.flags[row] = input.simulatorUp ? flags : gone(flags);
    const unverifiedMs = last.unverifiedMs[row] ?? NEVER_MS;
    frame.unverifiedMs[row] =
      unverifiedMs === NEVER_MS ? NEVER_MS : Math.min(NEVER_MS - 1, unverifiedMs + elapsedMs);
  }
  fillLag(frame, input.line);
  return frame;
}

/** The frame of a changed roster before its first sample: known nodes keep their rows. */
export function reorderedFrame(
  last: FleetFrame,
  input: {
    readonly rowsBefore: ReadonlyMap<string, number>;
    readonly nodeIds: readonly string[];
    readonly rosterVersion: number;
    readonly nowMs: number;
  },
): FleetFrame {
  const frame = createFleetFrame(input.nodeIds.length, input.rosterVersion, last.atMs);
  if (last.nodes === 0) frame.atMs = input.nowMs;
  input.nodeIds.forEach((nodeId, row) => {
    const before = input.rowsBefore.get(nodeId);
    frame.flags[row] = before === undefined ? NODE_GONE : (last.flags[before] ?? NODE_GONE);
    frame.unverifiedMs[row] =
      before === undefined ? NEVER_MS : (last.unverifiedMs[before] ?? NEVER_MS);
    if (before === undefined) return;
    frame.servingRevision[row] = last.servingRevision[before] ?? 0;
    frame.syncStatus[row] = last.syncStatus[before] ?? 0;
  });
  return frame;
}

function gone(flags: number): number {
  return packNodeFlags({ ...unpackNodeFlags(flags), link: 'lost', health: 'down' });
}
