import type { Lineage } from '../config/ids.ts';
import { SYNC_STATUSES } from '../fleet/frame.ts';
import { type Micros, toMs } from '../ports/clock.ts';
import type { Belief } from '../protocol/control-plane-control.ts';
import { hasAcknowledged, syncStatusOf, type Target } from './node-record.ts';
import type { NodeRegistry } from './node-registry.ts';

/** Sync status and counts over the whole inventory: silent and never-seen nodes included. */
export function fleetBelief(
  registry: NodeRegistry,
  target: Target | null,
  lineage: Lineage,
  now: Micros,
): Omit<Belief, 'load' | 'convergence' | 'late' | 'unforced'> {
  const syncStatus = new Uint8Array(registry.size);
  const counts = { inventory: registry.size, connected: 0, acknowledged: 0, rejected: 0, ahead: 0 };
  let row = 0;
  for (const node of registry.all()) {
    const status = syncStatusOf(node, target);
    syncStatus[row] = SYNC_STATUSES.indexOf(status);
    row += 1;
    if (node.connectionId !== null) counts.connected += 1;
    if (target !== null && hasAcknowledged(node, target)) counts.acknowledged += 1;
    if (status === 'ERROR') counts.rejected += 1;
    if (registry.isAhead(node)) counts.ahead += 1;
  }
  return {
    atMs: toMs(now),
    inventoryVersion: registry.version,
    syncStatus,
    head:
      target === null
        ? null
        : {
            revision: target.revision,
            generation: target.generation,
            rootHash: target.hash,
            lineage,
          },
    counts,
  };
}
