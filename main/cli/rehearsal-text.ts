import {
  bandBytesText,
  bandCountText,
  bytesText,
  countText,
  msText,
} from '../../core/rehearsal/band-text.ts';
import type { Band, Forecast } from '../../core/rehearsal/forecast.ts';
import type { LimitVerdict } from '../../core/rehearsal/rehearsal-limits.ts';
import { facts, plainLines, table } from './text.ts';

export interface RehearsalTextInput {
  readonly forecast: Forecast;
  readonly verdicts: readonly LimitVerdict[];
  readonly seedsAsked: number;
  readonly isStopped: boolean;
}

/** Refused resources that are listed; the rest is in the JSON. */
const REJECTIONS_LISTED_MAX = 20;

/** A forecast for people. */
export function rehearsalText(input: RehearsalTextInput): string {
  const { forecast, verdicts } = input;
  const parts = [
    summary(input),
    bands(forecast),
    facts(figures(forecast)),
    rejections(forecast),
    limits(verdicts),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function summary({ forecast, seedsAsked, isStopped }: RehearsalTextInput): string {
  const { seeds, firstSeed, nodes, horizonMs, wallMs } = forecast;
  const many = seeds === 1 ? 'one seed' : `${countText(seeds)} seeds`;
  const done = isStopped
    ? `Stopped after ${many} of ${countText(seedsAsked)}`
    : `Rehearsed ${many}`;
  const fleet = nodes === 1 ? 'one node' : `${countText(nodes)} nodes`;
  return (
    `${done} from seed ${firstSeed} on ${fleet}, ${msText(horizonMs)} after the publish each, ` +
    `in ${msText(wallMs)}.`
  );
}

function bands({
  nodes,
  t50,
  t95,
  t99,
  t100,
  reached,
  lagMsMax,
  unverifiedMsMax,
}: Forecast): string {
  const times = (name: string, band: Band) => row(name, band, msText);
  return table(
    [
      { title: 'over the seeds' },
      { title: 'least', align: 'right' },
      { title: 'middle', align: 'right' },
      { title: 'most', align: 'right' },
    ],
    [
      times('50 % acknowledge it after', t50),
      times('95 %', t95),
      times('99 %', t99),
      times('all', t100),
      row(`nodes that acknowledged it, of ${countText(nodes)}`, reached, countText),
      times('longest served without it', lagMsMax),
      times('longest unverified', unverifiedMsMax),
    ],
  );
}

function row(name: string, band: Band, textOf: (value: number) => string): readonly string[] {
  const text = (value: number | null) => (value === null ? 'never' : textOf(value));
  return [name, text(band.low), text(band.median), text(band.high)];
}

function figures(forecast: Forecast): (readonly [string, string])[] {
  const { requestsLost, requestsAsked, nodesRejecting, bytes, faults } = forecast;
  const perNode = (bytes.high ?? 0) / Math.max(1, forecast.nodes);
  return [
    ['requests lost', `${bandCountText(requestsLost)} of ${bandCountText(requestsAsked)}`],
    ['nodes that reject it', bandCountText(nodesRejecting)],
    ['bytes', `${bandBytesText(bytes)}, on average at most ${bytesText(perNode)} a node`],
    [
      'pushes',
      `${bandCountText(forecast.pushesDelta)} delta, ${bandCountText(forecast.pushesFull)} full`,
    ],
    ['chosen faults', faults.length === 0 ? 'none' : faults.join('; ')],
    ['service times', forecast.serviceTimes],
  ];
}

function rejections({ rejections: all }: Forecast): string {
  if (all.length === 0) return '';
  const listed = all.slice(0, REJECTIONS_LISTED_MAX);
  const lines = [
    table(
      [{ title: 'rejected by', align: 'right' }, { title: 'resource' }, { title: 'because' }],
      listed.map(({ key, detail, nodes }) => [countText(nodes), key === '' ? '–' : key, detail]),
    ),
  ];
  const more = all.length - listed.length;
  if (more > 0) lines.push(`${countText(more)} more are in the JSON.`);
  return lines.join('\n');
}

function limits(verdicts: readonly LimitVerdict[]): string {
  return verdicts
    .map(({ isWithin, sentence }) => `${isWithin ? 'within' : 'BEYOND'}  ${plainLines(sentence)}`)
    .join('\n');
}
