import type { RosterNode } from '../../core/fleet/roster.ts';

/** Nodes named; the rest is counted. */
const NODES_NAMED_MAX = 5;

/** How a restored inventory differs from the one before, in sentences to add; or nothing. */
export function inventoryWords(
  before: readonly RosterNode[],
  after: readonly RosterNode[],
): { readonly removed: number; readonly words: string } {
  const removed = withoutNodes(before, after);
  const added = withoutNodes(after, before);
  const sentences: string[] = [];
  if (removed.length > 0) {
    sentences.push(
      `${nodeCount(removed.length)} not in the backup’s inventory, removed from the fleet with their disks: ${listed(removed)}.`,
    );
  }
  if (added.length > 0) {
    sentences.push(
      `${nodeCount(added.length)} that had been retired, back again: ${listed(added)}.`,
    );
  }
  return { removed: removed.length, words: sentences.map((one) => ` ${one}`).join('') };
}

export function nodeCount(count: number): string {
  return count === 1 ? '1 node' : `${count} nodes`;
}

function withoutNodes(nodes: readonly RosterNode[], others: readonly RosterNode[]): RosterNode[] {
  const known = new Set(others.map(({ nodeId }) => nodeId));
  return nodes.filter(({ nodeId }) => !known.has(nodeId));
}

function listed(nodes: readonly RosterNode[]): string {
  const names = nodes.slice(0, NODES_NAMED_MAX).map(({ nodeId }) => nodeId);
  const more = nodes.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
