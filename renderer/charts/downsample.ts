/** Points drawn at most in one chart: more costs a frame without showing more. */
export const CHART_POINTS_MAX = 300;

/**
 * At most `pointsMax` of the items: the first, the last, and of each stretch between them the one
 * that `measure` puts furthest from the stretch's first, so that a short dip is never lost.
 */
export function downsample<T>(
  items: readonly T[],
  pointsMax: number,
  measure: (item: T) => number,
): readonly T[] {
  const first = items[0];
  const last = items.at(-1);
  if (items.length <= pointsMax || first === undefined || last === undefined) return items;
  const stretches = Math.max(1, pointsMax - 2);
  const inner = items.length - 2;
  const out: T[] = [first];
  for (let s = 0; s < stretches; s += 1) {
    const from = 1 + Math.floor((s * inner) / stretches);
    const to = 1 + Math.floor(((s + 1) * inner) / stretches);
    let chosen: T | undefined;
    let furthest = -1;
    const anchor = measure(out.at(-1) ?? first);
    for (let i = from; i < to; i += 1) {
      const item = items[i];
      if (item === undefined) continue;
      const distance = Math.abs(measure(item) - anchor);
      if (distance > furthest) {
        furthest = distance;
        chosen = item;
      }
    }
    if (chosen !== undefined) out.push(chosen);
  }
  out.push(last);
  return out;
}
