/** What standing faults make of one node's link. Links read it whenever a frame passes. */
export interface LinkConditions {
  /** Added to every frame, each way. */
  readonly latencyMs: number;
  /** A further uniform draw from 0 to this. */
  readonly jitterMs: number;
  /** Nothing passes, either way. */
  readonly partitioned: boolean;
}

export const CLEAR_CONDITIONS: LinkConditions = {
  latencyMs: 0,
  jitterMs: 0,
  partitioned: false,
};

/** The conditions of one node now, and word of their changes. */
export class LinkWeather {
  #conditions: LinkConditions = CLEAR_CONDITIONS;
  /** The link under way, the connect under way, and links that a partition keeps from ending. */
  readonly #listeners = new Set<() => void>();

  get conditions(): LinkConditions {
    return this.#conditions;
  }

  set(conditions: LinkConditions): void {
    this.#conditions = conditions;
    for (const listener of [...this.#listeners]) listener();
  }

  onChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }
}
