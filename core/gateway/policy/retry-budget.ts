import type { TrafficPlan } from './policy-plan.ts';

const US_PER_S = 1_000_000;

/** Requests and retries of the second that is counted. */
export interface RetryBudget {
  readonly sinceUs: number;
  readonly requests: number;
  readonly retries: number;
}

export function freshBudget(nowUs: number): RetryBudget {
  return { sinceUs: nowUs, requests: 0, retries: 0 };
}

/** Counts requests, and lets through what the budget of this second allows of `wanted` retries. */
export function takeRetries(
  plan: NonNullable<TrafficPlan['retryBudget']>,
  budget: RetryBudget,
  nowUs: number,
  requests: number,
  wanted: number,
): { readonly budget: RetryBudget; readonly granted: number } {
  const isOver = nowUs - budget.sinceUs >= US_PER_S || nowUs < budget.sinceUs;
  const held = isOver ? freshBudget(nowUs) : budget;
  const counted = held.requests + requests;
  const share = Math.floor((counted * plan.percent) / 100);
  const allowed = Math.max(plan.retriesPerSecondMin, share);
  const granted = Math.max(0, Math.min(wanted, allowed - held.retries));
  return {
    budget: { sinceUs: held.sinceUs, requests: counted, retries: held.retries + granted },
    granted,
  };
}
