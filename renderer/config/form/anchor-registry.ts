/** The parts of a form that are in sight, by pointer: problems are shown at the innermost of them. */
export class AnchorRegistry {
  readonly #counts = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  #snapshot: ReadonlySet<string> = new Set();

  /** Returns what takes the anchor away again. */
  add(pointer: string): () => void {
    this.#change(pointer, 1);
    return () => this.#change(pointer, -1);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same set until an anchor comes or goes. */
  snapshot = (): ReadonlySet<string> => this.#snapshot;

  #change(pointer: string, by: number): void {
    const before = this.#counts.get(pointer) ?? 0;
    const after = before + by;
    if (after === 0) this.#counts.delete(pointer);
    else this.#counts.set(pointer, after);
    if (before > 0 && after > 0) return;
    this.#snapshot = new Set(this.#counts.keys());
    for (const listener of this.#listeners) listener();
  }
}
