import { BoundedQueue } from '../../core/lib/bounded-queue.ts';
import type { ControlPlaneLoad } from '../../core/protocol/control-plane-control.ts';

/** Points kept, one a `LOAD_STEP_MS`: five minutes, and as many as a chart draws well. */
export const LOAD_POINTS_MAX = 300;
/** Time between two points, milliseconds. */
export const LOAD_STEP_MS = 1_000;

/** Rates over one step; null while the control plane was down or had just started. */
export interface LoadPoint {
  readonly atMs: number;
  readonly pushesPerSecond: number | null;
  readonly bytesPerSecond: number | null;
}

type Totals = Pick<ControlPlaneLoad, 'pushesDelta' | 'pushesFull' | 'bytesSent'>;

/** Turns the totals of the status stream into rates, in a bounded ring. */
export class LoadSeries {
  readonly #points = new BoundedQueue<LoadPoint>(LOAD_POINTS_MAX);
  #last: { readonly atMs: number; readonly pid: number; readonly totals: Totals } | null = null;
  #lastPointMs = Number.NEGATIVE_INFINITY;

  /** `load` and `pid` are null while the control plane is down. True when a point was added. */
  add(sample: {
    readonly atMs: number;
    readonly pid: number | null;
    readonly load: Totals | null;
  }): boolean {
    const { atMs, pid, load } = sample;
    if (atMs < this.#lastPointMs + LOAD_STEP_MS) return false;
    const last = this.#last;
    this.#last = load === null || pid === null ? null : { atMs, pid, totals: load };
    this.#lastPointMs = atMs;
    // Totals begin anew with each process, so a rate needs both ends from the same one.
    const comparable = last !== null && load !== null && last.pid === pid;
    const seconds = comparable ? (atMs - last.atMs) / 1_000 : 0;
    this.#points.pushEvicting({
      atMs,
      pushesPerSecond: comparable
        ? Math.max(0, pushesOf(load) - pushesOf(last.totals)) / seconds
        : null,
      bytesPerSecond: comparable
        ? Math.max(0, load.bytesSent - last.totals.bytesSent) / seconds
        : null,
    });
    return true;
  }

  /** Oldest first. */
  points(): readonly LoadPoint[] {
    return this.#points.toArray();
  }
}

function pushesOf(totals: Totals): number {
  return totals.pushesDelta + totals.pushesFull;
}
