import type { ConsoleEvent, ConsoleStatus } from '../../core/protocol/console-model.ts';
import type { ControlPlaneLoad } from '../../core/protocol/control-plane-control.ts';
import type { NodeCloseReason } from '../../core/protocol/node-link.ts';
import { describeLinkEnd } from '../fleet/describe-node.ts';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatInstant,
  formatRevision,
  formatSpan,
} from '../format/format.ts';
import type { FactRow } from './fact-list.tsx';

/** Reasons named under "closed for what they sent"; the rest is summed. */
const REASONS_NAMED_MAX = 6;

/** The operating system's view of it. */
export function processFacts(
  status: ConsoleStatus,
  events: readonly ConsoleEvent[],
  nowMs: number,
): FactRow[] {
  const { controlPlane } = status;
  return [
    {
      label: 'State',
      value: stateWord(controlPlane.state),
      ...(controlPlane.state === 'up' ? {} : { tone: stateTone(controlPlane.state) }),
    },
    {
      label: 'Since',
      value: `${formatInstant(controlPlane.sinceMs, nowMs)}, ${formatClock(nowMs - controlPlane.sinceMs)}`,
    },
    { label: 'Process id', value: controlPlane.pid ?? 'none' },
    {
      label: 'Starts in the log',
      value: formatCount(startsIn(events)),
      title: 'How often it was started, as far back as the event log in this page goes.',
    },
  ];
}

/** How often the log says that the control plane was started. */
export function startsIn(events: readonly ConsoleEvent[]): number {
  return events.filter(
    (event) => event.kind === 'process-started' && event.subject === 'control-plane',
  ).length;
}

/** What its store says is current. */
export function storeFacts(status: ConsoleStatus): FactRow[] {
  const { head } = status;
  if (head === null) return [{ label: 'Head', value: 'nothing is published yet' }];
  return [
    { label: 'Head', value: formatRevision(head.revision) },
    {
      label: 'Generation',
      value: formatCount(head.generation),
      title: 'Counts every change of any target; what a node serves never goes back in it.',
    },
    {
      label: 'Lineage',
      value: head.lineage.slice(0, 12),
      title: `${head.lineage}: names this history. A restored backup keeps it.`,
    },
    { label: 'Root hash', value: head.rootHash.slice(0, 12), title: head.rootHash },
  ];
}

/** What it left in the snapshot store, for nodes that cannot reach it; nothing where there is none. */
export function snapshotStoreFacts(load: ControlPlaneLoad | null, nowMs: number): FactRow[] {
  const store = load?.snapshotStore ?? null;
  if (store === null) return [];
  const { last, lastError, intervalMs } = store;
  const dumped =
    last === null
      ? 'nothing yet'
      : `${formatRevision(last.revision)}, ${formatBytes(last.bytes)}, ${formatAge(nowMs - last.atMs)} ago`;
  return [
    {
      label: 'Snapshot store',
      value: lastError === null ? dumped : `${dumped}; the newest dump failed: ${lastError.detail}`,
      title: `Dumped every ${formatSpan(intervalMs)}, changed or not. A node that hears no welcome serves what it finds there, if it is newer.`,
      ...(lastError === null ? {} : { tone: 'warning' as const }),
    },
  ];
}

/** Whole seconds, then as a clock: `4 s`, `2:05`. */
function formatAge(ms: number): string {
  return ms < 60_000 ? `${Math.max(0, Math.floor(ms / 1_000))} s` : formatClock(ms);
}

/** The links to the nodes, now. */
export function linkFacts(load: ControlPlaneLoad): FactRow[] {
  return [
    { label: 'Connections', value: formatCount(load.connections) },
    {
      label: 'Handshakes pending',
      value: formatCount(load.handshakesPending),
      title: 'Connections that have not said hello yet.',
    },
    {
      label: 'Pushes in flight',
      value: formatCount(load.pushesInFlight),
      title: 'Sent, and not answered yet; at most one a node.',
    },
    {
      label: 'Full pushes queued',
      value: formatCount(load.fullPushesQueued),
      title: 'Full configs are sent a bounded number at a time.',
    },
  ];
}

const RENEWAL: NodeCloseReason = 'connection-age';

/** Totals since the process began. */
export function sentFacts(load: ControlPlaneLoad): FactRow[] {
  const { [RENEWAL]: renewed = 0, ...amiss } = load.closedByReason;
  const closed = Object.entries(amiss).sort((a, b) => b[1] - a[1]);
  const closedTotal = closed.reduce((sum, [, count]) => sum + count, 0);
  const named = closed.slice(0, REASONS_NAMED_MAX);
  return [
    {
      label: 'Last publish took',
      value: formatDuration(load.publishMsLast),
      title: 'The transaction of the last publish, from request to durable.',
    },
    {
      label: 'Memory',
      value: formatBytes(load.rssBytes),
      title: 'Resident set of the process.',
    },
    { label: 'Pushes, delta', value: formatCount(load.pushesDelta) },
    {
      label: 'Pushes, full',
      value: formatCount(load.pushesFull),
      title: 'Sent when the node’s revision is unknown, too old, or does not match its hash.',
    },
    { label: 'Bytes sent', value: formatBytes(load.bytesSent) },
    { label: 'Acknowledged', value: formatCount(load.acks) },
    {
      label: 'Rejected',
      value: formatCount(load.nacks),
      ...(load.nacks > 0 ? { tone: 'warning' as const } : {}),
    },
    {
      label: 'Stale answers',
      value: formatCount(load.staleNonces),
      title: 'Answers to a push that was no longer the last one: ignored, and counted.',
    },
    {
      label: 'Told to retry later',
      value: formatCount(load.retryLaters),
      title: 'Connections put off because too many came at once.',
    },
    {
      label: 'Connections renewed',
      value: formatCount(renewed),
      title: 'Closed in order at their age, so that links spread anew. Nothing is amiss.',
    },
    {
      label: 'Connections closed',
      value: formatCount(closedTotal),
      title: 'Closed for what they sent or left unanswered.',
    },
    ...named.map(([reason, count]) => ({
      label: `  ${describeLinkEnd(reason)}`,
      value: formatCount(count),
      title: reason,
    })),
  ];
}

function stateTone(state: 'starting' | 'down'): 'bad' | 'warning' {
  return state === 'down' ? 'bad' : 'warning';
}

function stateWord(state: ConsoleStatus['controlPlane']['state']): string {
  return state === 'up' ? 'up' : state === 'starting' ? 'starting' : 'down';
}
