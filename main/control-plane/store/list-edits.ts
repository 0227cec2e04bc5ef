/** One step of turning a list into another; steps are applied in order, each to the result so far. */
export type ListEdit<T> =
  | { readonly op: 'insert'; readonly position: number; readonly item: T }
  | { readonly op: 'replace'; readonly position: number; readonly item: T }
  | { readonly op: 'remove'; readonly position: number };

/**
 * Inserts, replacements and removals that leave as many common items as possible where they are.
 * Items are compared by identity; of repeated ones, the n-th is matched with the n-th. O(n log n).
 */
export function listEdits<T>(from: readonly T[], to: readonly T[]): ListEdit<T>[] {
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start += 1;
  let fromEnd = from.length;
  let toEnd = to.length;
  while (fromEnd > start && toEnd > start && from[fromEnd - 1] === to[toEnd - 1]) {
    fromEnd -= 1;
    toEnd -= 1;
  }
  const { fromKept, toKept } = keptInPlace(from.slice(start, fromEnd), to.slice(start, toEnd));
  const edits: ListEdit<T>[] = [];
  let i = start;
  let j = start;
  while (i < fromEnd || j < toEnd) {
    const drops = i < fromEnd && !fromKept.has(i - start);
    const adds = j < toEnd && !toKept.has(j - start);
    if (!drops && !adds) {
      i += 1;
      j += 1;
      continue;
    }
    const item = to[j];
    if (drops && adds) edits.push({ op: 'replace', position: j, item: item as T });
    else if (drops) edits.push({ op: 'remove', position: j });
    else edits.push({ op: 'insert', position: j, item: item as T });
    if (drops) i += 1;
    if (adds) j += 1;
  }
  return edits;
}

/** Applies edits to a list in place. */
export function applyListEdit<T>(list: T[], edit: ListEdit<T>): void {
  switch (edit.op) {
    case 'insert':
      list.splice(edit.position, 0, edit.item);
      return;
    case 'replace':
      list[edit.position] = edit.item;
      return;
    case 'remove':
      list.splice(edit.position, 1);
      return;
  }
}

/** Positions, in each list, of the items that stay: a longest run of pairs that do not cross. */
function keptInPlace<T>(
  from: readonly T[],
  to: readonly T[],
): { fromKept: Set<number>; toKept: Set<number> } {
  const placesInTo = new Map<T, number[]>();
  for (let j = to.length - 1; j >= 0; j -= 1) {
    const item = to[j] as T;
    const places = placesInTo.get(item);
    if (places === undefined) placesInTo.set(item, [j]);
    else places.push(j);
  }
  const pairs: { fromAt: number; toAt: number }[] = [];
  for (let i = 0; i < from.length; i += 1) {
    const toAt = placesInTo.get(from[i] as T)?.pop();
    if (toAt !== undefined) pairs.push({ fromAt: i, toAt });
  }
  const fromKept = new Set<number>();
  const toKept = new Set<number>();
  for (const at of longestIncreasing(pairs.map(({ toAt }) => toAt))) {
    const pair = pairs[at];
    if (pair === undefined) continue;
    fromKept.add(pair.fromAt);
    toKept.add(pair.toAt);
  }
  return { fromKept, toKept };
}

/** Positions of a longest strictly increasing subsequence, by patience sorting. */
function longestIncreasing(values: readonly number[]): number[] {
  const tails: number[] = []; // position of the smallest last value of each length
  const before = new Array<number>(values.length).fill(-1);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((values[tails[middle] ?? 0] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    if (low > 0) before[i] = tails[low - 1] ?? -1;
    tails[low] = i;
  }
  const out: number[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) out.push(at);
  return out.reverse();
}
