import type { Disposable } from '../../core/lib/disposable.ts';
import { type Clock, MICROS_PER_MS, type Micros, micros } from '../../core/ports/clock.ts';
import type { Scheduler } from '../../core/ports/scheduler.ts';
import { EntryHeap } from './entry-heap.ts';
import { Entry, huskOf, PLACES, type VirtualTimer } from './virtual-timer.ts';

/** Slots of the wheel, a power of two; one is a millisecond, so heartbeats and time-outs fit in it. */
const WHEEL_SLOTS = 16_384;
/**
 * Timers are touched so many slots before their own, in batches of several slots: see
 * `VirtualTimer.touch`. Of more than so many timers, what they need would push each other's out again.
 */
const TOUCH_AHEAD_SLOTS = 24;
const TOUCH_BATCH_SLOTS = 16;
const TOUCHED_TIMERS_MAX = 64;
const TOUCH_STEPS = 4;
/** Slots whose being taken is noted in one word. */
const SLOTS_PER_WORD = 32;

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
  /** The newest timer of each slot, which leads on to the others. */
  readonly #wheel: (VirtualTimer | null)[] = new Array(WHEEL_SLOTS).fill(null);
  /** A bit for each slot that holds any, so that a quiet time is passed at once. */
  readonly #taken = new Uint32Array(WHEEL_SLOTS / SLOTS_PER_WORD);
  /** Timers in the wheel, those that were unset included. */
  #inWheel = 0;
  readonly #current = new EntryHeap<VirtualTimer>();
  readonly #far = new EntryHeap<VirtualTimer>();
  /** The last slot whose timers were touched. */
  #touchedSlot = 0;
  readonly #beingTouched: VirtualTimer[] = [];
  #touched = 0;
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
    const entry = new Entry(run);
    this.set(entry, at);
    return entry;
  }

  /** Sets a timer, or moves it if it is set. The same as a new entry, but for what it costs. */
  set(timer: VirtualTimer, at: Micros): void {
    if (timer.place !== PLACES.nowhere) this.#makeFree(timer, at);
    this.#sequence += 1;
    timer.sequence = this.#sequence;
    timer.at = at < this.#now ? this.#now : at;
    timer.isSet = true;
    if (timer.place === PLACES.nowhere) this.#place(timer);
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
        if (next.isSet) {
          if (left === 0) return false;
          left -= 1;
        }
        this.#current.pop();
        next.place = PLACES.nowhere;
        if (next.isSet) this.#run(next);
      }
      if (this.#slot >= lastSlot) return this.#arrive(until);
      this.#nextSlot(lastSlot);
    }
  }

  #run(timer: VirtualTimer): void {
    timer.isSet = false;
    this.#now = timer.at;
    this.#ran += 1;
    timer.due();
  }

  #arrive(until: Micros): true {
    if (until > this.#now) this.#now = until;
    return true;
  }

  /**
   * Takes a timer out of where it lies, unless it can stay there: a slot that comes before the instant
   * hands it on.
   */
  #makeFree(timer: VirtualTimer, at: Micros): void {
    if (timer.place === PLACES.wheel) {
      if (slotOf(at) >= timer.slot) return;
      this.#takeOutOfWheel(timer);
    } else {
      // What lies in a heap must stay what it was there.
      const husk = huskOf(timer);
      if (!this.#current.replace(timer, husk)) this.#far.replace(timer, husk);
    }
    timer.place = PLACES.nowhere;
  }

  #takeOutOfWheel(timer: VirtualTimer): void {
    const index = timer.slot % WHEEL_SLOTS;
    let before: VirtualTimer | null = null;
    for (let at = this.#wheel[index] ?? null; at !== null && at !== timer; at = at.next)
      before = at;
    if (before === null) this.#wheel[index] = timer.next;
    else before.next = timer.next;
    timer.next = null;
    this.#inWheel -= 1;
  }

  #place(timer: VirtualTimer): void {
    const slot = slotOf(timer.at);
    if (slot <= this.#slot) {
      timer.place = PLACES.heap;
      this.#current.push(timer);
      return;
    }
    if (slot - this.#slot >= WHEEL_SLOTS) {
      timer.place = PLACES.heap;
      this.#far.push(timer);
      return;
    }
    const index = slot % WHEEL_SLOTS;
    timer.place = PLACES.wheel;
    timer.slot = slot;
    timer.next = this.#wheel[index] ?? null;
    this.#wheel[index] = timer;
    this.#taken[index >>> 5] = (this.#taken[index >>> 5] ?? 0) | (1 << (index & 31));
    this.#inWheel += 1;
  }

  /** The first slot after the one under way that may hold anything; the wheel must not be empty. */
  #nextTaken(): number {
    const first = this.#slot + 1;
    const index = first % WHEEL_SLOTS;
    let word = index >>> 5;
    // Of the first word only what comes from here on; all of it is looked at once more at the end.
    let bits = (this.#taken[word] ?? 0) & (-1 << (index & 31));
    let ahead = -(index & 31);
    while (bits === 0) {
      word = (word + 1) % this.#taken.length;
      bits = this.#taken[word] ?? 0;
      ahead += SLOTS_PER_WORD;
      if (ahead > WHEEL_SLOTS) return first;
    }
    return first + ahead + 31 - Math.clz32(bits & -bits);
  }

  #touch(): void {
    const last = this.#slot + TOUCH_AHEAD_SLOTS;
    let slot = Math.max(this.#slot, this.#touchedSlot);
    const touched = this.#beingTouched;
    while (slot < last && touched.length < TOUCHED_TIMERS_MAX) {
      slot += 1;
      let timer = this.#wheel[slot % WHEEL_SLOTS] ?? null;
      for (; timer !== null; timer = timer.next) if (timer.isSet) touched.push(timer);
    }
    let seen = 0;
    for (let step = 0; step < TOUCH_STEPS; step += 1) {
      for (const timer of touched) seen += timer.touch(step);
    }
    touched.length = 0;
    this.#touchedSlot = slot;
    this.#touched = (this.#touched + seen) | 0;
  }

  /** Moves on to the next slot that holds anything, but not past `lastSlot`. */
  #nextSlot(lastSlot: number): void {
    if (this.#inWheel === 0) {
      const far = this.#far.peek();
      const slot = far === undefined ? lastSlot : slotOf(far.at);
      this.#slot = Math.min(lastSlot, slot);
    } else this.#slot = Math.min(lastSlot, this.#nextTaken());
    for (let far = this.#far.peek(); far !== undefined; far = this.#far.peek()) {
      if (slotOf(far.at) - this.#slot >= WHEEL_SLOTS) break;
      this.#far.pop();
      far.place = PLACES.nowhere;
      if (far.isSet) this.#place(far);
    }
    if (this.#touchedSlot < this.#slot + TOUCH_AHEAD_SLOTS - TOUCH_BATCH_SLOTS) this.#touch();
    const index = this.#slot % WHEEL_SLOTS;
    let timer = this.#wheel[index] ?? null;
    this.#wheel[index] = null;
    this.#taken[index >>> 5] = (this.#taken[index >>> 5] ?? 0) & ~(1 << (index & 31));
    while (timer !== null) {
      const { next } = timer;
      timer.next = null;
      timer.place = PLACES.nowhere;
      this.#inWheel -= 1;
      if (timer.isSet) this.#place(timer);
      timer = next;
    }
  }
}

function slotOf(at: Micros): number {
  return Math.floor(at / MICROS_PER_MS);
}
