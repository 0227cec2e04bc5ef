import { DEFAULT_CONTROL_PLANE_SETTINGS } from '../control-plane/settings.ts';
import { MICROS_PER_MS } from '../ports/clock.ts';
import { bandCountText, bandMsText, countText, msText } from './band-text.ts';
import type { Band, Forecast } from './forecast.ts';
import type { TakerTimes } from './taker-times.ts';

/** What a draft must keep to in every seed of its rehearsal. Null: it may be anything. */
export interface RehearsalLimits {
  /**
   * Milliseconds from publish until 99 % of the inventory have acknowledged; where nodes may reject it,
   * 99 % of those that do not.
   */
  readonly t99MsMax: number | null;
  /** The same for all of them; a node that is down makes it unreachable. */
  readonly t100MsMax: number | null;
  readonly nodesRejectingMax: number | null;
  /** Requests that are lost beyond those that are lost without the publish. */
  readonly requestsLostMax: number | null;
  /** Longest that a node serves while it lacks a published revision, milliseconds. */
  readonly lagMsMax: number | null;
}

/** As the control plane itself judges a publish, and nothing may break. */
export const DEFAULT_REHEARSAL_LIMITS: RehearsalLimits = {
  t99MsMax: DEFAULT_CONTROL_PLANE_SETTINGS.convergenceDeadlineUs / MICROS_PER_MS,
  t100MsMax: null,
  nodesRejectingMax: 0,
  requestsLostMax: 0,
  lagMsMax: null,
};

/** One limit beside what was predicted. */
export interface LimitVerdict {
  readonly name: 't99' | 't100' | 'nodesRejecting' | 'requestsLost' | 'lag';
  /** Milliseconds, nodes or requests. */
  readonly limit: number;
  readonly predicted: Band;
  readonly isWithin: boolean;
  readonly sentence: string;
}

/**
 * Whether a forecast keeps to the limits, by its worst seed; in the order in which limits are told.
 *
 * @param takers of the same seeds: where nodes may reject it, those that do count for no share; null: every node counts
 */
export function judgeForecast(
  forecast: Forecast,
  limits: RehearsalLimits,
  takers: TakerTimes | null = null,
): readonly LimitVerdict[] {
  const { nodesRejectingMax, requestsLostMax, lagMsMax } = limits;
  const verdicts = judgeShares(forecast, limits, nodesRejectingMax === 0 ? null : takers);
  if (nodesRejectingMax !== null) {
    const { nodesRejecting } = forecast;
    const what = { one: 'node rejects it', many: 'nodes reject it' };
    verdicts.push(judgeCount('nodesRejecting', what, nodesRejectingMax, nodesRejecting));
  }
  if (requestsLostMax !== null) {
    const what = { one: 'request is lost', many: 'requests are lost' };
    verdicts.push(judgeCount('requestsLost', what, requestsLostMax, forecast.requestsLost));
  }
  if (lagMsMax !== null) {
    const what = 'A node serves without a published revision for at most';
    verdicts.push(judgeTime('lag', what, lagMsMax, forecast.lagMsMax));
  }
  return verdicts;
}

/** @param takers null: the shares are those of all nodes */
function judgeShares(
  forecast: Forecast,
  { t99MsMax, t100MsMax }: RehearsalLimits,
  takers: TakerTimes | null,
): LimitVerdict[] {
  const verdicts: LimitVerdict[] = [];
  const { t99, t100 } = takers ?? forecast;
  const whose = takers === null ? 'nodes' : 'nodes that take it';
  const judge = (name: 't99' | 't100', share: string, limit: number, predicted: Band) => {
    const verdict = judgeTime(name, `${share} ${whose} acknowledge it after`, limit, predicted);
    const sentence = `In some seed no node takes it; the limit is ${msText(limit)}.`;
    verdicts.push(takers?.nodesMin === 0 ? { ...verdict, sentence } : verdict);
  };
  if (t99MsMax !== null) judge('t99', '99 % of the', t99MsMax, t99);
  if (t100MsMax !== null) judge('t100', 'All', t100MsMax, t100);
  return verdicts;
}

function judgeTime(
  name: LimitVerdict['name'],
  what: string,
  limit: number,
  predicted: Band,
): LimitVerdict {
  const isWithin = predicted.high !== null && predicted.high <= limit;
  const most = `the limit is ${msText(limit)}`;
  const { low, high } = predicted;
  const sentence =
    high !== null
      ? `${what} ${bandMsText(predicted)}; ${most}.`
      : low === null
        ? `${what} more than was rehearsed; ${most}.`
        : `${what} ${msText(low)} in one seed and more than was rehearsed in another; ${most}.`;
  return { name, limit, predicted, isWithin, sentence };
}

function judgeCount(
  name: LimitVerdict['name'],
  what: { readonly one: string; readonly many: string },
  limit: number,
  predicted: Band,
): LimitVerdict {
  const isWithin = predicted.high !== null && predicted.high <= limit;
  const isOne = predicted.low === 1 && predicted.high === 1;
  const subject = predicted.high === 0 ? 'No' : bandCountText(predicted);
  const verb = isOne || predicted.high === 0 ? what.one : what.many;
  const sentence = `${subject} ${verb}; at most ${countText(limit)} may.`;
  return { name, limit, predicted, isWithin, sentence };
}
