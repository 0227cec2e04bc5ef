import type { Disposable } from '../../core/lib/disposable.ts';
import { type Clock, MICROS_PER_MS, type Micros, micros } from '../../core/ports/clock.ts';
import type { Scheduler } from '../../core/ports/scheduler.ts';
import { EntryHeap, type TimeEntry } from './entry-heap.ts';

/** Slots of the wheel, a power of two; one is a millisecond, so heartbeats and time-outs fit in it. */
const WHEEL_SLOTS = 16_384;

/**
 * Time that moves only as it is told to. Whatever is due runs by (instant, order of setting), so the
 * same program gives the same run. What is due soon lies in a wheel of one-millisecond slots, which
 * costs the same however much is set; only what is far ahead, and the slot under way, lie in heaps.
 */
export class VirtualTime implements Clock, Scheduler {
  #now = micros(0);
  #sequence = 0;
  /** The slot under way, in whole milliseconds since the start. */
  #slot = 0;
  readonly #wheel: (Entry[] | undefined)[] = new Array(WHEEL_SLOTS);
  /** Entries in the wheel, those that were disposed included. */
  #inWheel = 0;
  readonly #current = new EntryHeap<Entry>();
  readonly #far = new EntryHeap<Entry>();
  #ran = 0;

  now(): Micros {
    return this.#now;
  }

  /** How many entries ran so far. */
  get ran(): number {
    return this.#ran;
  }

  /** Entries that are kept now, those that were disposed and not yet passed included. */
  get pending(): number {
    return this.#inWheel + this.#current.size + this.#far.size;
  }

  /** What is set for the past runs at once, after what is due already. */
  at(at: Micros, run: () => void): Disposable {
    this.#sequence += 1;
    const entry = new Entry(at < this.#now ? this.#now : at, this.#sequence, run);
    this.#place(entry);
    return entry;
  }

  /**
   * Runs what is due up to and with `until`, but no more than `entriesMax` entries. True when nothing
   * more is due by then; the clock then stands at `until`.
   */
  runUntil(until: Micros, entriesMax: number = Number.MAX_SAFE_INTEGER): boolean {
    const lastSlot = slotOf(until);
    let left = entriesMax;
    for (;;) {
      for (let next = this.#current.peek(); next !== undefined; next = this.#current.peek()) {
        if (next.at > until) return this.#arrive(until);
        if (next.run !== null) {
          if (left === 0) return false;
          left -= 1;
        }
        this.#current.pop();
        this.#run(next);
      }
      if (this.#slot >= lastSlot) return this.#arrive(until);
      this.#nextSlot(lastSlot);
    }
  }

  #run(entry: Entry): void {
    const { run } = entry;
    if (run === null) return;
    entry.run = null;
    this.#now = entry.at;
    this.#ran += 1;
    run();
  }

  #arrive(until: Micros): true {
    if (until > this.#now) this.#now = until;
    return true;
  }

  #place(entry: Entry): void {
    const slot = slotOf(entry.at);
    if (slot <= this.#slot) {
      this.#current.push(entry);
      return;
    }
    if (slot - this.#slot >= WHEEL_SLOTS) {
      this.#far.push(entry);
      return;
    }
    const index = slot % WHEEL_SLOTS;
    const bucket = this.#wheel[index];
    if (bucket === undefined) this.#wheel[index] = [entry];
    else bucket.push(entry);
    this.#inWheel += 1;
  }

  /** Moves on to the next slot that holds anything, but not past `lastSlot`. */
  #nextSlot(lastSlot: number): void {
    if (this.#inWheel === 0) {
      const far = this.#far.peek();
      const slot = far === undefined ? lastSlot : slotOf(far.at);
      this.#slot = Math.min(lastSlot, slot);
    } else this.#slot += 1;
    for (let far = this.#far.peek(); far !== undefined; far = this.#far.peek()) {
      if (slotOf(far.at) - this.#slot >= WHEEL_SLOTS) break;
      this.#far.pop();
      if (far.run !== null) this.#place(far);
    }
    const index = this.#slot % WHEEL_SLOTS;
    const bucket = this.#wheel[index];
    if (bucket === undefined) return;
    this.#wheel[index] = undefined;
    this.#inWheel -= bucket.length;
    for (const entry of bucket) if (entry.run !== null) this.#current.push(entry);
  }
}

class Entry implements TimeEntry, Disposable {
  readonly at: Micros;
  readonly sequence: number;
  /** Null once it ran or was disposed: it stays where it is and is passed over. */
  run: (() => void) | null;

  constructor(at: Micros, sequence: number, run: () => void) {
    this.at = at;
    this.sequence = sequence;
    this.run = run;
  }

  dispose(): void {
    this.run = null;
  }
}

function slotOf(at: Micros): number {
  return Math.floor(at / MICROS_PER_MS);
}
