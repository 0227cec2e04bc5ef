import { assert } from '../../core/lib/assert.ts';
import type { RandomStream } from '../../core/ports/random.ts';
import type { ServiceTimes } from './service-times.ts';

/**
 * How much longer one publish takes than the twin's times say, percent: drawn from what was seen live.
 *
 * @param percentiles equally far apart, the least and the greatest among them, ascending
 */
export function drawSlownessPercent(percentiles: readonly number[], random: RandomStream): number {
  const steps = percentiles.length - 1;
  if (steps < 1) return percentiles[0] ?? 100;
  const draw = random.below(steps * DRAWS_PER_STEP);
  const step = Math.floor(draw / DRAWS_PER_STEP);
  const [low, high] = [percentiles[step], percentiles[step + 1]];
  assert(low !== undefined && high !== undefined, 'a draw lies between two percentiles');
  return low + Math.round(((high - low) * (draw % DRAWS_PER_STEP)) / DRAWS_PER_STEP);
}

const DRAWS_PER_STEP = 1_000;

/** The same times on a machine on which all of it takes `percent` as long. */
export function slowedTimes(times: ServiceTimes, percent: number): ServiceTimes {
  const { shared, ...own } = times;
  return {
    ...scaled(own, percent),
    shared: shared === null ? null : scaled(shared, percent),
  };
}

function scaled<T extends { readonly [K in keyof T]: number }>(times: T, percent: number): T {
  const entries = Object.entries<number>(times);
  const slowed = entries.map(([name, us]) => [name, Math.round((us * percent) / 100)]);
  return { ...times, ...Object.fromEntries(slowed) };
}
