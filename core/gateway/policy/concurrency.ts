import type { TrafficPlan } from './policy-plan.ts';

/**
 * How many of `requests` are let through when they take `busyUs` microseconds together within
 * `overUs`. In flight are rate × latency (Little's law): L = busyUs / overUs. At x in flight, beyond
 * a = shedFromPercent of the limit m, the share (x − a) / (m − a) is shed; that settles where
 * x = L · m / (m − a + L), which never passes m. Whole requests, rounded down.
 */
export function admitConcurrent(
  limit: NonNullable<TrafficPlan['concurrency']>,
  requests: number,
  busyUs: number,
  overUs: number,
): number {
  const { requestsMax, shedFromPercent } = limit;
  // All multiplied by 100 · overUs, to stay with whole numbers.
  const offered = 100 * busyUs;
  if (offered <= requestsMax * shedFromPercent * overUs) return requests;
  const room = requestsMax * (100 - shedFromPercent) * overUs;
  const most = 100 * requestsMax * overUs;
  return Math.min(requests, Math.floor(requests * (most / (room + offered))));
}
