import { planInventory } from '../fleet/roster.ts';
import type { FleetShape } from './fleet-shape.ts';

/** What a fleet that is only planned is taken to be like: the fixed workload of the design. */
const PLANNED = {
  requestsPerSecond: 20,
  heartbeatMs: 10_000,
  /** A data centre's own network and its neighbours. */
  link: { latencyUs: 1_000, jitterUs: 500 },
} as const;

/**
 * A fleet of this size on a machine for each node, all of it up and serving `baseText`; with null it
 * serves nothing yet.
 */
export function plannedShape(nodes: number, cells: number, baseText: string | null): FleetShape {
  const { add } = planInventory({ nodes, cells, current: [] });
  const serving = baseText === null ? null : 0;
  return {
    nodes: add.map(({ nodeId, cell }) => ({ nodeId, cell, serving, isUp: true })),
    cells,
    texts: baseText === null ? [] : [baseText],
    revisions: baseText === null ? [] : [1],
    faultsText: '[]',
    shapes: [],
    ...PLANNED,
    nodesShareProcess: false,
  };
}
