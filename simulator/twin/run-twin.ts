import { micros } from '../../core/ports/clock.ts';
import type { TwinReport } from '../../core/protocol/twin-control.ts';
import type { TwinOptions } from './twin-options.ts';
import { reportOf } from './twin-report.ts';
import { TwinWorld } from './twin-world.ts';

/** Steps between two looks at the clock. One can be a whole publish, so they are few. */
const STEPS_PER_LOOK = 8;
/** Work without giving way, milliseconds, if no one step takes longer. */
export const WORK_MS_MAX = 20;

/** Runs a world to its end. The same options give the same report, but for how long it took. */
export function runTwin(options: TwinOptions): TwinReport {
  const startedMs = performance.now();
  const world = new TwinWorld(options);
  world.runUntil(micros(options.durationUs));
  return reportOf(world, performance.now() - startedMs);
}

/**
 * The same, giving way to whatever else the process has to do, which `onWay` tells each time. Ends early
 * once `signal` is aborted, and reports what was done by then. A world whose first config is refused is
 * not run at all.
 */
export async function runTwinGently(
  options: TwinOptions,
  signal: AbortSignal,
  onWay: () => void = () => undefined,
): Promise<{ readonly world: TwinWorld; readonly report: TwinReport }> {
  const startedMs = performance.now();
  const world = new TwinWorld(options);
  const end = micros(options.durationUs);
  let isDone = world.publishes.length === 0;
  while (!isDone && !signal.aborted) {
    const lookedMs = performance.now();
    do isDone = world.runUntil(end, STEPS_PER_LOOK);
    while (!isDone && performance.now() - lookedMs < WORK_MS_MAX);
    onWay();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { world, report: reportOf(world, performance.now() - startedMs) };
}
