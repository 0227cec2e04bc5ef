import { MICROS_PER_MS, MICROS_PER_SECOND } from '../ports/clock.ts';

/** Every cap and time-out of the control plane. */
export interface ControlPlaneSettings {
  readonly heartbeatMs: number;
  /** How long a publish may take to reach every node before an alert names the missing ones. */
  readonly convergenceDeadlineUs: number;
  /** From the opening of a connection to its hello. */
  readonly helloTimeoutUs: number;
  /** From a push to its ack or nack. */
  readonly answerTimeoutUs: number;
  /** From `welcome` to an orderly close, give or take a tenth, so that links spread anew. */
  readonly connectionAgeUs: number;
  /** Publishes are gathered until nothing was published for this long … */
  readonly debounceQuietUs: number;
  /** … but never longer than this. */
  readonly debounceMaxUs: number;
  /** Connections that have not said hello yet. */
  readonly handshakesMax: number;
  readonly fullPushesInFlightMax: number;
  readonly fullPushesQueuedMax: number;
  /** A `retry-later` asks for a wait drawn uniformly from this range. */
  readonly retryAfterMsMin: number;
  readonly retryAfterMsMax: number;
  /** Node words and convergence records are saved at most this often. */
  readonly saveIntervalUs: number;
  /** From `fetch-config` to the last chunk. */
  readonly adoptTimeoutUs: number;
  /** A node that is more revisions behind its target than this is sent everything, as if the log had been compacted. */
  readonly logRevisionsMax: number;
  /** Encoded push bodies kept, by number and by size. */
  readonly bodiesCachedMax: number;
  readonly bodyBytesCachedMax: number;
  /** The head is dumped to the snapshot store this often, changed or not; null: there is no store. */
  readonly snapshotIntervalUs: number | null;
}

/** Of a control plane that has a snapshot store. */
export const SNAPSHOT_INTERVAL_MS = 10_000;

/** Heartbeats that may be missed before a connection counts as dead. */
export const HEARTBEATS_MISSED_MAX = 3;

/** A connection's age is drawn up to this much shorter or longer, in percent (gRFC A9: MAX_CONNECTION_AGE). */
export const CONNECTION_AGE_JITTER_PERCENT = 10;

export const DEFAULT_CONTROL_PLANE_SETTINGS: ControlPlaneSettings = {
  heartbeatMs: 10_000,
  convergenceDeadlineUs: 30 * MICROS_PER_SECOND,
  helloTimeoutUs: 5 * MICROS_PER_SECOND,
  answerTimeoutUs: 15 * MICROS_PER_SECOND,
  connectionAgeUs: 3_600 * MICROS_PER_SECOND,
  debounceQuietUs: 100 * MICROS_PER_MS,
  debounceMaxUs: MICROS_PER_SECOND,
  handshakesMax: 1_024,
  fullPushesInFlightMax: 256,
  fullPushesQueuedMax: 8_192,
  retryAfterMsMin: 500,
  retryAfterMsMax: 3_000,
  saveIntervalUs: MICROS_PER_SECOND,
  adoptTimeoutUs: 30 * MICROS_PER_SECOND,
  logRevisionsMax: 512,
  bodiesCachedMax: 64,
  bodyBytesCachedMax: 64 * 1024 * 1024,
  snapshotIntervalUs: null,
};
