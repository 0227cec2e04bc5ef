import { type FleetFrame, NEVER_MS } from '../../core/fleet/frame.ts';

/**
 * Rows of the staleness heatmap: upper bound of each, milliseconds. Two more follow: longer than
 * that, and never.
 */
export const STALENESS_ROW_BOUNDS_MS = [
  0, 300, 1_000, 3_000, 10_000, 30_000, 60_000, 300_000, 1_800_000,
] as const;
export const STALENESS_ROWS = STALENESS_ROW_BOUNDS_MS.length + 2;
const LONGER_ROW = STALENESS_ROWS - 2;

/** One column of the heatmap: how many nodes were in each row. */
export interface StalenessColumn {
  readonly atMs: number;
  readonly nodes: number;
  readonly byLag: Uint32Array;
  readonly byUnverified: Uint32Array;
}

/** Row of a value; `NEVER_MS` is in the last. */
export function stalenessRowOf(valueMs: number): number {
  if (valueMs === NEVER_MS) return STALENESS_ROWS - 1;
  for (let row = 0; row < STALENESS_ROW_BOUNDS_MS.length; row += 1) {
    if (valueMs <= (STALENESS_ROW_BOUNDS_MS[row] ?? 0)) return row;
  }
  return LONGER_ROW;
}

/** Where a value lies on the rows' scale, from 0 (bottom) to `STALENESS_ROWS` (top). */
export function stalenessPosition(valueMs: number): number {
  const row = stalenessRowOf(valueMs);
  if (row === 0) return 0;
  if (row >= LONGER_ROW) return row;
  const low = STALENESS_ROW_BOUNDS_MS[row - 1] ?? 0;
  const high = STALENESS_ROW_BOUNDS_MS[row] ?? low;
  return row + (high === low ? 0 : (valueMs - low) / (high - low));
}

/** Counts a frame's nodes by row. */
export function countStaleness(frame: FleetFrame): StalenessColumn {
  const byLag = new Uint32Array(STALENESS_ROWS);
  const byUnverified = new Uint32Array(STALENESS_ROWS);
  for (let i = 0; i < frame.nodes; i += 1) {
    const lag = stalenessRowOf(frame.lagMs[i] ?? 0);
    const unverified = stalenessRowOf(frame.unverifiedMs[i] ?? NEVER_MS);
    byLag[lag] = (byLag[lag] ?? 0) + 1;
    byUnverified[unverified] = (byUnverified[unverified] ?? 0) + 1;
  }
  return { atMs: frame.atMs, nodes: frame.nodes, byLag, byUnverified };
}

/** The worse of two columns: for each row the larger count, so that a short spike is not lost. */
export function worseOf(a: StalenessColumn, b: StalenessColumn): StalenessColumn {
  return {
    atMs: a.atMs,
    nodes: Math.max(a.nodes, b.nodes),
    byLag: a.byLag.map((count, row) => Math.max(count, b.byLag[row] ?? 0)),
    byUnverified: a.byUnverified.map((count, row) => Math.max(count, b.byUnverified[row] ?? 0)),
  };
}
