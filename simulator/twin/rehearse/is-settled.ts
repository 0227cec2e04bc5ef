import type { Generation, NodeId, Revision } from '../../../core/config/ids.ts';
import type { SyncStatus } from '../../../core/fleet/frame.ts';
import type { TwinNode } from '../twin-node.ts';
import type { TwinWorld } from '../twin-world.ts';
import { believedOf, refuses } from './refusals.ts';

/** What nodes are to serve. */
export interface SettledTarget {
  readonly generation: Generation;
  readonly revision: Revision;
}

/**
 * Whether nothing more is going to change: every node is connected and serves the target or has refused
 * it, and the control plane knows, or cannot be reached.
 *
 * @param isOutOfReach of a node whose link is cut by the fault with this index: for as long as matters
 */
export function isSettled(
  world: TwinWorld,
  target: SettledTarget | null,
  isOutOfReach: (fault: number) => boolean,
): boolean {
  if (!world.controlPlane.isUp) return false;
  const reachable = world.nodes.filter(
    (node) => !isAway(world, node) && !isCutOff(node, isOutOfReach),
  );
  if (!reachable.every(isIdle)) return false;
  if (target === null) return true;
  const believed = believedOf(world, target);
  return reachable.every((node) => isDone(node, target, believed));
}

/** Down from the start. */
export function isAway({ options }: TwinWorld, { machine }: TwinNode): boolean {
  return options.start?.down.has(machine.nodeId) === true;
}

export function isCutOff(node: TwinNode, isOutOfReach: (fault: number) => boolean): boolean {
  const { upCutBy, downCutBy } = node.conditions;
  const by = downCutBy ?? upCutBy;
  return by !== null && isOutOfReach(by);
}

/** Connected, with nothing to write. */
function isIdle({ machine: { phase } }: TwinNode): boolean {
  return phase.kind === 'running' && phase.link.kind === 'open' && phase.write.kind === 'idle';
}

/** Until the control plane knows, an answer is under way: on a slow link it is for a long time. */
function isDone(
  node: TwinNode,
  target: SettledTarget,
  believed: ReadonlyMap<NodeId, SyncStatus>,
): boolean {
  const { nodeId, serving, lastPush } = node.machine;
  const status = believed.get(nodeId);
  if (status !== 'SYNCED' && status !== 'ERROR') return false;
  if (serving?.statement.generation === target.generation) return true;
  // What could not be written is asked for again by itself.
  return refuses(node, target, believed) && lastPush?.reason !== 'storage-failed';
}
