import type { FleetFrame } from '../../core/fleet/frame.ts';
import { SEVERITY_OF_BUCKET, styleBucketOf } from './node-style.ts';

export type SortKey =
  | 'name'
  | 'severity'
  | 'serving'
  | 'source'
  | 'link'
  | 'sync'
  | 'lag'
  | 'unverified'
  | 'requests'
  | 'failures';

/** Indices of the nodes that pass, sorted; equal ones stay in roster order. */
export function sortNodes(
  nodes: number,
  frame: FleetFrame | null,
  passes: Uint8Array | null,
  sort: { readonly key: SortKey; readonly descending: boolean },
): Uint32Array {
  const kept: number[] = [];
  for (let i = 0; i < nodes; i += 1) {
    if (passes === null || passes[i] === 1) kept.push(i);
  }
  const order = Uint32Array.from(kept);
  if (sort.key === 'name' || frame === null) return sort.descending ? order.reverse() : order;
  const value = new Float64Array(nodes);
  for (let i = 0; i < nodes; i += 1) value[i] = sortValue(sort.key, frame, i);
  const sign = sort.descending ? -1 : 1;
  return order.sort((a, b) => sign * ((value[a] ?? 0) - (value[b] ?? 0)) || a - b);
}

function sortValue(key: Exclude<SortKey, 'name'>, frame: FleetFrame, i: number): number {
  const flags = frame.flags[i] ?? 0;
  switch (key) {
    case 'severity':
      return SEVERITY_OF_BUCKET[styleBucketOf(frame, i)] ?? 0;
    case 'serving':
      return frame.servingRevision[i] ?? 0;
    case 'source':
      return (flags >> 4) & 3;
    case 'link':
      return flags & 3;
    case 'sync':
      return frame.syncStatus[i] ?? 0;
    case 'lag':
      return frame.lagRevisions[i] ?? 0;
    case 'unverified':
      return frame.unverifiedMs[i] ?? 0;
    case 'requests':
      return frame.requests[i] ?? 0;
    case 'failures':
      return frame.failures[i] ?? 0;
  }
}
