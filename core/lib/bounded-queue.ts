import { assert } from './assert.ts';

/**
 * First in, first out, never longer than `capacity`. Backed by a ring, so that taking from the
 * front costs the same at any length.
 */
export class BoundedQueue<T> {
  readonly #items: (T | undefined)[];
  #head = 0;
  #length = 0;

  readonly capacity: number;

  constructor(capacity: number) {
    assert(Number.isInteger(capacity) && capacity > 0, 'capacity must be a positive integer');
    this.capacity = capacity;
    this.#items = new Array<T | undefined>(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** False, and nothing is changed, when the queue is full. */
  push(item: T): boolean {
    if (this.#length === this.capacity) return false;
    this.#items[(this.#head + this.#length) % this.capacity] = item;
    this.#length += 1;
    return true;
  }

  /** Adds the item and, when the queue is full, drops and returns the oldest. */
  pushEvicting(item: T): T | undefined {
    const evicted = this.#length === this.capacity ? this.shift() : undefined;
    this.push(item);
    return evicted;
  }

  peek(): T | undefined {
    return this.#length === 0 ? undefined : this.#items[this.#head];
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) % this.capacity;
    this.#length -= 1;
    return item;
  }

  clear(): void {
    this.#items.fill(undefined);
    this.#head = 0;
    this.#length = 0;
  }

  toArray(): T[] {
    const out: T[] = [];
    for (let i = 0; i < this.#length; i += 1) {
      out.push(this.#items[(this.#head + i) % this.capacity] as T);
    }
    return out;
  }
}
