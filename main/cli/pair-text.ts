import type { PairFigure, PairReport, TwinReport } from '../../core/protocol/twin-control.ts';
import { TWIN_SETTING_KEYS } from '../../core/protocol/twin-settings.ts';
import { settingText } from './read-twin-settings.ts';
import { count, duration, facts, table } from './text.ts';
import { spanText } from './twin-text.ts';

/** Publishes that are listed; the rest is in the JSON. */
const PUBLISHES_LISTED_MAX = 10;

/** The figures that people are shown, in this order; all others are in the JSON. */
const LISTED: readonly (readonly [name: string, words: string])[] = [
  ['staleness.lagMsMax', 'worst lag'],
  ['staleness.lagRevisionsMax', 'worst lag, revisions'],
  ['staleness.unverifiedMsMax', 'worst unverified'],
  ['requests.asked', 'requests asked'],
  ['requests.lost', 'requests lost'],
  ['pushes.pushesDelta', 'delta pushes'],
  ['pushes.pushesFull', 'full pushes'],
  ['pushes.nacks', 'nacks'],
  ['controlPlane.hellos', 'hellos'],
  ['pushes.retryLaters', 'told to retry later'],
  ['bytes.toNodes', 'bytes to nodes'],
  ['bytes.toControlPlane', 'bytes to the control plane'],
  ['controlPlane.busyMs', 'control plane busy'],
  ['controlPlane.waitingMost', 'most messages waiting'],
  ['publishesRefused', 'publishes refused'],
  ['end.onTarget', 'on target at the end'],
];

const TIMES = ['t50Ms', 't95Ms', 't99Ms', 't100Ms'] as const;

/** Two runs beside each other, for people. */
export function pairText(pair: PairReport): string {
  const notes = [...new Set([...pair.first.notes, ...pair.second.notes])];
  const parts = [summary(pair), publishes(pair), figures(pair), notes.join('\n')];
  return parts.filter((part) => part !== '').join('\n\n');
}

function summary(pair: PairReport): string {
  const { first, second, wallMs } = pair;
  const ran = first.isWhole && second.isWhole ? 'Ran' : 'Stopped after';
  const virtualMs = Math.min(first.virtualMs, second.virtualMs);
  return [
    `${ran} ${duration(virtualMs)} of ${count(first.nodes)} nodes in ${count(first.cells)} cells, ` +
      `seed ${first.seed}, under two settings, in ${duration(wallMs)}.`,
    facts([
      ['first', `${settingsText(first, second)}; trace hash ${first.traceHash}`],
      ['second', `${settingsText(second, first)}; trace hash ${second.traceHash}`],
    ]),
    partingText(pair),
  ].join('\n');
}

/** Those that the other run does not have. */
function settingsText({ settings: own }: TwinReport, { settings: others }: TwinReport): string {
  const differing = TWIN_SETTING_KEYS.filter((key) => own[key] !== others[key]);
  if (differing.length === 0) return 'the same settings';
  return differing.map((key) => settingText(key, own[key])).join(', ');
}

function partingText({ parting }: PairReport): string {
  if (parting === null) return 'Up to there both runs are the same, to the last bit.';
  const { atMs, first, second } = parting;
  if (first !== null && first.what === second?.what && first.nodeId === second.nodeId) {
    return `They part at ${spanText(atMs)} (${first.nodeId ?? 'fleet'}, ${first.what}, with other content).`;
  }
  const did = (name: string, step: typeof first) =>
    step?.atMs === atMs ? [`${name}: ${step.nodeId ?? 'fleet'}, ${step.what}`] : [];
  const who = [...did('first', first), ...did('second', second)].join('; ');
  return `They part at ${spanText(atMs)}${who === '' ? '' : ` (${who})`}.`;
}

function publishes({ publishes: all }: PairReport): string {
  const listed = all.slice(-PUBLISHES_LISTED_MAX);
  if (listed.length === 0) return '';
  const rows = listed.flatMap(({ askedAtMs, figures: of }) => {
    const named = new Map(of.map((figure) => [figure.name, figure]));
    const row = (which: 'first' | 'second' | 'difference', begin: string) => [
      begin,
      which,
      numberText('reached', named.get('reached')?.[which] ?? null, which),
      ...TIMES.map((name) => numberText(name, named.get(name)?.[which] ?? null, which)),
      numberText('bytes', named.get('bytes')?.[which] ?? null, which),
    ];
    return [row('first', duration(askedAtMs)), row('second', ''), row('difference', '')];
  });
  const text = table(
    ['published', '', 'reached', 'T50', 'T95', 'T99', 'T100', 'bytes'].map((title, index) =>
      index === 1 ? { title } : { title, align: 'right' },
    ),
    rows,
  );
  const left = all.length - listed.length;
  return left === 0 ? text : `${text}\n${count(left)} earlier publishes are in the JSON.`;
}

function figures({ figures: all }: PairReport): string {
  const named = new Map(all.map((figure) => [figure.name, figure]));
  const rows = LISTED.flatMap(([name, words]) => {
    const figure = named.get(name);
    return figure === undefined ? [] : [[words, ...cells(figure)]];
  });
  const right = ['first', 'second', 'difference'].map(
    (title) => ({ title, align: 'right' }) as const,
  );
  return table([{ title: '' }, ...right], rows);
}

function cells({ name, first, second, difference }: PairFigure): string[] {
  return [
    numberText(name, first, 'first'),
    numberText(name, second, 'second'),
    numberText(name, difference, 'difference'),
  ];
}

function numberText(
  name: string,
  value: number | null,
  which: 'first' | 'second' | 'difference',
): string {
  if (value === null) return '–';
  const text = name.includes('Ms') ? spanText(Math.abs(value)) : count(Math.abs(value));
  if (which !== 'difference') return text;
  return value === 0 ? 'same' : `${value < 0 ? '−' : '+'}${text}`;
}
