import type { FleetFrame } from '../../core/fleet/frame.ts';
import type { RosterMessage } from '../../core/protocol/console-model.ts';
import {
  isInState,
  type NodeState,
  STYLE_BUCKETS,
  styleBucketOf,
  styleOfBucket,
} from './node-style.ts';

/** What is looked for: words in the node's name, and any of these states (none: all). */
export interface NodeFilter {
  readonly text: string;
  readonly states: readonly NodeState[];
}

export const NO_FILTER: NodeFilter = { text: '', states: [] };

/** Whether the filter lets everything through. */
export function isNoFilter(filter: NodeFilter): boolean {
  return filter.text.trim() === '' && filter.states.length === 0;
}

/** 1 for each node that passes, in roster order; null when all do. */
export function filterNodes(
  roster: RosterMessage,
  frame: FleetFrame | null,
  filter: NodeFilter,
): Uint8Array | null {
  if (isNoFilter(filter)) return null;
  const words = filter.text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const states = bucketsOf(filter.states);
  const passes = new Uint8Array(roster.nodeIds.length);
  const known = frame !== null && frame.rosterVersion === roster.rosterVersion ? frame : null;
  roster.nodeIds.forEach((nodeId, i) => {
    if (states !== null && (known === null || states[styleBucketOf(known, i)] !== 1)) return;
    if (words.every((word) => matches(word, nodeId, known, i))) passes[i] = 1;
  });
  return passes;
}

/** A word is part of the name, or a revision such as `r12`. */
function matches(word: string, nodeId: string, frame: FleetFrame | null, i: number): boolean {
  if (nodeId.includes(word)) return true;
  return (
    /^r\d+$/.test(word) && frame !== null && frame.servingRevision[i] === Number(word.slice(1))
  );
}

function bucketsOf(states: readonly NodeState[]): Uint8Array | null {
  if (states.length === 0) return null;
  return Uint8Array.from({ length: STYLE_BUCKETS }, (_, bucket) => {
    const style = styleOfBucket(bucket);
    return states.some((state) => isInState(style, state)) ? 1 : 0;
  });
}
