import type { NodeId } from '../config/ids.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { ConfigStore } from '../ports/store.ts';
import type { NodeHello } from '../protocol/node-link.ts';
import type { NodeRecord } from './node-record.ts';
import type { NodeRegistry } from './node-registry.ts';

/** Why a node is told `incompatible`. */
export interface HelloRefusal {
  readonly reason: 'unknown-node' | 'retired-node' | 'wrong-cell';
  readonly detail: string;
}

/** Whether a node that says hello belongs to the fleet, in the cell that it names. */
export function admitHello(
  hello: NodeHello,
  registry: NodeRegistry,
  store: Pick<ConfigStore, 'wasRetired'>,
): Result<NodeRecord, HelloRefusal> {
  const node = registry.get(hello.nodeId);
  if (node === undefined) {
    if (store.wasRetired(hello.nodeId)) {
      return err({ reason: 'retired-node', detail: retiredDetail(hello.nodeId) });
    }
    const detail = `${hello.nodeId} is not in the inventory`;
    return err({ reason: 'unknown-node', detail });
  }
  if (node.cell !== hello.cell) {
    const detail = `${hello.nodeId} belongs to cell ${node.cell}, not ${hello.cell}`;
    return err({ reason: 'wrong-cell', detail });
  }
  return ok(node);
}

export function retiredDetail(nodeId: NodeId): string {
  return `${nodeId} was retired from the fleet`;
}
