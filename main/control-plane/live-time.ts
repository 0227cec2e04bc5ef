import { type Disposable, onDispose } from '../../core/lib/disposable.ts';
import { type Clock, MICROS_PER_MS, type Micros, micros } from '../../core/ports/clock.ts';
import type { Scheduler } from '../../core/ports/scheduler.ts';

/** Longest delay that a timer of the platform takes. */
const TIMER_MS_MAX = 2_000_000_000;

/** The wall clock at the start, carried on by the monotonic one: it never goes back. */
export function createLiveClock(): Clock {
  const startUs = Date.now() * MICROS_PER_MS;
  const startNs = process.hrtime.bigint();
  return {
    now: () => micros(startUs + Number((process.hrtime.bigint() - startNs) / 1_000n)),
  };
}

/** Timers of the platform. They keep no process alive by themselves. */
export function createLiveScheduler(clock: Clock): Scheduler {
  return {
    at(at: Micros, run: () => void): Disposable {
      let timer: NodeJS.Timeout;
      const arm = () => {
        const delayMs = Math.ceil((at - clock.now()) / MICROS_PER_MS);
        if (delayMs > TIMER_MS_MAX) timer = setTimeout(arm, TIMER_MS_MAX);
        else timer = setTimeout(run, Math.max(0, delayMs));
        timer.unref();
      };
      arm();
      return onDispose(() => clearTimeout(timer));
    },
  };
}
