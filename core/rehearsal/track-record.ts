import { countText } from './band-text.ts';
import type { Forecast } from './forecast.ts';

/** How far publishes were from what their rehearsals had predicted: what no spread over seeds tells. */
export interface TrackRecord {
  /** Publishes that it is made of, at least one. */
  readonly publishes: number;
  /** Real T99 over the predicted median: least and greatest. */
  readonly ratioLow: number;
  readonly ratioHigh: number;
}

/** A publish that was rehearsed, with what came of it. */
export interface RehearsedPublish {
  readonly forecast: Pick<Forecast, 't99' | 'faults'>;
  /** Milliseconds; null: 99 % were not reached, or not yet. */
  readonly actualT99Ms: number | null;
}

/** Older publishes say little of the machine as it is. */
export const RECORD_PUBLISHES_MAX = 10;
/** Between these, a publish counts as one that took as long as predicted. */
const AS_PREDICTED_MIN = 0.8;
const AS_PREDICTED_MAX = 1.25;

/**
 * Of the newest publishes whose T99 was predicted and came. Those with chosen faults are left out: what
 * broke in the rehearsal alone explains the difference. Null: there is none.
 */
export function trackRecordOf(newestFirst: Iterable<RehearsedPublish>): TrackRecord | null {
  let publishes = 0;
  let ratioLow = Number.POSITIVE_INFINITY;
  let ratioHigh = 0;
  for (const { forecast, actualT99Ms } of newestFirst) {
    const { median } = forecast.t99;
    if (forecast.faults.length > 0 || actualT99Ms === null) continue;
    if (median === null || median <= 0) continue;
    const ratio = actualT99Ms / median;
    publishes += 1;
    ratioLow = Math.min(ratioLow, ratio);
    ratioHigh = Math.max(ratioHigh, ratio);
    if (publishes === RECORD_PUBLISHES_MAX) break;
  }
  return publishes === 0 ? null : { publishes, ratioLow, ratioHigh };
}

/** Whether publishes took about as long as predicted, so far. */
export function isAsPredicted({ ratioLow, ratioHigh }: TrackRecord): boolean {
  return ratioLow >= AS_PREDICTED_MIN && ratioHigh <= AS_PREDICTED_MAX;
}

/** `The last 3 rehearsed publishes took 3.9 to 5.2 times as long as predicted.` */
export function trackRecordText(record: TrackRecord): string {
  const { publishes, ratioLow, ratioHigh } = record;
  const which =
    publishes === 1
      ? 'The last rehearsed publish'
      : `The last ${countText(publishes)} rehearsed publishes`;
  if (isAsPredicted(record)) return `${which} took about as long as predicted.`;
  const low = ratioText(ratioLow);
  const high = ratioText(ratioHigh);
  const times = low === high ? high : `${low} to ${high}`;
  return `${which} took ${times} times as long as predicted.`;
}

/** `0.41`, `3.9`, `12`: two digits that say something. */
function ratioText(ratio: number): string {
  if (ratio < 0.995) return ratio < 0.01 ? 'under 0.01' : ratio.toFixed(2);
  return ratio < 9.95 ? ratio.toFixed(1) : countText(ratio);
}
