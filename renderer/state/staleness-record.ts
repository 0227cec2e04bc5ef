import type { FleetFrame } from '../../core/fleet/frame.ts';
import { countStaleness, type StalenessColumn, worseOf } from './staleness-histogram.ts';

/** Time that the heatmap spans. */
export const STALENESS_SPAN_MS = 10 * 60_000;
/** Time of one column. */
export const STALENESS_COLUMN_MS = 3_000;
const COLUMNS_MAX = STALENESS_SPAN_MS / STALENESS_COLUMN_MS + 1;

const columns: StalenessColumn[] = [];

/** Adds a frame to the column of its time. */
export function recordStaleness(frame: FleetFrame): void {
  const atMs = Math.floor(frame.atMs / STALENESS_COLUMN_MS) * STALENESS_COLUMN_MS;
  const counted = { ...countStaleness(frame), atMs };
  const last = columns.at(-1);
  if (last !== undefined && last.atMs === atMs)
    columns[columns.length - 1] = worseOf(last, counted);
  else columns.push(counted);
  if (columns.length > COLUMNS_MAX) columns.shift();
}

/** Columns so far, oldest first. Only frames that this page has seen are in it. */
export function stalenessColumns(): readonly StalenessColumn[] {
  return columns;
}
