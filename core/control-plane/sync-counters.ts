/** Totals since the process began. */
export interface SyncCounters {
  pushesDelta: number;
  pushesFull: number;
  acks: number;
  nacks: number;
  staleNonces: number;
  retryLaters: number;
  /** Connections closed or refused for what they sent, by reason. The reasons are a fixed set. */
  readonly closedByReason: Map<string, number>;
}

export function createSyncCounters(): SyncCounters {
  return {
    pushesDelta: 0,
    pushesFull: 0,
    acks: 0,
    nacks: 0,
    staleNonces: 0,
    retryLaters: 0,
    closedByReason: new Map(),
  };
}

export function countClose(counters: SyncCounters, reason: string): void {
  counters.closedByReason.set(reason, (counters.closedByReason.get(reason) ?? 0) + 1);
}
