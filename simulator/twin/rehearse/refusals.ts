import type { NodeId } from '../../../core/config/ids.ts';
import { SYNC_STATUSES, type SyncStatus } from '../../../core/fleet/frame.ts';
import type { PushOutcome } from '../../../core/node/node-state.ts';
import type { TwinNode } from '../twin-node.ts';
import type { TwinWorld } from '../twin-world.ts';
import type { SettledTarget } from './is-settled.ts';

/** What was refused, and why. */
export type Refusal = Pick<PushOutcome, 'detail' | 'resources'>;

/** What the control plane believes of each node; of nobody while it is down, or has another head than the target. */
export function believedOf(
  { controlPlane }: TwinWorld,
  { generation }: SettledTarget,
): ReadonlyMap<NodeId, SyncStatus> {
  const belief = controlPlane.belief();
  const believed = new Map<NodeId, SyncStatus>();
  if (belief?.head?.generation !== generation) return believed;
  const { syncStatus } = belief;
  controlPlane.store.inventory().forEach(({ nodeId }, row) => {
    const status = SYNC_STATUSES[syncStatus[row] ?? 0];
    if (status !== undefined) believed.set(nodeId, status);
  });
  return believed;
}

/** The node's last word on the target was no, and it serves something else. */
export function hasRefused(
  { machine }: TwinNode,
  { revision, generation }: SettledTarget,
): boolean {
  const { lastPush, serving } = machine;
  return (
    lastPush?.outcome === 'rejected' &&
    lastPush.revision === revision &&
    serving?.statement.generation !== generation
  );
}

/** By the node's own word, or by the control plane's: a node that is started anew forgets its own, and is not asked again. */
export function refuses(
  node: TwinNode,
  target: SettledTarget,
  believed: ReadonlyMap<NodeId, SyncStatus>,
): boolean {
  return hasRefused(node, target) || believed.get(node.machine.nodeId) === 'ERROR';
}

/** Of a node that refuses the target. */
export function refusalOf({ controlPlane }: TwinWorld, { machine }: TwinNode): Refusal {
  const { lastPush, nodeId } = machine;
  if (lastPush?.outcome === 'rejected') return lastPush;
  const answer = controlPlane.request({ method: 'get-node-sync', nodeId }, 0);
  const nack = answer.ok && 'lastNack' in answer.value ? answer.value.lastNack : null;
  return nack ?? { detail: '', resources: [] };
}
