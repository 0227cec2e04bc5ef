import { performance } from 'node:perf_hooks';
import { type Clock, micros } from '../../core/ports/clock.ts';

/** Wall time in whole microseconds, from a source that never goes back while the process lives. */
export function createWallClock(): Clock {
  const originUs = Math.round(performance.timeOrigin * 1_000);
  return { now: () => micros(originUs + Math.floor(performance.now() * 1_000)) };
}
