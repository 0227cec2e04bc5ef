import {
  type FleetFrame,
  NEVER_MS,
  SYNC_STATUSES,
  type SyncStatus,
  unpackNodeFlags,
} from '../../core/fleet/frame.ts';
import type { NodeDetail } from '../../core/protocol/console-model.ts';
import { BELIEFS } from '../control-plane/belief-words.ts';
import { formatClock, formatRevision } from '../format/format.ts';

const SOURCE_WORDS = {
  'control-plane': 'control plane',
  'snapshot-store': 'snapshot store',
  disk: 'disk',
  default: 'built-in default',
} as const;

/** Where a config came from, in words. */
export function describeSource(source: keyof typeof SOURCE_WORDS): string {
  return SOURCE_WORDS[source];
}

/** What else is to be said of what a node serves: that it is damaged, and what it replaces. */
export function describeServing(inspection: NodeDetail['inspection'], nowMs: number): string {
  const damage = inspection?.serving?.damaged === true ? '; damaged in its memory' : '';
  const retiring = inspection?.retiring ?? null;
  if (retiring === null || nowMs >= retiring.untilMs) return damage;
  const before = retiring.revision === null ? 'the default' : formatRevision(retiring.revision);
  return `${damage}; requests that began before end on ${before}`;
}

const LINK_END_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers at its address',
  ECONNRESET: 'the connection broke',
  'connect-timeout': 'connecting took too long',
  'storage-retry': 'to try its disk again',
  stopped: 'stopped',
  'bad-frame': 'a message could not be read',
  'frame-too-large': 'a message was too large',
  unauthorized: 'the token was not accepted',
  incompatible: 'the versions do not fit',
  'hello-timeout': 'no hello came in time',
  'answer-timeout': 'no answer came in time',
  'heartbeat-timeout': 'no heartbeat came in time',
  'retry-later': 'told to come back later',
  'handshakes-full': 'too many nodes connect at once',
  'full-pushes-full': 'too many nodes wait for a whole config',
  replaced: 'replaced by a newer link',
  'slow-consumer': 'it read too slowly',
  'connection-age': 'renewed, as every link is from time to time',
  'shutting-down': 'the control plane stopped',
};

/** Why a link ended, in words; a reason that is not known is said as it came. */
export function describeLinkEnd(reason: string): string {
  return LINK_END_WORDS[reason] ?? reason;
}

/** What a node notes of its link, ending with the name of a reason. */
const LINK_NOTE = /^(control link lost|could not connect|told to come later): (.+)$/;

/** An entry of a node's log, in words. */
export function describeLogText(text: string): string {
  const [, what, reason] = LINK_NOTE.exec(text) ?? [];
  if (what === undefined || reason === undefined) return text;
  return `${what}: ${describeLinkEnd(reason)}`;
}

/** What the control plane believes of a node, in words: people read "stale" as "old". */
export function describeSync(status: SyncStatus): string {
  return BELIEFS.find((each) => each.status === status)?.label.toLowerCase() ?? status;
}

/** One row of the frame in words. */
export interface NodeWords {
  readonly serving: string;
  readonly source: string;
  readonly link: string;
  readonly health: string;
  readonly sync: string;
  readonly unverified: string;
}

/** What the frame says of node i. */
export function nodeWords(frame: FleetFrame, i: number): NodeWords {
  const flags = unpackNodeFlags(frame.flags[i] ?? 0);
  const unverifiedMs = frame.unverifiedMs[i] ?? NEVER_MS;
  return {
    serving: flags.health === 'down' ? '–' : formatRevision(frame.servingRevision[i] ?? 0),
    source: describeSource(flags.source),
    link: flags.link,
    health: flags.health,
    sync: describeSync(SYNC_STATUSES[frame.syncStatus[i] ?? 0] ?? 'UNKNOWN'),
    unverified: unverifiedMs >= NEVER_MS ? 'never verified' : formatClock(unverifiedMs),
  };
}
