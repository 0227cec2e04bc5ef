import type { ConvergenceTracker } from '../fleet/convergence.ts';
import { addMicros, type Micros } from '../ports/clock.ts';
import type { ConfigStore } from '../ports/store.ts';
import type { NodeRegistry } from './node-registry.ts';

export interface StateKeeperParts {
  readonly store: ConfigStore;
  readonly registry: NodeRegistry;
  readonly convergence: ConvergenceTracker;
  /** Saves are at least this far apart, unless one is asked for at once. */
  readonly intervalUs: number;
}

/** Saves what nodes said and how revisions spread: in batches, and together, so that the two agree. */
export class StateKeeper {
  readonly #parts: StateKeeperParts;
  #saveAt: Micros | null = null;

  constructor(parts: StateKeeperParts) {
    this.#parts = parts;
  }

  nextAt(): Micros | null {
    return this.#saveAt;
  }

  /** Within the interval; an earlier instant that was set stays. */
  saveSoon(now: Micros): void {
    this.#saveAt ??= addMicros(now, this.#parts.intervalUs);
  }

  saveNext(now: Micros): void {
    this.#saveAt = now;
  }

  tick(now: Micros): void {
    if (this.#saveAt !== null && now >= this.#saveAt) this.save(now);
  }

  save(now: Micros): void {
    const { store, registry, convergence } = this.#parts;
    this.#saveAt = null;
    const words = registry.takeUnsaved();
    let isSaved = words.length === 0 || store.saveNodeWords(words).ok;
    if (!isSaved) registry.keepUnsaved(words);
    for (const record of convergence.takeUnsaved()) {
      if (store.saveConvergence(record).ok) continue;
      convergence.keepUnsaved(record.revision);
      isSaved = false;
    }
    // A full disk takes nothing from the fleet: what is known is kept here and tried again.
    if (!isSaved) this.saveSoon(now);
  }
}
