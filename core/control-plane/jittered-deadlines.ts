import { earlier, type Micros } from '../ports/clock.ts';
import type { RandomStream } from '../ports/random.ts';
import { DeadlineQueue } from './deadline-queue.ts';

/** Distinct times ahead that are drawn from. So many that what starts together is never due together. */
const STEPS = 256;

/**
 * Deadlines each of which lies a time ahead that is drawn uniformly within a percentage of the mean. One
 * queue for each of the times that can be drawn, so that starting and ending one searches nothing.
 */
export class JitteredDeadlines<K> {
  readonly #random: RandomStream;
  readonly #queues: readonly DeadlineQueue<K>[];
  readonly #queueOf = new Map<K, DeadlineQueue<K>>();
  /** The earliest of all queues; `unknown` once it may have changed. */
  #next: Micros | null | 'unknown' = null;

  constructor(meanUs: number, jitterPercent: number, random: RandomStream) {
    this.#random = random;
    const spreadUs = Math.floor((meanUs * jitterPercent) / 100);
    this.#queues = Array.from({ length: STEPS }, (_, step) => {
      const late = Math.floor((2 * spreadUs * step) / (STEPS - 1));
      return new DeadlineQueue<K>(meanUs - spreadUs + late);
    });
  }

  get size(): number {
    return this.#queueOf.size;
  }

  /** Draws a deadline for a key that has none. */
  start(key: K, now: Micros): void {
    const queue = this.#queues[this.#random.below(STEPS)];
    if (queue === undefined) return;
    this.#queueOf.set(key, queue);
    queue.start(key, now);
    if (this.#next !== 'unknown') this.#next = earlier(this.#next, queue.nextAt());
  }

  stop(key: K): void {
    const queue = this.#queueOf.get(key);
    if (queue === undefined) return;
    this.#queueOf.delete(key);
    if (queue.nextAt() === this.#next) this.#next = 'unknown';
    queue.stop(key);
  }

  nextAt(): Micros | null {
    if (this.#next === 'unknown') {
      let next: Micros | null = null;
      for (const queue of this.#queues) next = earlier(next, queue.nextAt());
      this.#next = next;
    }
    return this.#next;
  }

  /** Removes and returns what is due. */
  takeDue(now: Micros): K[] {
    const next = this.nextAt();
    if (next === null || now < next) return [];
    const due = this.#queues.flatMap((queue) => queue.takeDue(now));
    for (const key of due) this.#queueOf.delete(key);
    this.#next = 'unknown';
    return due;
  }
}
