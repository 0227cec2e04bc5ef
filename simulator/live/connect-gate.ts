import { type Disposable, onDispose } from '../../core/lib/disposable.ts';

/** Lets a bounded number through at a time, first come, first served. A node waits at most once. */
export class ConnectGate {
  readonly #insideMax: number;
  #inside = 0;
  readonly #waiting = new Set<() => void>();

  constructor(insideMax: number) {
    this.#insideMax = insideMax;
  }

  /** Runs `enter` when there is room. Disposing leaves the gate, or its queue. */
  enter(enter: () => void): Disposable {
    let inside = false;
    const admit = () => {
      inside = true;
      this.#inside += 1;
      enter();
    };
    if (this.#inside < this.#insideMax) admit();
    else this.#waiting.add(admit);
    return onDispose(() => {
      if (!inside) {
        this.#waiting.delete(admit);
        return;
      }
      this.#inside -= 1;
      this.#admitNext();
    });
  }

  #admitNext(): void {
    const next = this.#waiting.values().next();
    if (next.done === true || this.#inside >= this.#insideMax) return;
    this.#waiting.delete(next.value);
    next.value();
  }
}
