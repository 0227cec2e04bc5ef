import { durationMs } from '../formats.ts';
import { integerAt, type JsonObject, objectAt, stringAt } from '../json.ts';
import type { TrafficPlan } from './policy-plan.ts';

const WINDOW_MS_MIN = 10;
const WINDOW_MS_MAX = 3_600_000;
const BREAKER_REQUESTS_MIN_DEFAULT = 20;
const BREAKER_INTERVAL_MS_DEFAULT = 10_000;
const BREAKER_OPEN_MS_DEFAULT = 30_000;
const RETRIES_PER_SECOND_MIN_DEFAULT = 3;
const COUNT_MAX = 1_000_000;

/** The limits of a TrafficPolicy's spec, of any shape: what cannot be understood limits nothing. */
export function readTrafficPlan(key: string, spec: JsonObject | undefined): TrafficPlan {
  return {
    key,
    rateLimit: readRateLimit(objectAt(spec, 'rateLimit')),
    concurrency: readConcurrency(objectAt(spec, 'concurrency')),
    circuitBreaker: readBreaker(objectAt(spec, 'circuitBreaker')),
    retryBudget: readRetryBudget(objectAt(spec, 'retryBudget')),
  };
}

function readRateLimit(limit: JsonObject | undefined): TrafficPlan['rateLimit'] {
  const requests = countAt(limit, 'requests', 1);
  const windowMs = msAt(limit, 'window');
  if (requests === null || windowMs === null) return null;
  if (windowMs < WINDOW_MS_MIN || windowMs > WINDOW_MS_MAX) return null;
  return { requests, windowMs, burst: countAt(limit, 'burst', 1) ?? requests };
}

function readConcurrency(limit: JsonObject | undefined): TrafficPlan['concurrency'] {
  const requestsMax = countAt(limit, 'maxRequests', 1);
  if (requestsMax === null) return null;
  return { requestsMax, shedFromPercent: percentAt(limit, 'shedFromPercent', 1) ?? 100 };
}

function readBreaker(breaker: JsonObject | undefined): TrafficPlan['circuitBreaker'] {
  const failurePercent = percentAt(breaker, 'failurePercent', 1);
  if (failurePercent === null) return null;
  return {
    failurePercent,
    requestsMin: countAt(breaker, 'minRequests', 1) ?? BREAKER_REQUESTS_MIN_DEFAULT,
    intervalMs: msAt(breaker, 'interval') || BREAKER_INTERVAL_MS_DEFAULT,
    openMs: msAt(breaker, 'openFor') || BREAKER_OPEN_MS_DEFAULT,
  };
}

function readRetryBudget(budget: JsonObject | undefined): TrafficPlan['retryBudget'] {
  const percent = percentAt(budget, 'percent', 0);
  if (percent === null) return null;
  const least = countAt(budget, 'minRetriesPerSecond', 0);
  return { percent, retriesPerSecondMin: least ?? RETRIES_PER_SECOND_MIN_DEFAULT };
}

function msAt(owner: JsonObject | undefined, field: string): number | null {
  const written = stringAt(owner, field);
  return written === undefined ? null : durationMs(written);
}

function countAt(owner: JsonObject | undefined, field: string, min: number): number | null {
  const value = integerAt(owner, field);
  return value === undefined || value < min || value > COUNT_MAX ? null : value;
}

function percentAt(owner: JsonObject | undefined, field: string, min: number): number | null {
  const value = integerAt(owner, field);
  return value === undefined || value < min || value > 100 ? null : value;
}
