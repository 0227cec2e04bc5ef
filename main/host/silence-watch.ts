/** A jump of the clock, or a console that was busy itself, counts as no more silence than this. */
const TICK_COUNTED_MS_MAX = 1_000;

/**
 * How long a process that is up has said nothing. Time is added up tick by tick, so that a console
 * that stood still does not take what waits in its own queue for silence.
 */
export class SilenceWatch {
  #silentMs = 0;
  #lastTickMs: number | null = null;

  heard(): void {
    this.#silentMs = 0;
  }

  tick(nowMs: number, isUp: boolean): void {
    const elapsedMs = this.#lastTickMs === null ? 0 : nowMs - this.#lastTickMs;
    this.#lastTickMs = nowMs;
    if (!isUp) this.#silentMs = 0;
    else this.#silentMs += Math.min(TICK_COUNTED_MS_MAX, Math.max(0, elapsedMs));
  }

  /** Null while the silence is not longer than `ordinaryMs`. */
  longerThan(ordinaryMs: number): number | null {
    return this.#silentMs > ordinaryMs ? this.#silentMs : null;
  }
}
