import type { Generation } from '../../core/config/ids.ts';
import type { Micros } from '../../core/ports/clock.ts';

interface Published {
  readonly at: Micros;
  readonly generation: Generation;
  /** Null: it stands. */
  readonly undoneAt: Micros | null;
}

/** The worst that any node ever was: exact, from the instants at which each stretch ended. */
export class StalenessGauge {
  /** Oldest first; nobody lacks those that were undone. */
  readonly #publishes: readonly Published[];
  #lagUsMax = 0;
  #lagRevisionsMax = 0;
  #unverifiedUsMax = 0;

  constructor(publishes: readonly Published[]) {
    this.#publishes = publishes;
  }

  /** Longest that a node served while it lacked a published revision, microseconds. */
  get lagUsMax(): number {
    return this.#lagUsMax;
  }

  /** Most revisions that a serving node lacked. */
  get lagRevisionsMax(): number {
    return this.#lagRevisionsMax;
  }

  /** Longest that a node could not know what is current, microseconds. */
  get unverifiedUsMax(): number {
    return this.#unverifiedUsMax;
  }

  /** From now on only what is still the case, or comes, counts. */
  forget(): void {
    this.#lagUsMax = 0;
    this.#lagRevisionsMax = 0;
    this.#unverifiedUsMax = 0;
  }

  /** A node was told what is current, or ended, so long after it was last told. */
  unverifiedFor(us: number): void {
    if (us > this.#unverifiedUsMax) this.#unverifiedUsMax = us;
  }

  /** A node served `generation` up to now, or still does at the end of the run. */
  servedUntil(generation: Generation, now: Micros): void {
    let missing = 0;
    let since = now;
    for (let i = this.#publishes.length - 1; i >= 0; i -= 1) {
      const published = this.#publishes[i];
      if (published === undefined) break;
      if (published.undoneAt !== null) continue;
      if (published.generation <= generation) break;
      missing += 1;
      since = published.at;
    }
    this.#lagRevisionsMax = Math.max(this.#lagRevisionsMax, missing);
    this.#lagUsMax = Math.max(this.#lagUsMax, now - since);
  }
}
