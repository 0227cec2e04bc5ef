import type { Generation, NodeId, Revision } from '../../../core/config/ids.ts';
import { SYNC_STATUSES } from '../../../core/fleet/frame.ts';
import type { TwinNode } from '../twin-node.ts';
import type { TwinWorld } from '../twin-world.ts';

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
  return reachable.every((node) => isDone(node, target)) && isHeardOf(world, reachable, target);
}

/** Whether no answer to the target is under way any more: on a slow link it is for a long time. */
function isHeardOf(
  { controlPlane }: TwinWorld,
  nodes: readonly TwinNode[],
  target: SettledTarget | null,
): boolean {
  if (target === null) return true;
  const syncStatus = controlPlane.belief()?.syncStatus;
  const unheard = new Set<NodeId>();
  controlPlane.store.inventory().forEach(({ nodeId }, row) => {
    const status = SYNC_STATUSES[syncStatus?.[row] ?? 0];
    if (status !== 'SYNCED' && status !== 'ERROR') unheard.add(nodeId);
  });
  return !nodes.some(({ machine }) => unheard.has(machine.nodeId));
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

/** The node's last word on the target was no, and it serves something else. */
export function refuses({ machine }: TwinNode, { revision, generation }: SettledTarget): boolean {
  const { lastPush, serving } = machine;
  return (
    lastPush?.outcome === 'rejected' &&
    lastPush.revision === revision &&
    serving?.statement.generation !== generation
  );
}

function isDone(node: TwinNode, target: SettledTarget | null): boolean {
  const { phase, serving } = node.machine;
  if (phase.kind !== 'running' || phase.link.kind !== 'open') return false;
  if (phase.write.kind !== 'idle') return false;
  if (target === null) return true;
  if (serving?.statement.generation === target.generation) return true;
  // What could not be written is asked for again by itself.
  return refuses(node, target) && node.machine.lastPush?.reason !== 'storage-failed';
}
