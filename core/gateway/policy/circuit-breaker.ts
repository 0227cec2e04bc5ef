import type { TrafficPlan } from './policy-plan.ts';

type BreakerPlan = NonNullable<TrafficPlan['circuitBreaker']>;

const US_PER_MS = 1_000;

/** `half-open`: one request tries whether it works again. */
export type CircuitBreaker =
  | {
      readonly kind: 'closed';
      /** Start of the interval that is counted. */
      readonly sinceUs: number;
      readonly requests: number;
      readonly failures: number;
    }
  | { readonly kind: 'open'; readonly untilUs: number }
  | { readonly kind: 'half-open' };

export function closedBreaker(nowUs: number): CircuitBreaker {
  return { kind: 'closed', sinceUs: nowUs, requests: 0, failures: 0 };
}

/** The breaker as it stands now, and how many of `wanted` requests it lets through. */
export function passBreaker(
  breaker: CircuitBreaker,
  nowUs: number,
  wanted: number,
): { readonly breaker: CircuitBreaker; readonly granted: number } {
  if (breaker.kind === 'closed') return { breaker, granted: wanted };
  if (breaker.kind === 'open' && nowUs < breaker.untilUs) return { breaker, granted: 0 };
  return { breaker: { kind: 'half-open' }, granted: Math.min(1, wanted) };
}

/** Counts how requests that were let through ended. */
export function recordResults(
  plan: BreakerPlan,
  breaker: CircuitBreaker,
  nowUs: number,
  requests: number,
  failures: number,
): CircuitBreaker {
  const open: CircuitBreaker = { kind: 'open', untilUs: nowUs + plan.openMs * US_PER_MS };
  switch (breaker.kind) {
    case 'open':
      return breaker;
    case 'half-open':
      if (requests === 0) return breaker;
      return failures > 0 ? open : closedBreaker(nowUs);
    case 'closed': {
      const isOver = nowUs - breaker.sinceUs >= plan.intervalMs * US_PER_MS;
      const held = isOver || nowUs < breaker.sinceUs ? { requests: 0, failures: 0 } : breaker;
      const counted = {
        requests: held.requests + requests,
        failures: held.failures + failures,
      };
      const isJudged = counted.requests >= plan.requestsMin;
      if (isJudged && counted.failures * 100 >= counted.requests * plan.failurePercent) return open;
      return { kind: 'closed', sinceUs: held === breaker ? breaker.sinceUs : nowUs, ...counted };
    }
  }
}
