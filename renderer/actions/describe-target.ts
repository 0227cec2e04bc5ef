import type { ActiveFault, LinkFault } from '../../core/fault/fault.ts';
import type { RosterMessage } from '../../core/protocol/console-model.ts';
import type { NodeTarget } from '../../core/protocol/primitives.ts';
import { formatNodes, formatSpan } from '../format/format.ts';

/** How many nodes a target names. */
export function countTarget(target: NodeTarget, roster: RosterMessage | null): number {
  if (target.scope === 'node') return 1;
  if (roster === null) return 0;
  if (target.scope === 'fleet') return roster.nodeIds.length;
  const cell = roster.cells.indexOf(target.cell);
  return roster.cellOf.reduce((count, each) => (each === cell ? count + 1 : count), 0);
}

/** Faults that touch a cell or any node of it. */
export function faultsOfCell(faults: readonly ActiveFault[], cell: string): readonly ActiveFault[] {
  return faults.filter(({ fault: { target } }) => {
    if (target.scope === 'fleet') return true;
    if (target.scope === 'cell') return target.cell === cell;
    return target.nodeId.startsWith(`${cell}/`);
  });
}

/** What restarting touches, in words. */
export function describeRestart(nodes: number, disk: 'keep' | 'wipe'): string {
  const who = formatNodes(nodes);
  return disk === 'keep'
    ? `${who} will stop, drop requests for a moment and come back serving from their disks.`
    : `${who} will stop and come back with an empty disk: they serve nothing of their own until the control plane gives them the config again.`;
}

/** Beyond this delay each way a question and its answer take longer than nodes wait. */
const LINK_TIMEOUT_MS = 1_600;

/** What a link fault touches, in words. */
export function describeLinkFault(
  kind: LinkFault['kind'],
  nodes: number,
  latencyMs: number,
  jitterMs = 0,
): string {
  const who = formatNodes(nodes);
  const most = latencyMs + jitterMs;
  const delay = `${formatSpan(latencyMs)}${jitterMs > 0 ? ` to ${formatSpan(most)}` : ''}`;
  return kind === 'link-latency'
    ? `Delays every frame between the control plane and ${who} by ${delay} each way. ${most > LINK_TIMEOUT_MS ? 'At that, links will time out and be tried again and again. ' : ''}Requests of users are not touched.`
    : `Nothing passes between the control plane and ${who}. They keep serving what they have. Requests of users are not touched.`;
}
