import { onDispose } from '../../core/lib/disposable.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Scheduler } from '../../core/ports/scheduler.ts';

/** Longest delay that the runtime's timers take. */
const DELAY_MS_MAX = 2_147_483_647;

/** The runtime's own timers behind the port. */
export function createTimerScheduler(clock: Clock): Scheduler {
  return {
    at(at, run) {
      const delayMs = Math.max(0, Math.ceil((at - clock.now()) / 1_000));
      const timer = setTimeout(run, Math.min(delayMs, DELAY_MS_MAX));
      return onDispose(() => clearTimeout(timer));
    },
  };
}
