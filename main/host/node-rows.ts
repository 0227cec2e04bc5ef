import type { NodeId } from '../../core/config/ids.ts';
import { NEVER_MS, SYNC_STATUSES, unpackNodeFlags } from '../../core/fleet/frame.ts';
import type { NodeRow } from '../../core/protocol/console-model.ts';
import type { FleetModel } from './fleet-model.ts';

/** The fleet as rows, in roster order. */
export function nodeRows(model: FleetModel): NodeRow[] {
  return model.roster.nodeIds.map((nodeId, row) => rowAt(model, nodeId, row));
}

/** One node, or null when it is not in the inventory. */
export function nodeRow(model: FleetModel, nodeId: NodeId): NodeRow | null {
  const row = model.rowOf(nodeId);
  return row === null ? null : rowAt(model, nodeId, row);
}

function rowAt(model: FleetModel, nodeId: NodeId, row: number): NodeRow {
  const { frame, roster, lastStep } = model;
  const flags = unpackNodeFlags(frame.flags[row] ?? 0);
  const unverifiedMs = frame.unverifiedMs[row] ?? NEVER_MS;
  const stepMs = lastStep?.stepMs ?? 1_000;
  const perSecond = (count: number | undefined) => Math.round(((count ?? 0) * 1_000) / stepMs);
  return {
    nodeId,
    cell: roster.cells[roster.cellOf[row] ?? -1] ?? '',
    servingRevision: frame.servingRevision[row] ?? 0,
    source: flags.source,
    link: flags.link,
    health: flags.health,
    syncStatus: SYNC_STATUSES[frame.syncStatus[row] ?? 0] ?? 'UNKNOWN',
    lagRevisions: frame.lagRevisions[row] ?? 0,
    lagMs: frame.lagMs[row] ?? 0,
    unverifiedMs: unverifiedMs === NEVER_MS ? null : unverifiedMs,
    requestsPerSecond: perSecond(frame.requests[row]),
    failuresPerSecond: perSecond(frame.failures[row]),
  };
}
