import { addMicros, type Micros } from '../ports/clock.ts';

interface Entry<K> {
  readonly key: K;
  at: Micros;
  earlier: Entry<K> | null;
  later: Entry<K> | null;
}

/**
 * Deadlines that all lie the same time ahead. Starting one again moves it to the back, so the order
 * of starting is the order in which they fall due and no search is ever needed. A linked list keeps
 * it: the first is found at once however often the others were moved.
 */
export class DeadlineQueue<K> {
  readonly #durationUs: number;
  readonly #entries = new Map<K, Entry<K>>();
  #first: Entry<K> | null = null;
  #last: Entry<K> | null = null;

  constructor(durationUs: number) {
    this.#durationUs = durationUs;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Starts the deadline of `key`, or starts it again. */
  start(key: K, now: Micros): void {
    const at = addMicros(now, this.#durationUs);
    const known = this.#entries.get(key);
    if (known === undefined) {
      const entry: Entry<K> = { key, at, earlier: null, later: null };
      this.#entries.set(key, entry);
      this.#append(entry);
      return;
    }
    known.at = at;
    if (known === this.#last) return;
    this.#unlink(known);
    this.#append(known);
  }

  stop(key: K): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#unlink(entry);
  }

  nextAt(): Micros | null {
    return this.#first === null ? null : this.#first.at;
  }

  /** Removes and returns what is due. */
  takeDue(now: Micros): K[] {
    const due: K[] = [];
    for (let entry = this.#first; entry !== null && entry.at <= now; entry = this.#first) {
      due.push(entry.key);
      this.stop(entry.key);
    }
    return due;
  }

  #append(entry: Entry<K>): void {
    entry.earlier = this.#last;
    entry.later = null;
    if (this.#last === null) this.#first = entry;
    else this.#last.later = entry;
    this.#last = entry;
  }

  #unlink(entry: Entry<K>): void {
    if (entry.earlier === null) this.#first = entry.later;
    else entry.earlier.later = entry.later;
    if (entry.later === null) this.#last = entry.earlier;
    else entry.later.earlier = entry.earlier;
  }
}
