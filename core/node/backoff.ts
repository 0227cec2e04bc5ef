import type { RandomStream } from '../ports/random.ts';
import {
  NODE_BACKOFF_BASE_MS,
  NODE_BACKOFF_CAP_MS,
  NODE_HEARTBEAT_JITTER_PERCENT,
  NODE_RETRY_LATER_MS_MAX,
  NODE_STORAGE_RETRY_BASE_MS,
  NODE_STORAGE_RETRY_CAP_MS,
} from './node-limits.ts';

const MICROS_PER_MS = 1_000;
/** Beyond this many doublings the cap holds anyway; it keeps the shift in range. */
const DOUBLINGS_MAX = 16;

/** Full jitter: microseconds, uniform in [0, min(cap, base · 2^attempt)]. */
export function backoffUs(random: RandomStream, attempt: number): number {
  return random.below(boundMs(attempt) * MICROS_PER_MS + 1);
}

function boundMs(attempt: number): number {
  return doubledMs(NODE_BACKOFF_BASE_MS, NODE_BACKOFF_CAP_MS, attempt);
}

function doubledMs(baseMs: number, capMs: number, times: number): number {
  return Math.min(capMs, baseMs * (1 << Math.min(times, DOUBLINGS_MAX)));
}

/** After `incompatible`, microseconds in the upper half below the cap: trying sooner helps nobody. */
export function incompatibleBackoffUs(random: RandomStream): number {
  const halfUs = (NODE_BACKOFF_CAP_MS / 2) * MICROS_PER_MS;
  return halfUs + random.below(halfUs + 1);
}

/**
 * Until a node whose disk refused a config asks for it again, microseconds in the upper half below
 * the bound: a full disk is not emptied at once. `failures` is how often it refused before.
 */
export function storageRetryUs(random: RandomStream, failures: number): number {
  const boundMs = doubledMs(NODE_STORAGE_RETRY_BASE_MS, NODE_STORAGE_RETRY_CAP_MS, failures);
  const halfUs = (boundMs / 2) * MICROS_PER_MS;
  return halfUs + random.below(halfUs + 1);
}

/**
 * After `retry-later`: never sooner than asked. The jitter on top is up to half of that and, for a
 * node that is put off again and again, up to the backoff's bound: who was put off `deferrals` times
 * before should not spend the control plane's time on handshakes.
 */
export function retryLaterUs(random: RandomStream, afterMs: number, deferrals: number): number {
  const askedUs = Math.min(afterMs, NODE_RETRY_LATER_MS_MAX) * MICROS_PER_MS;
  const boundUs = boundMs(deferrals) * MICROS_PER_MS;
  return askedUs + random.below(Math.max(Math.floor(askedUs / 2), boundUs) + 1);
}

/** Microseconds to the next heartbeat: `heartbeatMs` ± 10 %. */
export function heartbeatUs(random: RandomStream, heartbeatMs: number): number {
  return jitteredUs(random, heartbeatMs, NODE_HEARTBEAT_JITTER_PERCENT);
}

/** Microseconds, uniform within so many per cent of `ms`. */
export function jitteredUs(random: RandomStream, ms: number, percent: number): number {
  const periodUs = ms * MICROS_PER_MS;
  const spreadUs = Math.floor((periodUs * percent) / 100);
  return periodUs - spreadUs + random.below(2 * spreadUs + 1);
}
