import { type Disposable, onDispose } from '../../core/lib/disposable.ts';
import { type Clock, type Micros, micros } from '../../core/ports/clock.ts';
import type { Scheduler } from '../../core/ports/scheduler.ts';

/** Time that moves only when told to; things due at one instant run in the order they were set. */
export class VirtualTime implements Clock, Scheduler {
  #now: Micros = micros(0);
  #sequence = 0;
  readonly #due: { at: Micros; sequence: number; run: () => void }[] = [];

  now(): Micros {
    return this.#now;
  }

  at(at: Micros, run: () => void): Disposable {
    this.#sequence += 1;
    const entry = { at, sequence: this.#sequence, run };
    this.#due.push(entry);
    return onDispose(() => {
      const index = this.#due.indexOf(entry);
      if (index >= 0) this.#due.splice(index, 1);
    });
  }

  /** Runs everything that is set, and what that sets, until nothing is left. */
  runAll(): void {
    for (;;) {
      this.#due.sort((a, b) => a.at - b.at || a.sequence - b.sequence);
      const next = this.#due.shift();
      if (next === undefined) return;
      if (next.at > this.#now) this.#now = next.at;
      next.run();
    }
  }
}
