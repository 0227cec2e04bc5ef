import {
  bandBytesText,
  bandCountText,
  bandMsText,
  bytesText,
  countText,
  msText,
} from '../../core/rehearsal/band-text.ts';
import type { ForecastComparison, ForecastFigure } from '../../core/rehearsal/kept-forecast.ts';
import { formatPercent } from '../format/format.ts';

/** One figure of a revision beside its prediction, in words. */
export interface FigureWords {
  readonly name: ForecastFigure['name'];
  readonly label: string;
  readonly predicted: string;
  readonly median: string;
  readonly actual: string;
  readonly verdict: ForecastFigure['verdict'];
  /** `as predicted`, `slower than predicted`, `still open` */
  readonly verdictText: string;
}

interface Reading {
  readonly label: string;
  /** As it is named within a sentence. */
  readonly short: string;
  readonly unit: 'time' | 'count' | 'bytes';
  readonly above: string;
  readonly below: string;
}

const TIME = {
  unit: 'time',
  above: 'slower than predicted',
  below: 'faster than predicted',
} as const;
const COUNT = {
  unit: 'count',
  above: 'more than predicted',
  below: 'fewer than predicted',
} as const;
const READINGS: Readonly<Record<ForecastFigure['name'], Reading>> = {
  t50: { label: '50 % of nodes', short: 'T50', ...TIME },
  t95: { label: '95 % of nodes', short: 'T95', ...TIME },
  t99: { label: '99 % of nodes', short: 'T99', ...TIME },
  t100: { label: 'All nodes', short: 'T100', ...TIME },
  reached: { label: 'Nodes that acknowledge it', short: 'nodes reached', ...COUNT },
  nodesRejecting: { label: 'Nodes that reject it', short: 'rejections', ...COUNT },
  bytes: {
    label: 'Sent',
    short: 'bytes',
    unit: 'bytes',
    above: 'more than predicted',
    below: 'less than predicted',
  },
};
const NOT_YET = 'not yet';
const NEVER = 'not reached';

/** Each figure beside its prediction, in words. */
export function comparisonWords(comparison: ForecastComparison): readonly FigureWords[] {
  return comparison.figures.map((figure) => {
    const { name, predicted, actual, verdict } = figure;
    const reading = READINGS[name];
    const texts = TEXTS[reading.unit];
    return {
      name,
      label: reading.label,
      predicted: texts.band(predicted),
      median: predicted.median === null ? NEVER : texts.one(predicted.median),
      actual: actual === null ? absentText(figure, comparison.isFinal) : texts.one(actual),
      verdict,
      verdictText: verdictText(verdict, reading),
    };
  });
}

/** What is not as predicted, by its short names. */
export function namesOutside({ figures }: ForecastComparison): readonly string[] {
  return figures.filter(isOutside).map((figure) => READINGS[figure.name].short);
}

/**
 * The same without the share of 99 %, which the summary speaks of: `also not as predicted: T50, bytes`,
 * without `also` where that is as predicted; null: nothing.
 */
export function othersOutside(comparison: ForecastComparison): string | null {
  const all = namesOutside(comparison);
  const names = all.filter((name) => name !== READINGS.t99.short);
  if (names.length === 0) return null;
  const also = names.length < all.length ? 'also ' : '';
  return `${also}not as predicted: ${names.join(', ')}`;
}

/** `93 % of the curve lies in the band`; null: there is no curve yet. */
export function curveWords({ curveWithinPerMille }: ForecastComparison): string | null {
  if (curveWithinPerMille === null) return null;
  if (curveWithinPerMille === 1_000) return 'The whole curve lies in the predicted band.';
  if (curveWithinPerMille === 0) return 'None of the curve lies in the predicted band.';
  return `${formatPercent(curveWithinPerMille / 1_000)} of the curve's instants lie in the predicted band.`;
}

const TEXTS = {
  time: { band: bandMsText, one: msText },
  count: { band: bandCountText, one: countText },
  bytes: { band: bandBytesText, one: bytesText },
} as const;

/**
 * Of all figures together: that of the first that is not as predicted, the share of 99 % before the
 * others; else open until all is told.
 */
export function overallVerdict(comparison: ForecastComparison): ForecastFigure['verdict'] {
  const all = comparison.figures.filter(isOutside);
  const outside = all.find(({ name }) => name === 't99') ?? all[0];
  return outside?.verdict ?? (comparison.isFinal ? 'within' : 'open');
}

function isOutside({ verdict }: ForecastFigure): boolean {
  return verdict === 'above' || verdict === 'below';
}

function absentText({ name }: ForecastFigure, isFinal: boolean): string {
  if (READINGS[name].unit !== 'time') return 'not known';
  return isFinal ? NEVER : NOT_YET;
}

function verdictText(verdict: ForecastFigure['verdict'], reading: Reading): string {
  switch (verdict) {
    case 'within':
      return 'as predicted';
    case 'above':
      return reading.above;
    case 'below':
      return reading.below;
    case 'open':
      return 'still open';
  }
}
