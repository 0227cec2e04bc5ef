import type { ConvergenceReport } from '../protocol/control-plane-control.ts';
import { bandMsText, msText } from './band-text.ts';
import type { Band, Forecast } from './forecast.ts';
import type { ForecastComparison, ForecastFigure } from './kept-forecast.ts';

/** How a publish spread, and how many nodes refused it; null: not known. */
export interface ActualSpread extends ConvergenceReport {
  readonly nodesRejecting: number | null;
}

/**
 * What really happened beside what was predicted. A figure that is not there yet, or can still grow
 * into its band, is open; one that is past its band already is not.
 */
export function compareForecast(
  forecast: Forecast,
  actual: ActualSpread,
  isFinal: boolean,
): ForecastComparison {
  const elapsedMs = actual.curve.at(-1)?.[0] ?? 0;
  const time = (name: 't50' | 't95' | 't99' | 't100', actualMs: number | null) =>
    timeFigure(name, forecast, actualMs, elapsedMs, isFinal);
  const amount = (name: 'reached' | 'bytes' | 'nodesRejecting', value: number | null) =>
    amountFigure(name, forecast[name], value, isFinal);
  return {
    figures: [
      time('t50', actual.t50Ms),
      time('t95', actual.t95Ms),
      time('t99', actual.t99Ms),
      time('t100', actual.t100Ms),
      amount('reached', actual.reached),
      amount('bytes', actual.bytes),
      amount('nodesRejecting', actual.nodesRejecting),
    ],
    curveWithinPerMille: curveWithinPerMille(forecast, actual.curve),
    summary: summaryOf(forecast, actual.t99Ms, isFinal),
    isFinal,
  };
}

/**
 * A share that is not reached yet is above its band once a later ack than the band's end has come. What no
 * seed reached was predicted to take longer than was rehearsed, and no more than that.
 */
function timeFigure(
  name: 't50' | 't95' | 't99' | 't100',
  forecast: Forecast,
  actual: number | null,
  elapsedMs: number,
  isFinal: boolean,
): ForecastFigure {
  const predicted = forecast[name];
  const verdict = () => {
    const { low, high } = predicted;
    if (low === null && actual !== null && actual > forecast.horizonMs) return 'within';
    if (actual !== null) return verdictOf(predicted, actual);
    if (isFinal) return high === null ? 'within' : 'above';
    return low !== null && high !== null && elapsedMs > high ? 'above' : 'open';
  };
  return { name, predicted, actual, verdict: verdict() };
}

function amountFigure(
  name: ForecastFigure['name'],
  predicted: Band,
  actual: number | null,
  isFinal: boolean,
): ForecastFigure {
  const verdict = () => {
    if (actual === null) return 'open';
    const now = verdictOf(predicted, actual);
    return isFinal || now === 'above' ? now : 'open';
  };
  return { name, predicted, actual, verdict: verdict() };
}

function verdictOf({ low, high }: Band, actual: number): 'within' | 'below' | 'above' {
  if (low === null || actual < low) return 'below';
  return high !== null && actual > high ? 'above' : 'within';
}

/**
 * Of the actual instants within the horizon. The band is known at instants only; between two of them
 * it reaches from the fewest at the one before to the most at the one after. What came late is seen
 * just before it came, so that both sides of each step must lie within.
 */
function curveWithinPerMille(
  { curve, horizonMs }: Forecast,
  actual: ConvergenceReport['curve'],
): number | null {
  let within = 0;
  let compared = 0;
  let nodesBefore = 0;
  /** Of the first predicted instant that is not sooner. */
  let next = 0;
  for (const [ms, nodes] of actual) {
    if (ms > horizonMs) break;
    while ((curve[next]?.[0] ?? ms) < ms) next += 1;
    const fewestBefore = curve[next - 1]?.[1] ?? 0;
    const point = curve[next] ?? curve[next - 1];
    const fewest = point !== undefined && point[0] <= ms ? point[1] : fewestBefore;
    const most = point?.[3] ?? 0;
    compared += 1;
    if (nodesBefore >= fewestBefore && nodes >= fewest && nodes <= most) within += 1;
    nodesBefore = nodes;
  }
  return compared === 0 ? null : Math.floor((within * 1_000) / compared);
}

/** `99 % took 61 ms; 38–55 ms were predicted` */
function summaryOf(
  { t99, horizonMs }: Forecast,
  actualMs: number | null,
  isFinal: boolean,
): string {
  const isAfterAll = t99.low === null && actualMs !== null;
  const predicted = isAfterAll
    ? `that they take more than ${msText(horizonMs)} was predicted`
    : predictedText(t99);
  if (actualMs !== null) return `99 % took ${msText(actualMs)}; ${predicted}`;
  return isFinal
    ? `99 % were never reached; ${predicted}`
    : `99 % have not acknowledged yet; ${predicted}`;
}

function predictedText(t99: Band): string {
  if (t99.low === null) return 'as was predicted';
  if (t99.high === null) return `${msText(t99.low)} or more, or not at all, was predicted`;
  const text = bandMsText(t99);
  return text === msText(t99.high) ? `${text} was predicted` : `${text} were predicted`;
}
