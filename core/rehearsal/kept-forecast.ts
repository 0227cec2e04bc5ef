import type { Forecast } from './forecast.ts';

/** A forecast that is kept with the revision that was then published from the rehearsed text. */
export interface KeptForecast {
  readonly revision: number;
  readonly forecast: Forecast;
  readonly rehearsedAtMs: number;
  /** What was different by the time of the publish, in sentences: `12 nodes were retired since`; empty: nothing. */
  readonly changedSince: readonly string[];
}

/** One figure beside its prediction. */
export interface ForecastFigure {
  readonly name: 't50' | 't95' | 't99' | 't100' | 'reached' | 'bytes' | 'nodesRejecting';
  readonly predicted: {
    readonly low: number | null;
    readonly median: number | null;
    readonly high: number | null;
  };
  /** Null: not (yet) reached. */
  readonly actual: number | null;
  /** `open` while it can still change. */
  readonly verdict: 'within' | 'below' | 'above' | 'open';
}

/** What really happened beside what was predicted. */
export interface ForecastComparison {
  readonly figures: readonly ForecastFigure[];
  /** Of the curve's instants so far, how many lie within the band, per mille; null: none yet. */
  readonly curveWithinPerMille: number | null;
  /** One sentence: `99 % took 61 ms; 38–55 ms were predicted`. */
  readonly summary: string;
  /** The curve has ended: complete, or given up. */
  readonly isFinal: boolean;
}
