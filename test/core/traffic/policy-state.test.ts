import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RootHash } from '../../../core/config/ids.ts';
import { compileGateway } from '../../../core/gateway/compile.ts';
import { exchange } from '../../../core/gateway/exchange.ts';
import { parseConfig } from '../../../core/gateway/parse-config.ts';
import { asksForCells } from '../../../core/gateway/policy/asks-for-cells.ts';
import type { TrafficPlan } from '../../../core/gateway/policy/policy-plan.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { OutcomeTable, OutcomeTables } from '../../../core/traffic/outcome-table.ts';
import { PolicyState } from '../../../core/traffic/policy-state.ts';
import { createShapeSet } from '../../../core/traffic/request-shapes.ts';
import {
  computeTrafficStep,
  requestRangeOf,
  TrafficTally,
} from '../../../core/traffic/traffic-step.ts';
import { gatewayYaml, join, routeYaml, serviceYaml } from '../gateway/sample.ts';

const SECOND_US = 1_000_000;
const SHAPES = createShapeSet([
  { method: 'GET', scheme: 'http', host: 'a.example', port: 80, path: '/', headers: {}, weight: 1 },
]);

const NONE: TrafficPlan = {
  key: 'TrafficPolicy/shop/p',
  rateLimit: null,
  concurrency: null,
  circuitBreaker: null,
  retryBudget: null,
};

function resourcesOf(...documents: string[]) {
  const parsed = parseConfig(join(gatewayYaml(), serviceYaml('a'), serviceYaml('b'), ...documents));
  return parsed.documents.flatMap(({ key, body }) => (body === null ? [] : [{ key, body }]));
}

function policyYaml(limits: string): string {
  return `apiVersion: holdfast.dev/v1alpha1
kind: TrafficPolicy
metadata: {name: p, namespace: shop}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: r}]
  ${limits}
`;
}

const AUTH = `apiVersion: holdfast.dev/v1alpha1
kind: AuthPolicy
metadata: {name: keys, namespace: shop}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: r}]
  apiKey: {header: x-api-key, keys: [{name: a, sha256: ${'9f'.repeat(32)}}]}
`;

/** Totals of some steps of one node at 1,000 requests a second. */
function run(limits: string, steps = 3, backend = '{name: a, port: 80}') {
  const resources = resourcesOf(
    routeYaml({ rules: `- backendRefs: [${backend}]` }),
    policyYaml(limits),
  );
  const outcomes = new OutcomeTable(compileGateway(resources), SHAPES);
  const state = new PolicyState();
  const random = createSeededRandom(7);
  const tally = new TrafficTally();
  return Array.from({ length: steps }, (_, step) => {
    const policies = { state, nowUs: (step + 1) * SECOND_US };
    computeTrafficStep(
      {
        server: { kind: 'config', outcomes },
        shapes: SHAPES,
        range: requestRangeOf(1_000, 1_000),
        stepMs: 1_000,
        nodeUs: 0,
        seed: random.below(0x8000_0000),
        policies,
      },
      tally,
      { requests: 0, failures: 0 },
    );
    return tally.finish(0, 1_000);
  });
}

test('[TRAF1] beyond the rate limit requests are answered 429, which is no failure', () => {
  for (const [step, totals] of run('rateLimit: {requests: 100, window: 1s, burst: 10}').entries()) {
    const passed = step === 0 ? 110 : 100;
    assert.equal(totals.limited, totals.requests - passed);
    assert.equal(totals.answered, totals.requests);
    assert.equal(totals.failed, 0);
    assert.equal(totals.shed, undefined);
  }
});

test('[TRAF2] beyond the concurrency requests are shed with 503, which is a failure', () => {
  for (const totals of run('concurrency: {maxRequests: 1}')) {
    assert.ok((totals.shed ?? 0) > 0 && (totals.shed ?? 0) < totals.requests);
    assert.equal(totals.failed, totals.shed);
    assert.equal(totals.answered + totals.failed + totals.refused, totals.requests);
  }
  for (const totals of run('concurrency: {maxRequests: 1000}'))
    assert.equal(totals.shed, undefined);
});

test('[TRAF3] a breaker opens when the config gives the backend no endpoints', () => {
  const empty = '{group: holdfast.dev, kind: Backend, name: none}';
  const none =
    'apiVersion: holdfast.dev/v1alpha1\nkind: Backend\nmetadata: {name: none, namespace: shop}\nspec: {endpoints: []}\n';
  const limits = `circuitBreaker: {failurePercent: 50, openFor: 1m}\n---\n${none}`;
  const totals = run(limits, 3, empty);
  assert.deepEqual(
    totals.map(({ shed = 0, failed, requests }) => [shed === requests, failed === requests]),
    [
      [false, true],
      [true, true],
      [true, true],
    ],
  );
});

test('[TRAF4] what was counted outlives a config that leaves the policy as it is', () => {
  const limit = { requests: 10, windowMs: 60_000, burst: 10 };
  const batch = { requests: 10, failing: 0, busyUs: 0 };
  const state = new PolicyState();
  const apply = (requests: number, burst: number) => {
    const plan = { ...NONE, rateLimit: { ...limit, requests, burst } };
    return state.apply(plan, batch, 0, 0).limited;
  };
  assert.equal(apply(10, 10), 0);
  assert.equal(apply(10, 10), 10);
  assert.equal(apply(10, 20), 0);
});

test('[TRAF6] retries are asked of the budget, which counts the requests of the second', () => {
  const state = new PolicyState();
  const plan = { ...NONE, retryBudget: { percent: 10, retriesPerSecondMin: 1 } };
  assert.equal(state.allowsRetry(plan, 0), true);
  assert.equal(state.allowsRetry(plan, 1), false);
  state.apply(plan, { requests: 20, failing: 0, busyUs: 0 }, 2, 0);
  assert.equal(state.allowsRetry(plan, 3), true);
  assert.equal(state.allowsRetry(plan, 4), false);
  assert.equal(state.allowsRetry(NONE, 5), true);
});

test('[TRAF7] who has no credentials is answered 401, which is no failure', () => {
  for (const totals of run(`rateLimit: {requests: 1, window: 1s}\n---\n${AUTH}`, 1)) {
    assert.equal(totals.denied, totals.requests);
    assert.equal(totals.answered, totals.requests);
    assert.equal(totals.failed, 0);
    assert.equal(totals.limited, undefined, 'limits are counted after credentials');
  }
  for (const totals of run('rateLimit: {requests: 1, window: 1s}', 1)) {
    assert.equal(totals.denied, undefined);
  }
});

test('[TRAF8] a budget caps the retries of exchanges', () => {
  const route = routeYaml({
    rules: '- {retry: {attempts: 5, backoff: 1ms}, backendRefs: [{name: a, port: 80}]}',
  });
  const backends = { answer: () => ({ kind: 'connection-error', delayMs: 1 }) as const };
  const [request] = SHAPES.requests;
  assert.ok(request !== undefined);
  /** Retries of ten requests that come a millisecond apart. */
  const retriesOf = (policies: string[]) => {
    const gateway = compileGateway(resourcesOf(route, ...policies));
    const state = new PolicyState();
    const draws = createSeededRandom(1);
    let retries = 0;
    for (let i = 0; i < 10; i += 1) {
      const mayRetry = state.retriesFrom(i * 1_000);
      const played = exchange(gateway, request, { draws, backends, mayRetry });
      assert.equal(played.status, 502);
      retries += played.attempts.length - 1;
    }
    return retries;
  };
  assert.equal(retriesOf([]), 50);
  assert.equal(retriesOf([policyYaml('rateLimit: {requests: 1, window: 1s}')]), 50);
  assert.equal(retriesOf([policyYaml('retryBudget: {percent: 0, minRetriesPerSecond: 7}')]), 7);
});

test('[TRAF5] outcomes are told apart by cell where a flag asks for it', () => {
  const flag = (when: string) => `apiVersion: holdfast.dev/v1alpha1
kind: FeatureFlag
metadata: {name: f, namespace: shop}
spec: {mode: Conditional, when: ${when}}
`;
  const gated =
    'filters: [{type: ExtensionRef, extensionRef: {group: holdfast.dev, kind: FeatureFlag, name: f}}]';
  const route = routeYaml({
    rules: `- {${gated}, backendRefs: [{name: a, port: 80}]}\n- {backendRefs: [{name: b, port: 80}]}`,
  });
  const resources = resourcesOf(route, flag('{cells: [cell-a]}'));
  assert.equal(asksForCells(resources), true);
  assert.equal(asksForCells(resourcesOf(route, flag('{percent: 5}'))), false);
  const tables = new OutcomeTables();
  const at = (cell: string) =>
    tables.get('h' as RootHash, SHAPES, () => compileGateway(resources), { cell, atMs: 0 });
  assert.equal(at('cell-a'), at('cell-a'));
  assert.notEqual(at('cell-a'), at('cell-b'));
  assert.notEqual(at('cell-a').row(0)[0]?.baseUs, at('cell-b').row(0)[0]?.baseUs);
});
