import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConfigSnapshot, snapshotFromBodies } from '../../../core/config/snapshot.ts';
import { deriveRequestShapes } from '../../../core/gateway/request-shapes.ts';
import { addMicros, type Micros, micros } from '../../../core/ports/clock.ts';
import { PolicyState } from '../../../core/traffic/policy-state.ts';
import { type TrafficNode, TrafficRunner } from '../../../simulator/live/traffic-runner.ts';
import { VirtualTime } from '../../../simulator/twin/virtual-time.ts';

const GATEWAY = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'edge', namespace: 'shop' },
  spec: { gatewayClassName: 'holdfast', listeners: [{ name: 'http', protocol: 'HTTP', port: 80 }] },
};
const ROUTE = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'shop', namespace: 'shop' },
  spec: {
    parentRefs: [{ name: 'edge' }],
    rules: [{ backendRefs: [{ name: 'cart', port: 8080 }] }],
  },
};
const CART = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'cart', namespace: 'shop' },
  spec: { ports: [{ port: 8080 }] },
};

function snapshotOf(bodies: readonly object[]): ConfigSnapshot {
  const built = snapshotFromBodies(bodies as never);
  assert.ok(built.ok);
  return built.value;
}

const WHOLE = snapshotOf([GATEWAY, ROUTE, CART]);
/** Every request to it fails: its backend is not there. */
const BROKEN = snapshotOf([GATEWAY, ROUTE]);
const RATE = 1_000;

interface Swap {
  readonly atMs: number;
  readonly from: ConfigSnapshot | null;
  readonly to: ConfigSnapshot | 'down' | null;
}

/** A node that swaps once, run for two steps; the first node's steps end 50 ms after each second. */
function play({ atMs, from, to }: Swap, inRotation = true) {
  const time = new VirtualTime();
  const node: TrafficNode & { answersWith: Swap['to']; swappedAt: Micros | null } = {
    cell: 'a',
    answersWith: from,
    swappedAt: null,
    answeredWith: from,
    latencyUs: 0,
    trafficKey: 7,
    policies: new PolicyState(),
    inRotation,
    requests: 0,
    failures: 0,
  };
  const runner = new TrafficRunner({
    clock: time,
    scheduler: time,
    nodes: () => [node],
    shapes: deriveRequestShapes([...WHOLE.resources.values()]),
    requestsPerSecond: RATE,
  });
  runner.start();
  const swapAt = addMicros(time.now(), atMs * 1_000);
  time.at(swapAt, () => {
    node.answersWith = to;
    node.swappedAt = to === 'down' ? null : swapAt;
  });
  const steps = [1_050, 2_050, 3_050].map((ms) => {
    time.runUntil(micros(ms * 1_000));
    return { requests: node.requests, failures: node.failures };
  });
  return { steps, finished: runner.takeFinished() };
}

test('[SWAP2] requests that began before a swap are answered by the config that they began with', () => {
  const { steps } = play({ atMs: 450, from: BROKEN, to: WHOLE });
  const [first, second] = steps;
  assert.ok(first !== undefined && second !== undefined);
  assert.ok(first.requests > 0.9 * RATE);
  assert.equal(first.failures, Math.floor((first.requests * 400) / 1_000));
  assert.equal(second.failures, 0);
});

test('[SWAP2] nobody is asked more or less for a swap, and the fleet counts what its nodes do', () => {
  const swapped = play({ atMs: 1_300, from: WHOLE, to: BROKEN });
  const asBefore = play({ atMs: 9_000, from: WHOLE, to: WHOLE });
  assert.deepEqual(
    swapped.steps.map(({ requests }) => requests),
    asBefore.steps.map(({ requests }) => requests),
  );
  const [first, second, third] = swapped.steps;
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  assert.equal(first.failures, 0);
  const before = Math.floor((second.requests * 250) / 1_000);
  assert.equal(second.failures, second.requests - before);
  assert.equal(third.failures, third.requests);
  const totals = swapped.finished.map(({ requests, failed }) => ({ requests, failures: failed }));
  // Its very first step ended after 50 ms.
  assert.deepEqual(totals.slice(1), swapped.steps.slice(0, totals.length - 1));
  assert.ok(swapped.finished.every((step) => step.requests === step.answered + step.failed));
});

test('[SWAP2] a first config is asked from when it is served; the default in rotation failed until then', () => {
  const fresh = play({ atMs: 450, from: null, to: WHOLE }, false).steps[0];
  const known = play({ atMs: 450, from: null, to: WHOLE }, true).steps[0];
  assert.ok(fresh !== undefined && known !== undefined);
  assert.equal(fresh.failures, 0);
  assert.equal(fresh.requests, known.requests - known.failures);
  assert.equal(known.failures, Math.floor((known.requests * 400) / 1_000));
});

test('[SWAP3] a node that is down at the end of a step answers nothing of it, whatever drained', () => {
  const step = play({ atMs: 450, from: WHOLE, to: 'down' }).steps[0];
  assert.equal(step?.failures, step?.requests);
});
