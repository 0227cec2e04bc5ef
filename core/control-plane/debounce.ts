import { addMicros, type Micros } from '../ports/clock.ts';

type DebounceState =
  | { readonly state: 'quiet' }
  /** Something went out lately; `heldSince` is set when more is being held back. */
  | { readonly state: 'gathering'; readonly until: Micros; readonly heldSince: Micros | null };

/**
 * Trailing debounce: the first change goes at once, those that follow closely are gathered until
 * there is quiet, but not for longer than a maximum.
 */
export class Debounce {
  readonly #quietUs: number;
  readonly #maxUs: number;
  #state: DebounceState = { state: 'quiet' };

  constructor(quietUs: number, maxUs: number) {
    this.#quietUs = quietUs;
    this.#maxUs = maxUs;
  }

  /** True when the change may go at once. */
  changed(now: Micros): boolean {
    const state = this.#state;
    if (state.state === 'quiet' || (state.heldSince === null && now >= state.until)) {
      this.#open(now);
      return true;
    }
    const heldSince = state.heldSince ?? now;
    const latest = addMicros(heldSince, this.#maxUs);
    const quiet = addMicros(now, this.#quietUs);
    this.#state = { state: 'gathering', until: quiet < latest ? quiet : latest, heldSince };
    return false;
  }

  /** True when what was held back must go now. */
  tick(now: Micros): boolean {
    if (this.#state.state === 'quiet' || now < this.#state.until) return false;
    if (this.#state.heldSince === null) {
      this.#state = { state: 'quiet' };
      return false;
    }
    this.#open(now);
    return true;
  }

  nextAt(): Micros | null {
    return this.#state.state === 'quiet' ? null : this.#state.until;
  }

  #open(now: Micros): void {
    this.#state = {
      state: 'gathering',
      until: addMicros(now, this.#quietUs),
      heldSince: null,
    };
  }
}
