import { addMicros, type Clock, type Micros } from '../../core/ports/clock.ts';
import type { Scheduler } from '../../core/ports/scheduler.ts';

const COMPACT_FROM = 1_024;

/**
 * One core that does one thing after the other. Work that comes while it is busy waits its turn; what
 * waits is bounded by what links and timers can bring before they are answered.
 */
export class VirtualCpu {
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  #freeAt: Micros;
  #waiting: (() => void)[] = [];
  #next = 0;
  #isDraining = false;
  #busyUs = 0;
  #waitingMost = 0;
  /** Work of a process that was killed meanwhile is not done. */
  #life = 0;

  constructor(clock: Clock, scheduler: Scheduler) {
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#freeAt = clock.now();
  }

  /** Microseconds spent on work in all. */
  get busyUs(): number {
    return this.#busyUs;
  }

  /** The most that ever waited. */
  get waitingMost(): number {
    return this.#waitingMost;
  }

  /** Nothing is being done, and nothing waits. */
  get isFree(): boolean {
    return !this.#isDraining && this.#freeAt <= this.#clock.now();
  }

  /** Runs `job` at once when it can; otherwise keeps it until its turn comes. */
  take(job: () => void): void {
    if (this.isFree) {
      job();
      return;
    }
    this.#waiting.push(job);
    const waiting = this.#waiting.length - this.#next;
    if (waiting > this.#waitingMost) this.#waitingMost = waiting;
    this.#drainLater();
  }

  /** Takes time for what is being done; gives the instant at which it is done. */
  spend(us: number): Micros {
    const now = this.#clock.now();
    this.#freeAt = addMicros(this.#freeAt > now ? this.#freeAt : now, us);
    this.#busyUs += us;
    return this.#freeAt;
  }

  /** The process is gone, and with it all that waited. */
  clear(): void {
    this.#life += 1;
    this.#waiting = [];
    this.#next = 0;
    this.#isDraining = false;
    this.#freeAt = this.#clock.now();
  }

  /** What was done is let go of now and then, so that a long queue is not kept for ever. */
  #compact(): void {
    if (this.#next < COMPACT_FROM || this.#next * 2 < this.#waiting.length) return;
    this.#waiting = this.#waiting.slice(this.#next);
    this.#next = 0;
  }

  #drainLater(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    const life = this.#life;
    this.#scheduler.at(this.#freeAt, () => {
      if (life === this.#life) this.#drain(life);
    });
  }

  #drain(life: number): void {
    while (this.#next < this.#waiting.length && this.#freeAt <= this.#clock.now()) {
      const job = this.#waiting[this.#next];
      this.#next += 1;
      this.#compact();
      job?.();
      if (life !== this.#life) return;
    }
    this.#isDraining = false;
    if (this.#next < this.#waiting.length) {
      this.#drainLater();
      return;
    }
    this.#waiting = [];
    this.#next = 0;
  }
}
