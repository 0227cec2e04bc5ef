import { addMicros, type Micros } from '../ports/clock.ts';

/**
 * Deadlines that all lie the same time ahead. Starting one again moves it to the back, so insertion
 * order is the order in which they fall due and no search is ever needed.
 */
export class DeadlineQueue<K> {
  readonly #durationUs: number;
  readonly #dueAt = new Map<K, Micros>();

  constructor(durationUs: number) {
    this.#durationUs = durationUs;
  }

  get size(): number {
    return this.#dueAt.size;
  }

  /** Starts the deadline of `key`, or starts it again. */
  start(key: K, now: Micros): void {
    this.#dueAt.delete(key);
    this.#dueAt.set(key, addMicros(now, this.#durationUs));
  }

  stop(key: K): void {
    this.#dueAt.delete(key);
  }

  nextAt(): Micros | null {
    for (const at of this.#dueAt.values()) return at;
    return null;
  }

  /** Removes and returns what is due. */
  takeDue(now: Micros): K[] {
    const due: K[] = [];
    for (const [key, at] of this.#dueAt) {
      if (at > now) break;
      due.push(key);
    }
    for (const key of due) this.#dueAt.delete(key);
    return due;
  }
}
