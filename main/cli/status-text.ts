import type { ConsoleStatus, ProcessStatus } from '../../core/protocol/console-model.ts';
import type { SnapshotStoreLoad } from '../../core/protocol/control-plane-control.ts';
import { count, duration, facts, plain } from './text.ts';

/** The status for people: one fact a line, value first. */
export function statusText(status: ConsoleStatus): string {
  const { head, fleet, staleness, traffic, convergence } = status;
  const nodes = fleet.inventory;
  const rows: (readonly [string, string])[] = [
    ['control plane', processText(status.controlPlane, status.atMs)],
    ['simulator', processText(status.simulator, status.atMs)],
    ['head', head === null ? 'nothing published yet' : headText(head)],
    ['serving', `${count(fleet.serving)} of ${count(nodes)} nodes`],
    ['acknowledged', `${count(fleet.acknowledged)} of ${count(nodes)}${believed(status)}`],
    ['connected', `${count(fleet.connected)} of ${count(nodes)}`],
    ['behind', deviations(status)],
    [
      'staleness',
      `${staleness.lagRevisionsMax} revisions (budget ${staleness.budget.lagRevisions}), unverified ${duration(staleness.unverifiedMsMax)} (budget ${duration(staleness.budget.unverifiedMs)})`,
    ],
    ['traffic', trafficText(traffic)],
  ];
  const store = status.controlPlaneLoad?.snapshotStore ?? null;
  if (store !== null) rows.push(['snapshot store', snapshotText(store, status.atMs)]);
  if (convergence !== null) {
    const t99 = convergence.t99Ms === null ? 'not yet' : duration(convergence.t99Ms);
    const reached = `${count(convergence.reached)} of ${count(convergence.nodes)}`;
    rows.push(['convergence', `r${convergence.revision} reached ${reached}; T99 ${t99}`]);
  }
  for (const fault of status.faults) rows.push(['fault', `${fault.id}: ${fault.fault.kind}`]);
  if (status.draft !== null) {
    const base = status.draft.base === null ? 'nothing' : `r${status.draft.base}`;
    rows.push(['draft', `based on ${base}`]);
  }
  const alerts = status.alerts.map((alert) => `  ${plain(alert.title)}. ${plain(alert.detail)}`);
  rows.push(['alerts', alerts.length === 0 ? 'none' : String(alerts.length)]);
  return [facts(rows), ...alerts].join('\n');
}

function processText(process: ProcessStatus, atMs: number): string {
  const since = `for ${duration(Math.max(0, atMs - process.sinceMs))}`;
  const who = process.pid === null ? '' : `, pid ${process.pid}`;
  const why = process.reason === null ? '' : ` (${process.reason})`;
  return `${process.state} ${since}${who}${why}`;
}

function snapshotText({ last, lastError }: SnapshotStoreLoad, atMs: number): string {
  const dumped =
    last === null
      ? 'nothing yet'
      : `r${last.revision}, ${count(last.bytes)} bytes, ${duration(Math.max(0, atMs - last.atMs))} ago`;
  return lastError === null
    ? dumped
    : `${dumped}; the newest dump failed: ${plain(lastError.detail)}`;
}

function headText(head: NonNullable<ConsoleStatus['head']>): string {
  return `r${head.revision} ${head.rootHash.slice(0, 12)} by ${head.author}: ${head.message}`;
}

function believed(status: ConsoleStatus): string {
  const { believedAtMs } = status.fleet;
  if (status.controlPlane.state === 'up' || believedAtMs === null) return '';
  return `, as of ${duration(status.atMs - believedAtMs)} ago`;
}

function deviations({ fleet }: ConsoleStatus): string {
  const parts = [`${count(fleet.behind)} nodes`];
  if (fleet.rejected > 0) parts.push(`${count(fleet.rejected)} rejected`);
  if (fleet.ahead > 0) parts.push(`${count(fleet.ahead)} ahead`);
  return parts.join(', ');
}

function trafficText(traffic: ConsoleStatus['traffic']): string {
  if (traffic.successRate === null) return 'none';
  // Rounded down: 100 % is said only when nothing failed.
  const percent = (Math.floor(traffic.successRate * 100_000) / 1_000).toFixed(3);
  const refused = [
    [traffic.limitedPerSecond, 'limited (429)'],
    [traffic.shedPerSecond, 'shed (503)'],
    [traffic.deniedPerSecond, 'denied (401, 403)'],
  ] as const;
  const byPolicies = refused
    .filter(([perSecond]) => perSecond > 0)
    .map(([perSecond, word]) => `, ${count(perSecond)}/s ${word}`);
  return `${count(traffic.requestsPerSecond)} requests/s, ${percent} % answered, p99 ${traffic.latencyP99Ms.toFixed(1)} ms${byPolicies.join('')}`;
}
