/**
 * Runs one job at a time and remembers only the newest of those asked for meanwhile. A result that
 * something newer waits behind is dropped: it is about a text that is no longer there.
 */
export class LatestRunner<Input, Output> {
  readonly #start: (id: number, input: Input) => void;
  readonly #deliver: (output: Output) => void;
  #running: number | null = null;
  #pending: { readonly input: Input } | null = null;
  #lastId = 0;

  constructor(start: (id: number, input: Input) => void, deliver: (output: Output) => void) {
    this.#start = start;
    this.#deliver = deliver;
  }

  /** Whether a job is under way or waits. */
  get busy(): boolean {
    return this.#running !== null;
  }

  submit(input: Input): void {
    if (this.#running !== null) {
      this.#pending = { input };
      return;
    }
    this.#lastId += 1;
    this.#running = this.#lastId;
    this.#start(this.#lastId, input);
  }

  /** The answer to `start(id, …)`. Any other id is ignored. */
  finished(id: number, output: Output): void {
    if (id !== this.#running) return;
    this.#running = null;
    const pending = this.#pending;
    this.#pending = null;
    if (pending === null) this.#deliver(output);
    else this.submit(pending.input);
  }

  /** Forgets what is under way and what waits; late answers are ignored. */
  reset(): void {
    this.#running = null;
    this.#pending = null;
  }
}
