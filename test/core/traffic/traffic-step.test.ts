import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { resourceKeyOf } from '../../../core/config/canonical.ts';
import type { RootHash } from '../../../core/config/ids.ts';
import { type CompiledGateway, compileGateway } from '../../../core/gateway/compile.ts';
import type { JsonObject } from '../../../core/gateway/json.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import type { RequestShape } from '../../../core/protocol/simulator-control.ts';
import { LatencyHistogram } from '../../../core/traffic/latency-histogram.ts';
import { requestLatencyUs } from '../../../core/traffic/latency-model.ts';
import { OutcomeTable, OutcomeTables } from '../../../core/traffic/outcome-table.ts';
import {
  createShapeSet,
  requestsUpTo,
  sampleOf,
  samplesOf,
} from '../../../core/traffic/request-shapes.ts';
import {
  computeTrafficStep,
  requestRangeOf,
  type TrafficServer,
  TrafficTally,
} from '../../../core/traffic/traffic-step.ts';

const GATEWAY: JsonObject = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'edge', namespace: 'shop' },
  spec: { gatewayClassName: 'holdfast', listeners: [{ name: 'http', protocol: 'HTTP', port: 80 }] },
};

function service(name: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'shop' },
    spec: { ports: [{ port: 8080 }] },
  };
}

function pathRoute(name: string, path: string, rule: JsonObject): JsonObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name, namespace: 'shop' },
    spec: {
      parentRefs: [{ name: 'edge' }],
      rules: [{ matches: [{ path: { type: 'PathPrefix', value: path } }], ...rule }],
    },
  };
}

function gatewayOf(...bodies: JsonObject[]): CompiledGateway {
  return compileGateway(
    [GATEWAY, ...bodies].map((body) => {
      const key = resourceKeyOf(body);
      assert.ok(key !== null);
      return { key, body };
    }),
  );
}

function shape(path: string, weight = 1): RequestShape {
  return {
    method: 'GET',
    scheme: 'http',
    host: 'shop.example',
    port: 80,
    path,
    headers: {},
    weight,
  };
}

function run(
  server: TrafficServer,
  shapes: ReturnType<typeof createShapeSet>,
  input: { steps?: number; rate?: number; seed?: number } = {},
) {
  const tally = new TrafficTally();
  const random = createSeededRandom(input.seed ?? 3);
  const range = requestRangeOf(input.rate ?? 100, 1_000);
  let failures = 0;
  for (let i = 0; i < (input.steps ?? 20); i += 1) {
    const seed = random.below(0x8000_0000);
    const node = { requests: 0, failures: 0 };
    computeTrafficStep({ server, shapes, range, stepMs: 1_000, nodeUs: 100, seed }, tally, node);
    failures += node.failures;
  }
  return { failures, ...tally.finish(0, 1_000) };
}

function served(
  gateway: CompiledGateway,
  shapes: ReturnType<typeof createShapeSet>,
): TrafficServer {
  return { kind: 'config', outcomes: new OutcomeTable(gateway, shapes) };
}

const CART = pathRoute('cart', '/cart', { backendRefs: [{ name: 'cart', port: 8080 }] });

test('[TRAFFIC-ROUTED] what the config routes is answered', () => {
  const shapes = createShapeSet([shape('/cart'), shape('/cart/7', 3)]);
  const totals = run(served(gatewayOf(service('cart'), CART), shapes), shapes);
  assert.ok(totals.requests >= 20 * 90 && totals.requests <= 20 * 110);
  assert.equal(totals.answered, totals.requests);
  assert.equal(totals.unrouted + totals.failed + totals.refused + totals.failures, 0);
});

test('[TRAFFIC-UNROUTED] what no route matches is answered with 404 and counted', () => {
  const shapes = createShapeSet([shape('/cart', 3), shape('/nowhere', 1)]);
  const totals = run(served(gatewayOf(service('cart'), CART), shapes), shapes);
  assert.equal(totals.answered, totals.requests);
  const share = totals.unrouted / totals.requests;
  assert.ok(share > 0.24 && share < 0.26, `${share}`);
});

test('[TRAFFIC-FAILED] a route without a backend fails every request', () => {
  const broken = pathRoute('cart', '/cart', { backendRefs: [{ name: 'missing', port: 8080 }] });
  const shapes = createShapeSet([shape('/cart')]);
  const totals = run(served(gatewayOf(broken), shapes), shapes);
  assert.equal(totals.failed, totals.requests);
  assert.equal(totals.failures, totals.requests);
  assert.equal(totals.latencyP99Us, 0);
});

test('[TRAFFIC-WEIGHTS] outcomes follow the weights of the backends', () => {
  const split = pathRoute('cart', '/cart', {
    backendRefs: [
      { name: 'cart', port: 8080, weight: 90 },
      { name: 'missing', port: 8080, weight: 10 },
    ],
  });
  const shapes = createShapeSet([shape('/cart')]);
  const totals = run(served(gatewayOf(service('cart'), split), shapes), shapes, { steps: 200 });
  const share = totals.failed / totals.requests;
  assert.ok(share > 0.08 && share < 0.12, `${share}`);
  assert.equal(totals.answered + totals.failed, totals.requests);
});

test('[TRAFFIC-REDIRECT] a redirect is an answer', () => {
  const redirect = pathRoute('old', '/old', {
    filters: [
      { type: 'RequestRedirect', requestRedirect: { statusCode: 301, hostname: 'b.example' } },
    ],
  });
  const shapes = createShapeSet([shape('/old')]);
  const totals = run(served(gatewayOf(redirect), shapes), shapes);
  assert.equal(totals.answered, totals.requests);
});

test('[TRAFFIC-DOWN] a node that is down refuses everything', () => {
  const shapes = createShapeSet([shape('/cart')]);
  const totals = run({ kind: 'down' }, shapes);
  assert.ok(totals.requests > 0);
  assert.equal(totals.refused, totals.requests);
  assert.equal(totals.failures, totals.requests);
});

test('[TRAFFIC-DEFAULT] the built-in default fails everything', () => {
  const shapes = createShapeSet([shape('/cart')]);
  const totals = run({ kind: 'default' }, shapes);
  assert.equal(totals.failed, totals.requests);
});

test('[TRAFFIC-ROTATION] a node that has never had a config is asked nothing', () => {
  const totals = run({ kind: 'not-in-rotation' }, createShapeSet([shape('/cart')]));
  assert.equal(totals.requests, 0);
  assert.equal(totals.failures, 0);
});

test('[TRAFFIC-SHARES] shapes get their share, exact to one request, in every step', () => {
  const weights = [5, 1, 3, 11];
  const set = createShapeSet(weights.map((weight, i) => shape(`/${i}`, weight)));
  for (let requests = 1; requests < 60; requests += 7) {
    for (let draw = 0; draw < set.weightTotal; draw += 1) {
      let before = 0;
      for (const [i, weight] of weights.entries()) {
        const upTo = requestsUpTo(set, i, requests, draw);
        const exact = (requests * weight) / set.weightTotal;
        assert.ok(Math.abs(upTo - before - exact) < 1, `${requests} ${draw} ${i}`);
        before = upTo;
      }
      assert.equal(before, requests);
    }
  }
});

test('[TRAFFIC-SHARES] over all draws the shares are exact', () => {
  const set = createShapeSet([shape('/a', 1), shape('/b', 6)]);
  let first = 0;
  for (let draw = 0; draw < set.weightTotal; draw += 1) first += requestsUpTo(set, 0, 10, draw);
  assert.equal(first, 10);
});

test('[TRAFFIC-SHARES] samples that are kept together are those of each draw, while they are small', () => {
  const shapes = createShapeSet([1, 5, 3].map((weight, index) => shape(`/${index}`, weight)));
  const all = samplesOf(shapes, 7);
  for (let draw = 0; draw < shapes.weightTotal; draw += 1) {
    const one = all?.subarray(draw * 7, (draw + 1) * 7);
    assert.deepEqual(one, sampleOf(shapes, 7, draw));
  }
  assert.equal(samplesOf(shapes, 7), all);
  assert.equal(samplesOf(shapes, 100_000), null);
});

test('[TRAFFIC-SEED] the same seed gives the same traffic, another seed another', () => {
  const shapes = createShapeSet([shape('/cart', 3), shape('/nowhere', 1)]);
  const server = served(gatewayOf(service('cart'), CART), shapes);
  assert.deepEqual(run(server, shapes, { seed: 8 }), run(server, shapes, { seed: 8 }));
  assert.notDeepEqual(run(server, shapes, { seed: 8 }), run(server, shapes, { seed: 9 }));
});

test('[TRAFFIC-NONE] no shapes or no rate is no traffic', () => {
  const none = createShapeSet([]);
  assert.equal(run(served(gatewayOf(), none), none).requests, 0);
  const shapes = createShapeSet([shape('/cart')]);
  assert.equal(run({ kind: 'down' }, shapes, { rate: 0 }).requests, 0);
});

test('[TRAFFIC-MEMO] a config is compiled once for all nodes and again for other shapes', () => {
  const tables = new OutcomeTables();
  const hash = 'a'.repeat(64) as RootHash;
  let compiled = 0;
  const compile = () => {
    compiled += 1;
    return gatewayOf(service('cart'), CART);
  };
  const shapes = createShapeSet([shape('/cart')]);
  const table = tables.get(hash, shapes, compile);
  assert.equal(tables.get(hash, shapes, compile), table);
  assert.equal(compiled, 1);
  assert.notEqual(tables.get(hash, createShapeSet([shape('/cart')]), compile), table);
  assert.equal(compiled, 2);
});

test('[TRAFFIC-LATENCY] latencies are whole microseconds that grow with the draw and the backend', () => {
  let before = 0;
  for (let draw = 0; draw < 1_024; draw += 1) {
    const latencyUs = requestLatencyUs(4_000, 100, draw);
    assert.ok(Number.isInteger(latencyUs) && latencyUs >= before);
    assert.ok(latencyUs >= requestLatencyUs(2_000, 100, draw));
    before = latencyUs;
  }
});

test('[TRAFFIC-HISTOGRAM] a quantile is within a sixteenth above the exact one', () => {
  const histogram = new LatencyHistogram();
  const random = createSeededRandom(11);
  const values = Array.from({ length: 5_000 }, () => random.below(1 << (1 + random.below(24))));
  for (const value of values) histogram.add(value);
  values.sort((a, b) => a - b);
  for (const percent of [1, 50, 90, 99, 100]) {
    const exact = values[Math.ceil((values.length * percent) / 100) - 1] ?? 0;
    const got = histogram.quantileUs(percent);
    assert.ok(got >= exact && got <= exact + exact / 16 + 1, `P${percent}: ${got} for ${exact}`);
  }
});

test('[TRAFFIC-HISTOGRAM] nothing counted has no latency, anything beyond the range is counted', () => {
  const histogram = new LatencyHistogram();
  assert.equal(histogram.quantileUs(99), 0);
  histogram.add(2_000_000_000);
  assert.equal(histogram.total, 1);
  assert.ok(histogram.quantileUs(50) > 60_000_000);
});
