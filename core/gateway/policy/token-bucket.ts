import type { TrafficPlan } from './policy-plan.ts';

type RateLimit = NonNullable<TrafficPlan['rateLimit']>;

const US_PER_MS = 1_000;

/**
 * What a node holds of a rate limit. Credit is counted in requests × microseconds of the window, so
 * that every share of a token is a whole number.
 */
export interface TokenBucket {
  readonly atUs: number;
  readonly credit: number;
}

/** A bucket begins full. */
export function fullBucket(limit: RateLimit, nowUs: number): TokenBucket {
  return { atUs: nowUs, credit: capacityOf(limit) };
}

/**
 * Lets through what the limit allows of `wanted` requests that came evenly over the `overUs`
 * microseconds up to now (0: all at once). What flows in meanwhile is used as it comes; beyond
 * `burst` nothing is saved. A clock that goes back gives nothing.
 */
export function takeTokens(
  limit: RateLimit,
  bucket: TokenBucket,
  nowUs: number,
  overUs: number,
  wanted: number,
): { readonly bucket: TokenBucket; readonly granted: number } {
  const windowUs = limit.windowMs * US_PER_MS;
  const capacity = capacityOf(limit);
  const elapsedUs = Math.max(0, nowUs - bucket.atUs);
  const arrivingUs = Math.min(overUs, elapsedUs);
  const idleUs = Math.min(elapsedUs - arrivingUs, Math.ceil(capacity / limit.requests));
  const saved = Math.min(capacity, bucket.credit + idleUs * limit.requests);
  const credit = saved + arrivingUs * limit.requests;
  const granted = Math.min(wanted, Math.floor(credit / windowUs));
  const left = Math.min(capacity, credit - granted * windowUs);
  return { bucket: { atUs: Math.max(bucket.atUs, nowUs), credit: left }, granted };
}

function capacityOf({ burst, windowMs }: RateLimit): number {
  return burst * windowMs * US_PER_MS;
}
