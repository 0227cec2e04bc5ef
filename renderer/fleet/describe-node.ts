import {
  type FleetFrame,
  NEVER_MS,
  SYNC_STATUSES,
  type SyncStatus,
  unpackNodeFlags,
} from '../../core/fleet/frame.ts';
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

const SYNC_WORDS: Readonly<Record<SyncStatus, string>> = {
  UNKNOWN: 'never seen',
  NOT_SENT: 'nothing sent',
  STALE: 'unacknowledged',
  SYNCED: 'synced',
  ERROR: 'rejected',
};

/** What the control plane believes of a node, in words: people read "stale" as "old". */
export function describeSync(status: SyncStatus): string {
  return SYNC_WORDS[status];
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
