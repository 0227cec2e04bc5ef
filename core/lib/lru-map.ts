import { assert } from './assert.ts';

/** Keeps the most recently used entries, bounded by number and by their summed weight. */
export class LruMap<K, V> {
  readonly #entriesMax: number;
  readonly #weightMax: number;
  readonly #entries = new Map<K, { readonly value: V; readonly weight: number }>();
  #weight = 0;
  #newest: K | undefined;

  constructor(entriesMax: number, weightMax: number = Number.MAX_SAFE_INTEGER) {
    assert(Number.isInteger(entriesMax) && entriesMax > 0, 'entriesMax must be a positive integer');
    this.#entriesMax = entriesMax;
    this.#weightMax = weightMax;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    // Asked for over and over, it is the most recently used one already.
    if (key === this.#newest) return entry.value;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#newest = key;
    return entry.value;
  }

  /** Adds an entry and drops the least recently used ones past the bounds, never the new one. */
  set(key: K, value: V, weight = 0): void {
    this.#delete(key);
    this.#entries.set(key, { value, weight });
    this.#newest = key;
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#entriesMax && this.#weight <= this.#weightMax) break;
      if (oldest === key) break;
      this.#delete(oldest);
    }
  }

  #delete(key: K): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#weight -= entry.weight;
  }
}
