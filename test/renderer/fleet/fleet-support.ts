import { createFleetFrame, type FleetFrame, packNodeFlags } from '../../../core/fleet/frame.ts';
import type { RosterMessage } from '../../../core/protocol/console-model.ts';
import { nodeIdSchema } from '../../../core/protocol/primitives.ts';

/** A roster with so many nodes in each cell. */
export function rosterOf(nodesByCell: Readonly<Record<string, number>>): RosterMessage {
  const cells = Object.keys(nodesByCell);
  const cellOf = cells.flatMap((cell, c) => new Array<number>(nodesByCell[cell] ?? 0).fill(c));
  const seen = new Array<number>(cells.length).fill(0);
  const nodeIds = cellOf.map((c) => {
    seen[c] = (seen[c] ?? 0) + 1;
    return nodeIdSchema.parse(`${cells[c] ?? ''}/edge-${seen[c]}`);
  });
  return { rosterVersion: 1, cells, nodeIds, cellOf };
}

export interface NodeChange {
  readonly lag?: number;
  readonly link?: 'connected' | 'connecting' | 'lost';
  readonly health?: 'healthy' | 'degraded' | 'down';
  readonly rejected?: boolean;
  readonly ahead?: boolean;
  readonly revision?: number;
  readonly unverifiedMs?: number;
}

/** A frame in which all is well but for the changes, by node index. */
export function frameOf(
  nodes: number,
  atMs: number,
  changes: Readonly<Record<number, NodeChange>> = {},
): FleetFrame {
  const frame = createFleetFrame(nodes, 1, atMs);
  for (let i = 0; i < nodes; i += 1) {
    const change = changes[i] ?? {};
    frame.flags[i] = packNodeFlags({
      link: change.link ?? 'connected',
      health: change.health ?? 'healthy',
      source: 'control-plane',
      ahead: change.ahead ?? false,
      rejected: change.rejected ?? false,
    });
    frame.lagRevisions[i] = change.lag ?? 0;
    frame.servingRevision[i] = change.revision ?? 7;
    frame.unverifiedMs[i] = change.unverifiedMs ?? 1_000;
  }
  return frame;
}
