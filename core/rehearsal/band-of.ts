import { assert } from '../lib/assert.ts';
import type { Band } from './forecast.ts';

/**
 * Least, middle and greatest of what the seeds came to; null stands for never, which is later than
 * everything. Of an even number the lower one of the two in the middle, so that a seed had it.
 *
 * @param values at least one
 */
export function bandOf(values: readonly (number | null)[]): Band {
  assert(values.length > 0, 'a band is that of at least one seed');
  const sorted = Float64Array.from(values, (value) => value ?? Number.POSITIVE_INFINITY).sort(
    ascending,
  );
  return {
    low: orNever(sorted[0]),
    median: orNever(sorted[middleOf(sorted.length)]),
    high: orNever(sorted[sorted.length - 1]),
  };
}

/** For sorting; without a difference, because never minus never is not a number. */
export function ascending(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Index of the median among `length` sorted values. */
export function middleOf(length: number): number {
  return Math.floor((length - 1) / 2);
}

function orNever(value: number | undefined): number | null {
  return value === undefined || value === Number.POSITIVE_INFINITY ? null : value;
}
