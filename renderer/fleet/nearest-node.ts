export type Direction = 'left' | 'right' | 'up' | 'down';

const STEPS: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};
/** Straying sideways counts this much more than going on. */
const SIDEWAYS_WEIGHT = 2.5;
/** A node counts as being that way only when it is at least this far along. */
const ALONG_MIN_PX = 1;

/** The node nearest in a direction, or null when none lies that way. */
export function nearestInDirection(
  xs: Float32Array,
  ys: Float32Array,
  from: number,
  direction: Direction,
): number | null {
  const [stepX, stepY] = STEPS[direction];
  const x = xs[from] ?? 0;
  const y = ys[from] ?? 0;
  let best: number | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let node = 0; node < xs.length; node += 1) {
    const dx = (xs[node] ?? 0) - x;
    const dy = (ys[node] ?? 0) - y;
    const along = dx * stepX + dy * stepY;
    if (along < ALONG_MIN_PX) continue;
    const cost = along + SIDEWAYS_WEIGHT * Math.abs(dx * stepY + dy * stepX);
    if (cost < bestCost) {
      bestCost = cost;
      best = node;
    }
  }
  return best;
}
