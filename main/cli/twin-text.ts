import type { PublishReport, TwinReport } from '../../core/protocol/twin-control.ts';
import type { TwinSettingKey } from '../../core/protocol/twin-settings.ts';
import { settingText } from './read-twin-settings.ts';
import { count, duration, facts, table } from './text.ts';

/** Publishes that are listed; the rest is in the JSON. */
const PUBLISHES_LISTED_MAX = 20;

/**
 * A report of the twin for people.
 *
 * @param chosen the settings that were asked for
 */
export function twinText(
  report: TwinReport,
  why: readonly string[] | null,
  chosen: readonly TwinSettingKey[],
): string {
  const parts = [
    summary(report, chosen),
    publishes(report),
    facts(figures(report)),
    report.notes.join('\n'),
  ];
  if (why !== null) parts.push(why.join('\n'));
  return parts.filter((part) => part !== '').join('\n\n');
}

/** `38.4 ms`, `2.41 s`, `3:05 min` */
export function spanText(ms: number): string {
  return ms < 1_000 ? `${ms.toFixed(1)} ms` : duration(ms);
}

function summary(
  { nodes, cells, seed, settings, virtualMs, isWhole, wallMs, speed, traceHash }: TwinReport,
  chosen: readonly TwinSettingKey[],
): string {
  const under = chosen.map((key) => settingText(key, settings[key])).join(', ');
  const ran = isWhole ? 'Ran' : 'Stopped after';
  return (
    `${ran} ${duration(virtualMs)} of ${count(nodes)} nodes in ${count(cells)} cells, seed ${seed}, ` +
    `in ${duration(wallMs)}: ${count(speed)} × real time.` +
    `${under === '' ? '' : `\nUnder ${under}`}\nTrace hash ${traceHash}`
  );
}

function publishes({ publishes: all, publishesRefused }: TwinReport): string {
  const listed = all.slice(-PUBLISHES_LISTED_MAX);
  const rows = listed.map((p) => [
    `r${p.revision}`,
    duration(p.atMs),
    acknowledgedText(p),
    span(p.t50Ms),
    span(p.t95Ms),
    span(p.t99Ms),
    span(p.t100Ms),
    count(p.bytes),
  ]);
  const lines: string[] = [];
  if (rows.length > 0) lines.push(table(COLUMNS, rows));
  if (all.length > listed.length) {
    lines.push(`${count(all.length - listed.length)} earlier publishes are in the JSON.`);
  }
  const [refused] = publishesRefused;
  if (refused !== undefined) {
    const times = publishesRefused.length;
    const first = `at ${duration(refused.atMs)}: ${refused.detail}`;
    lines.push(
      `${times === 1 ? 'One publish was' : `${count(times)} publishes were`} refused, the first ${first}`,
    );
  }
  return lines.join('\n');
}

function acknowledgedText({ undoneAtMs, reached, nodes }: PublishReport): string {
  if (undoneAtMs !== null) return 'undone';
  return reached === null ? 'not saved' : `${count(reached)} of ${count(nodes)}`;
}

const COLUMNS = [
  { title: 'revision' },
  { title: 'at', align: 'right' },
  { title: 'acknowledged', align: 'right' },
  { title: 'T50', align: 'right' },
  { title: 'T95', align: 'right' },
  { title: 'T99', align: 'right' },
  { title: 'T100', align: 'right' },
  { title: 'bytes', align: 'right' },
] as const;

function figures(report: TwinReport): (readonly [string, string])[] {
  const { staleness, requests, pushes, bytes, controlPlane, end, belief } = report;
  const { lagMsMax, lagRevisionsMax } = staleness;
  const missing = lagRevisionsMax === 1 ? 'one revision' : `${count(lagRevisionsMax)} revisions`;
  const lag = `${duration(lagMsMax)}, ${missing}`;
  const believed =
    belief === null
      ? 'nothing, it is down'
      : `${count(belief.connected)} connected, ${count(belief.acknowledged)} acknowledged, ` +
        `${count(belief.rejected)} rejected, ${count(belief.ahead)} ahead`;
  return [
    ['worst lag', lag],
    ['worst unverified', duration(staleness.unverifiedMsMax)],
    [
      'requests',
      `${count(requests.asked)} asked, ${count(requests.answered)} answered, ` +
        `${count(requests.failed)} failed, ${count(requests.refused)} refused` +
        unusual([
          [requests.unrouted, 'without a route'],
          [requests.limited, 'limited'],
          [requests.shed, 'shed'],
          [requests.denied, 'denied'],
        ]),
    ],
    [
      'pushes',
      `${count(pushes.pushesDelta)} delta, ${count(pushes.pushesFull)} full, ` +
        `${count(pushes.acks)} acks, ${count(pushes.nacks)} nacks` +
        unusual([[pushes.retryLaters, 'told to retry later']]),
    ],
    [
      'bytes',
      `${count(bytes.toNodes)} to nodes, ${count(bytes.toControlPlane)} to the control plane`,
    ],
    ['at the end', endText(end)],
    ['control plane', `${controlPlane.isUp ? 'up' : 'down'}, ${processText(controlPlane)}`],
    ['it believes', believed],
    ['service times', report.serviceTimes],
  ];
}

function endText(end: TwinReport['end']): string {
  const parts = [`${count(end.onTarget)} on target`];
  if (end.behind > 0) parts.push(`${count(end.behind)} behind (${count(end.refusing)} refused it)`);
  if (end.ahead > 0) parts.push(`${count(end.ahead)} ahead`);
  if (end.unconfigured > 0) parts.push(`${count(end.unconfigured)} on the built-in default`);
  if (end.down > 0) parts.push(`${count(end.down)} down`);
  return parts.join(', ');
}

function processText({ starts, busyMs }: TwinReport['controlPlane']): string {
  const lives = starts === 1 ? 'started once' : `started ${count(starts)} times`;
  return `${lives}, busy for ${duration(busyMs)}`;
}

/** Parts of the figure before them; nothing when there were none. */
function unusual(counts: readonly (readonly [number, string])[]): string {
  return counts.map(([value, words]) => (value > 0 ? `, ${count(value)} ${words}` : '')).join('');
}

function span(ms: number | null): string {
  return ms === null ? '–' : spanText(ms);
}
