import type { ExchangeInput } from '../gateway/exchange.ts';
import {
  type CircuitBreaker,
  closedBreaker,
  passBreaker,
  recordResults,
} from '../gateway/policy/circuit-breaker.ts';
import { admitConcurrent } from '../gateway/policy/concurrency.ts';
import type { TrafficPlan } from '../gateway/policy/policy-plan.ts';
import { freshBudget, type RetryBudget, takeRetries } from '../gateway/policy/retry-budget.ts';
import { fullBucket, type TokenBucket, takeTokens } from '../gateway/policy/token-bucket.ts';
import { LruMap } from '../lib/lru-map.ts';
import { MICROS_PER_MS } from '../ports/clock.ts';

/** Policies that one node keeps count of; the longest unused is forgotten, and begins anew. */
const POLICIES_PER_NODE_MAX = 256;

interface HeldPolicy {
  readonly plan: TrafficPlan;
  readonly bucket: TokenBucket | null;
  readonly breaker: CircuitBreaker | null;
  readonly budget: RetryBudget | null;
}

/** Requests of one step that fall under one policy. */
export interface PolicyBatch {
  readonly requests: number;
  /** Of these, requests that no backend can answer. */
  readonly failing: number;
  /** Microseconds that all of them take together. */
  readonly busyUs: number;
}

export interface PolicyVerdict {
  /** Beyond the rate limit: 429. */
  readonly limited: number;
  /** Refused by the breaker or for concurrency: 503. */
  readonly shed: number;
  /** The rest. */
  readonly passed: number;
}

/**
 * What one node has counted under each policy. It outlives the config: a policy that a new config
 * holds unchanged goes on where it was.
 */
export class PolicyState {
  /** Null before anything is counted: on most nodes nothing ever is. */
  #held: LruMap<string, HeldPolicy> | null = null;

  /** Applies a policy to the requests that came evenly over the `overUs` microseconds up to now. */
  apply(plan: TrafficPlan, batch: PolicyBatch, nowUs: number, overUs: number): PolicyVerdict {
    const held = this.#heldFor(plan, nowUs, overUs);
    let { bucket, breaker } = held;
    let passed = batch.requests;
    if (plan.rateLimit !== null && bucket !== null) {
      const taken = takeTokens(plan.rateLimit, bucket, nowUs, overUs, passed);
      bucket = taken.bucket;
      passed = taken.granted;
    }
    const limited = batch.requests - passed;
    if (plan.circuitBreaker !== null && breaker !== null) {
      const taken = passBreaker(breaker, nowUs, passed);
      passed = taken.granted;
      const failures = shareOf(batch.failing, passed, batch.requests);
      breaker = recordResults(plan.circuitBreaker, taken.breaker, nowUs, passed, failures);
    }
    if (plan.concurrency !== null) {
      const busyUs = shareOf(batch.busyUs, passed, batch.requests);
      passed = admitConcurrent(plan.concurrency, passed, busyUs, overUs);
    }
    let { budget } = held;
    if (plan.retryBudget !== null && budget !== null) {
      budget = takeRetries(plan.retryBudget, budget, nowUs, passed, 0).budget;
    }
    this.#hold(plan.key, { plan, bucket, breaker, budget });
    return { limited, shed: batch.requests - limited - passed, passed };
  }

  /** Whether one more retry is within the budget; counts it. */
  allowsRetry(plan: TrafficPlan, nowUs: number): boolean {
    const held = this.#heldFor(plan, nowUs, 0);
    if (plan.retryBudget === null || held.budget === null) return true;
    const { budget, granted } = takeRetries(plan.retryBudget, held.budget, nowUs, 0, 1);
    this.#hold(plan.key, { ...held, budget });
    return granted === 1;
  }

  /**
   * What `exchange` asks before each retry of a request that arrived at `arrivedUs`: whether the budget
   * in force still allows one. Without a policy every retry of the plan is made.
   */
  retriesFrom(arrivedUs: number): NonNullable<ExchangeInput['mayRetry']> {
    return (traffic, elapsedMs) =>
      traffic === null || this.allowsRetry(traffic, arrivedUs + elapsedMs * MICROS_PER_MS);
  }

  #hold(key: string, held: HeldPolicy): void {
    this.#held ??= new LruMap(POLICIES_PER_NODE_MAX);
    this.#held.set(key, held);
  }

  #heldFor(plan: TrafficPlan, nowUs: number, overUs: number): HeldPolicy {
    const known = this.#held?.get(plan.key);
    if (known !== undefined && isSamePlan(known.plan, plan)) return known;
    const { rateLimit, circuitBreaker, retryBudget } = plan;
    return {
      plan,
      bucket: rateLimit === null ? null : fullBucket(rateLimit, nowUs - overUs),
      breaker: circuitBreaker === null ? null : closedBreaker(nowUs),
      budget: retryBudget === null ? null : freshBudget(nowUs),
    };
  }
}

/** Nodes that serve the same config share its plans, so that most comparisons are of identity. */
function isSamePlan(a: TrafficPlan, b: TrafficPlan): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** As much of an amount as falls to `part` of `whole`, rounded up. */
function shareOf(amount: number, part: number, whole: number): number {
  return whole === 0 ? 0 : Math.ceil((amount * part) / whole);
}
