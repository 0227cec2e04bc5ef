import {
  bandBytesText,
  bandCountText,
  bandMsText,
  msText,
} from '../../../core/rehearsal/band-text.ts';
import type { Band, Forecast } from '../../../core/rehearsal/forecast.ts';
import {
  DEFAULT_REHEARSAL_LIMITS,
  judgeForecast,
} from '../../../core/rehearsal/rehearsal-limits.ts';
import { formatCount, formatNodes, formatSpan } from '../../format/format.ts';

/** Stands where a figure will be. */
export const NOTHING_YET = '–';

/** One share of the nodes, and after how long it is predicted to have the draft. */
export interface PredictedTime {
  readonly share: string;
  readonly band: string;
  readonly median: string;
}

/** What the rehearsal found, in one sentence. */
export function forecastHeadline(forecast: Forecast): string {
  const { requestsLost, nodesRejecting } = forecast;
  const lost = isNone(requestsLost) ? 'no request is lost' : countSentence(requestsLost, LOST);
  const rejected = isNone(nodesRejecting)
    ? 'no node rejects it'
    : countSentence(nodesRejecting, REJECT);
  return `${spreadWords(forecast)}; ${lost}, ${rejected}.`;
}

/** T50, T95, T99 and T100, as bands and in the middle seed; dashes before there is a forecast. */
export function predictedTimes(forecast: Forecast | null): readonly PredictedTime[] {
  const bands = [
    ['50 %', forecast?.t50],
    ['95 %', forecast?.t95],
    ['99 %', forecast?.t99],
    ['100 %', forecast?.t100],
  ] as const;
  return bands.map(([share, band]) =>
    band === undefined
      ? { share, band: NOTHING_YET, median: NOTHING_YET }
      : { share, band: bandMsText(band), median: medianText(band) },
  );
}

function medianText({ median }: Band): string {
  return median === null ? 'not reached' : msText(median);
}

/** The same in a few words: `99 % of nodes after 38–55 ms`, `198 of 200 nodes, not 99 %` */
export function forecastInShort({ t99, reached, nodes }: Forecast): string {
  if (t99.low === null) return `${bandCountText(reached)} of ${formatNodes(nodes)}, not 99 %`;
  return t99.high === null
    ? '99 % of nodes not in every seed'
    : `99 % of nodes after ${bandMsText(t99)}`;
}

/**
 * Whether it would go amiss in some seed, as the control plane itself judges a publish: nodes are late
 * or reject it, or requests are lost.
 */
export function isBeyondLimits(forecast: Forecast): boolean {
  return judgeForecast(forecast, DEFAULT_REHEARSAL_LIMITS).some(({ isWithin }) => !isWithin);
}

/** `55–72 ms behind the head, 1.02 s unverified`; `30 s or more behind …` where it ended before they had it */
export function stalenessWords({ lagMsMax, unverifiedMsMax, horizonMs }: Forecast): string {
  const isOpen = lagMsMax.high !== null && lagMsMax.high >= horizonMs;
  const behind = `${bandMsText(lagMsMax)}${isOpen ? ' or more' : ''}`;
  return `${behind} behind the head, ${bandMsText(unverifiedMsMax)} unverified`;
}

/** `none of 12,000`, `3–12 of 12,000, by the publish`, `… by the publish and what breaks` */
export function lostWords({ requestsLost, requestsAsked, faults }: Forecast): string {
  if (isNone(requestsAsked)) return 'none is asked';
  const asked = bandCountText(requestsAsked);
  if (isNone(requestsLost)) return `none of ${asked}`;
  const by = faults.length === 0 ? 'by the publish' : 'by the publish and what breaks';
  return `${bandCountText(requestsLost)} of ${asked}, ${by}`;
}

/** `1.2–1.4 MB in 200 pushes of what changed and 3 of everything` */
export function sentWords({ bytes, pushesDelta, pushesFull }: Forecast): string {
  const parts = [
    isNone(pushesDelta) ? null : `${bandCountText(pushesDelta)} delta`,
    isNone(pushesFull) ? null : `${bandCountText(pushesFull)} full`,
  ].filter((part) => part !== null);
  const size = bandBytesText(bytes);
  return parts.length === 0 ? `${size}, no push` : `${size}; pushes: ${parts.join(', ')}`;
}

/** `37 seeds in 5.0 s`, `1 seed in 0.4 s, stopped` */
export function seedsWords(forecast: Forecast, isStopped: boolean): string {
  const took = `${(forecast.wallMs / 1_000).toFixed(1)} s`;
  return `${seedCount(forecast.seeds)} in ${took}${isStopped ? ', stopped' : ''}`;
}

/** `1 seed`, `37 seeds` */
export function seedCount(seeds: number): string {
  return `${formatCount(seeds)} ${seeds === 1 ? 'seed' : 'seeds'}`;
}

/**
 * `200 nodes, 1 min of virtual time, no chosen fault`
 *
 * @param inForce what was broken in the fleet meanwhile; null: nobody noted it
 */
export function rehearsedWith(forecast: Forecast, inForce: readonly string[] | null): string {
  const { nodes, horizonMs, faults } = forecast;
  const chosen = faults.length === 0 ? 'no chosen fault' : faults.join('; ');
  const stood = (inForce ?? []).length === 0 ? '' : `; in force already: ${inForce?.join('; ')}`;
  return `${formatNodes(nodes)}, ${formatSpan(horizonMs)} of virtual time, ${chosen}${stood}`;
}

const LOST = { one: 'request is lost', many: 'requests are lost' } as const;
const REJECT = { one: 'node rejects it', many: 'nodes reject it' } as const;

function spreadWords({ nodes, reached, t99, t100, horizonMs }: Forecast): string {
  const of = `99 % of ${formatNodes(nodes)}`;
  const horizon = formatSpan(horizonMs);
  if (t99.low === null) {
    const some = `${bandCountText(reached)} of ${formatNodes(nodes)}`;
    return `${some} acknowledge it within ${horizon}, not 99 %`;
  }
  if (t99.high === null) {
    return `${of} acknowledge it after ${msText(t99.low)} in one seed and not within ${horizon} in another`;
  }
  if (bandMsText(t99) === bandMsText(t100)) {
    return `All ${formatNodes(nodes)} acknowledge it after ${bandMsText(t100)}`;
  }
  const whole =
    t100.high === null
      ? t100.low === null
        ? `${bandCountText(reached)} in all`
        : `not always all within ${horizon}`
      : `all after ${bandMsText(t100)}`;
  return `${of} acknowledge it after ${bandMsText(t99)}, ${whole}`;
}

function isNone(band: Band): boolean {
  return band.high === 0;
}

function countSentence(band: Band, verb: { readonly one: string; readonly many: string }): string {
  const isOne = band.low === 1 && band.high === 1;
  return `${bandCountText(band)} ${isOne ? verb.one : verb.many}`;
}
