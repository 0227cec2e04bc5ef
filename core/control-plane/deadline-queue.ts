import { addMicros, type Micros } from '../ports/clock.ts';

/** Starts that are kept for each deadline that runs, and in all beside that, before stale ones go. */
const STARTS_PER_DEADLINE_MAX = 8;
const STARTS_SPARE = 1_024;

/** One deadline, as `start` gave it. */
export interface Deadline<K> {
  readonly key: K;
  /** Number of its last start, which alone counts. */
  start: number;
}

/** Of a deadline that was stopped: no start has this number. */
const STOPPED = -1;

/**
 * Deadlines that all lie the same time ahead, so the order of starting is the order in which they fall
 * due and no search is ever needed. Starting one again only notes that at the back; what was noted of
 * it before is passed over when it comes to the front.
 */
export class DeadlineQueue<K> {
  readonly #durationUs: number;
  readonly #running = new Map<K, Deadline<K>>();
  /** What was started, in order, and when it falls due; the first of them is start `#first`. */
  #started: Deadline<K>[] = [];
  #dueAt: Micros[] = [];
  #first = 0;
  /** How many of them were passed. */
  #passed = 0;

  constructor(durationUs: number) {
    this.#durationUs = durationUs;
  }

  get size(): number {
    return this.#running.size;
  }

  /** Starts the deadline of `key`, or starts it again. */
  start(key: K, now: Micros): Deadline<K> {
    let deadline = this.#running.get(key);
    if (deadline === undefined) {
      deadline = { key, start: STOPPED };
      this.#running.set(key, deadline);
    }
    this.#note(deadline, now);
    return deadline;
  }

  /** As `start`, for a deadline that may have been stopped: then it does nothing. Looks up nothing. */
  restart(deadline: Deadline<K>, now: Micros): void {
    if (deadline.start !== STOPPED) this.#note(deadline, now);
  }

  #note(deadline: Deadline<K>, now: Micros): void {
    deadline.start = this.#first + this.#started.length;
    this.#started.push(deadline);
    this.#dueAt.push(addMicros(now, this.#durationUs));
    const kept = this.#started.length;
    if (kept > STARTS_SPARE + STARTS_PER_DEADLINE_MAX * this.#running.size) this.#forgetStale();
  }

  stop(key: K): void {
    const deadline = this.#running.get(key);
    if (deadline === undefined) return;
    this.#running.delete(key);
    deadline.start = STOPPED;
  }

  nextAt(): Micros | null {
    this.#passStale();
    return this.#dueAt[this.#passed] ?? null;
  }

  /** Removes and returns what is due. */
  takeDue(now: Micros): K[] {
    const due: K[] = [];
    for (let at = this.nextAt(); at !== null && at <= now; at = this.nextAt()) {
      const deadline = this.#started[this.#passed];
      if (deadline === undefined) break;
      due.push(deadline.key);
      this.stop(deadline.key);
    }
    return due;
  }

  /** Moves on to the first start that counts. */
  #passStale(): void {
    const started = this.#started;
    while (this.#passed < started.length) {
      if (started[this.#passed]?.start === this.#first + this.#passed) break;
      this.#passed += 1;
    }
    if (this.#passed >= STARTS_SPARE && this.#passed * 2 > started.length) this.#drop(this.#passed);
  }

  #drop(count: number): void {
    this.#started = this.#started.slice(count);
    this.#dueAt = this.#dueAt.slice(count);
    this.#first += count;
    this.#passed -= count;
  }

  /** Who starts a deadline over and over must not fill the memory. */
  #forgetStale(): void {
    const started: Deadline<K>[] = [];
    const dueAt: Micros[] = [];
    const next = this.#first + this.#started.length;
    for (let i = this.#passed; i < this.#started.length; i += 1) {
      const deadline = this.#started[i];
      const at = this.#dueAt[i];
      if (deadline === undefined || at === undefined || deadline.start !== this.#first + i)
        continue;
      deadline.start = next + started.length;
      started.push(deadline);
      dueAt.push(at);
    }
    this.#started = started;
    this.#dueAt = dueAt;
    this.#first = next;
    this.#passed = 0;
  }
}
