import type { SyncStatus } from '../../core/fleet/frame.ts';

export interface BeliefWords {
  readonly status: SyncStatus;
  readonly label: string;
  readonly meaning: string;
}

/** Sync states from the best to the worst, in the words of the console. */
export const BELIEFS: readonly BeliefWords[] = [
  { status: 'SYNCED', label: 'Synced', meaning: 'acknowledged what was sent last' },
  {
    status: 'STALE',
    label: 'Unacknowledged',
    meaning: 'was sent something and has not answered yet',
  },
  {
    status: 'NOT_SENT',
    label: 'Nothing sent',
    meaning: 'was heard, and nothing had to be sent yet',
  },
  { status: 'UNKNOWN', label: 'Never seen', meaning: 'in the inventory, and not heard of yet' },
  {
    status: 'ERROR',
    label: 'Rejected',
    meaning: 'rejected what was sent, and keeps serving what it had',
  },
];
