import { BoundedQueue } from '../../core/lib/bounded-queue.ts';
import { type Disposable, onDispose } from '../../core/lib/disposable.ts';
import type { ConsoleEvent } from '../../core/protocol/console-model.ts';
import { EVENT_FLUSH_MS, EVENT_QUEUE_MAX, EVENTS_ON_SUBSCRIBE } from './limits.ts';
import type { ConsoleStore } from './store/console-store.ts';

export type NewEvent = Omit<ConsoleEvent, 'id' | 'atMs' | 'severity' | 'detail' | 'subject'> &
  Partial<Pick<ConsoleEvent, 'severity' | 'detail' | 'subject'>>;

const TITLE_CHARS_MAX = 300;
const DETAIL_CHARS_MAX = 4_000;

/** What happened, in order. Kept in the host's file, written a little later and many at once. */
export class EventLog {
  readonly #store: ConsoleStore;
  readonly #nowMs: () => number;
  readonly #waiting = new BoundedQueue<ConsoleEvent>(EVENT_QUEUE_MAX);
  readonly #recent = new BoundedQueue<ConsoleEvent>(EVENTS_ON_SUBSCRIBE);
  readonly #listeners = new Set<(events: readonly ConsoleEvent[]) => void>();
  #timer: NodeJS.Timeout | null = null;
  #lastId: number;

  constructor(store: ConsoleStore, nowMs: () => number) {
    this.#store = store;
    this.#nowMs = nowMs;
    this.#lastId = store.eventIdMax();
    const kept = store.events({ limit: EVENTS_ON_SUBSCRIBE });
    for (const event of kept.reverse()) this.#recent.pushEvicting(event);
  }

  add(event: NewEvent): void {
    this.#lastId += 1;
    const full: ConsoleEvent = {
      severity: 'info',
      subject: null,
      ...event,
      id: this.#lastId,
      atMs: this.#nowMs(),
      title: event.title.slice(0, TITLE_CHARS_MAX),
      detail: (event.detail ?? '').slice(0, DETAIL_CHARS_MAX),
    };
    this.#recent.pushEvicting(full);
    if (!this.#waiting.push(full)) {
      this.flush();
      this.#waiting.pushEvicting(full);
    }
    this.#timer ??= setTimeout(() => this.flush(), EVENT_FLUSH_MS);
    for (const listener of [...this.#listeners]) listener([full]);
  }

  /** The last of them, oldest first. */
  recent(): ConsoleEvent[] {
    return this.#recent.toArray();
  }

  /** Newest first: what the file would not take, then what is in it. */
  list(query: { before?: number; limit: number }): ConsoleEvent[] {
    this.flush();
    const before = query.before ?? Number.POSITIVE_INFINITY;
    const unwritten = this.#waiting.toArray().filter(({ id }) => id < before);
    return [...unwritten.reverse(), ...this.#store.events(query)].slice(0, query.limit);
  }

  onEvents(listener: (events: readonly ConsoleEvent[]) => void): Disposable {
    this.#listeners.add(listener);
    return onDispose(() => this.#listeners.delete(listener));
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting.length === 0) return;
    try {
      this.#store.appendEvents(this.#waiting.toArray());
      this.#waiting.clear();
    } catch {
      // A full disk must not end the console: what it did not take waits for the next event.
    }
  }
}
