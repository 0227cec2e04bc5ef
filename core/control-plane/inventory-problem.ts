import type { NodeId } from '../config/ids.ts';
import { CELLS_MAX, INVENTORY_NODES_MAX } from '../protocol/limits.ts';
import type { NodeRegistry } from './node-registry.ts';
import { type Refused, refuse } from './refuse.ts';

/** Why nodes cannot be added and retired like this; null when they can. */
export function inventoryProblem(
  registry: NodeRegistry,
  add: readonly { readonly nodeId: NodeId; readonly cell: string }[],
  retire: readonly NodeId[],
): Refused | null {
  const unknown = retire.find((nodeId) => registry.get(nodeId) === undefined);
  if (unknown !== undefined) return refuse('unknown-node', `${unknown} is not in the inventory`);
  const retired = new Set(retire);
  const added = new Set<NodeId>();
  for (const { nodeId } of add) {
    if (registry.get(nodeId) !== undefined || added.has(nodeId) || retired.has(nodeId)) {
      return refuse('bad-request', `${nodeId} is in the inventory already, or named twice`);
    }
    added.add(nodeId);
  }
  const size = registry.size + added.size - retired.size;
  if (size > INVENTORY_NODES_MAX) {
    const detail = `a fleet has at most ${INVENTORY_NODES_MAX} nodes; this would make it ${size}`;
    return refuse('inventory-limit', detail);
  }
  const cells = new Set(add.map(({ cell }) => cell));
  for (const { cell } of registry.inventory) cells.add(cell);
  if (cells.size <= CELLS_MAX) return null;
  const detail = `a fleet has at most ${CELLS_MAX} cells; this would make it ${cells.size}`;
  return refuse('inventory-limit', detail);
}
