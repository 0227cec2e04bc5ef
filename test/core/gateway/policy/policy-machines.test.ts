import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type CircuitBreaker,
  closedBreaker,
  passBreaker,
  recordResults,
} from '../../../../core/gateway/policy/circuit-breaker.ts';
import { admitConcurrent } from '../../../../core/gateway/policy/concurrency.ts';
import { freshBudget, takeRetries } from '../../../../core/gateway/policy/retry-budget.ts';
import { fullBucket, takeTokens } from '../../../../core/gateway/policy/token-bucket.ts';

const SECOND_US = 1_000_000;
const LIMIT = fc.record({
  requests: fc.integer({ min: 1, max: 1_000_000 }),
  windowMs: fc.integer({ min: 10, max: 3_600_000 }),
  burst: fc.integer({ min: 1, max: 1_000_000 }),
});

test('[POL1] a bucket never lets through more than the burst and what the time gave', () => {
  const steps = fc.array(fc.record({ afterUs: fc.nat(5_000_000), wanted: fc.nat(100_000) }));
  fc.assert(
    fc.property(LIMIT, steps, fc.boolean(), (limit, taken, isSpread) => {
      let bucket = fullBucket(limit, 0);
      let now = 0;
      let total = 0;
      for (const { afterUs, wanted } of taken) {
        now += afterUs;
        const result = takeTokens(limit, bucket, now, isSpread ? afterUs : 0, wanted);
        bucket = result.bucket;
        total += result.granted;
        assert.ok(result.granted >= 0 && result.granted <= wanted);
        assert.ok(Number.isSafeInteger(bucket.credit) && bucket.credit >= 0);
      }
      const flowed = Math.floor((now * limit.requests) / (limit.windowMs * 1_000)) + 1;
      assert.ok(total <= limit.burst + flowed);
    }),
  );
});

test('[POL2] a steady stream within the limit passes whole, and beyond it at the rate', () => {
  const limit = { requests: 100, windowMs: 1_000, burst: 20 };
  let bucket = fullBucket(limit, 0);
  const granted: number[] = [];
  for (let second = 1; second <= 4; second += 1) {
    const wanted = second <= 2 ? 100 : 1_000;
    const taken = takeTokens(limit, bucket, second * SECOND_US, SECOND_US, wanted);
    bucket = taken.bucket;
    granted.push(taken.granted);
  }
  assert.deepEqual(granted, [100, 100, 120, 100]);
  assert.equal(takeTokens(limit, bucket, 0, SECOND_US, 5).granted, 0);
});

test('[POL3] what is in flight never passes the limit, and below the threshold all pass', () => {
  const load = fc.record({
    requests: fc.integer({ min: 1, max: 100_000 }),
    latencyUs: fc.integer({ min: 1, max: 10_000_000 }),
    requestsMax: fc.integer({ min: 1, max: 1_000_000 }),
    shedFromPercent: fc.integer({ min: 1, max: 100 }),
  });
  fc.assert(
    fc.property(load, ({ requests, latencyUs, requestsMax, shedFromPercent }) => {
      const limit = { requestsMax, shedFromPercent };
      const passed = admitConcurrent(limit, requests, requests * latencyUs, SECOND_US);
      assert.ok(passed >= 0 && passed <= requests);
      assert.ok((passed * latencyUs) / SECOND_US <= requestsMax);
      const offered = (requests * latencyUs) / SECOND_US;
      if (offered * 100 <= requestsMax * shedFromPercent) assert.equal(passed, requests);
    }),
  );
  const at = (requests: number) =>
    admitConcurrent(
      { requestsMax: 100, shedFromPercent: 80 },
      requests,
      requests * SECOND_US,
      SECOND_US,
    );
  assert.deepEqual([80, 100, 180].map(at), [80, 83, 90]);
});

test('[POL4] a breaker opens at its share of failures, and one request closes it again', () => {
  const plan = { failurePercent: 50, requestsMin: 10, intervalMs: 1_000, openMs: 2_000 };
  let breaker: CircuitBreaker = closedBreaker(0);
  breaker = recordResults(plan, breaker, 1, 9, 9);
  assert.equal(breaker.kind, 'closed');
  assert.equal(recordResults(plan, breaker, SECOND_US + 1, 1, 1).kind, 'closed');
  breaker = recordResults(plan, breaker, 2, 1, 0);
  assert.deepEqual(breaker, { kind: 'open', untilUs: 2 + 2 * SECOND_US });
  assert.equal(passBreaker(breaker, 2 * SECOND_US, 5).granted, 0);
  const tried = passBreaker(breaker, 2 + 2 * SECOND_US, 5);
  assert.deepEqual(tried, { breaker: { kind: 'half-open' }, granted: 1 });
  assert.equal(recordResults(plan, tried.breaker, 9, 1, 1).kind, 'open');
  assert.equal(recordResults(plan, tried.breaker, 9, 1, 0).kind, 'closed');
  assert.equal(recordResults(plan, tried.breaker, 9, 0, 0).kind, 'half-open');
});

test('[POL5] retries keep to their share of the second, and to the least that is promised', () => {
  const plan = { percent: 20, retriesPerSecondMin: 3 };
  let budget = freshBudget(0);
  const take = (nowUs: number, requests: number, wanted: number) => {
    const taken = takeRetries(plan, budget, nowUs, requests, wanted);
    budget = taken.budget;
    return taken.granted;
  };
  assert.equal(take(1, 5, 10), 3);
  assert.equal(take(2, 95, 100), 17);
  assert.equal(take(3, 0, 1), 0);
  assert.equal(take(SECOND_US, 0, 10), 3);
});
