import { assert } from '../../core/lib/assert.ts';

/** Requests to a child process that wait for their answer: bounded, and each with a time-out. */
export class ChildRequests<T> {
  readonly #pending = new Map<number, { resolve(answer: T): void; timer: NodeJS.Timeout }>();
  readonly #capacity: number;
  #nextId = 1;

  constructor(capacity: number) {
    assert(capacity > 0, 'capacity must be positive');
    this.#capacity = capacity;
  }

  get isFull(): boolean {
    return this.#pending.size >= this.#capacity;
  }

  /** Sends under a fresh id; settles with the answer, or with `onTimeout()` when none came. */
  open(send: (requestId: number) => void, timeoutMs: number, onTimeout: () => T): Promise<T> {
    assert(!this.isFull, 'too many open requests');
    const requestId = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.answer(requestId, onTimeout()), timeoutMs);
      this.#pending.set(requestId, { resolve, timer });
      send(requestId);
    });
  }

  /** Answers to unknown ids are ignored: they came too late. */
  answer(requestId: number, answer: T): void {
    const pending = this.#pending.get(requestId);
    if (pending === undefined) return;
    this.#pending.delete(requestId);
    clearTimeout(pending.timer);
    pending.resolve(answer);
  }

  /** The child is gone: everything that waits is answered so. */
  failAll(answer: () => T): void {
    for (const requestId of [...this.#pending.keys()]) this.answer(requestId, answer());
  }
}
