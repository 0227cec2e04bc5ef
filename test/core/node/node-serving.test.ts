import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { inspectNode } from '../../../core/node/inspect-node.ts';
import { NODE_DRAIN_MS } from '../../../core/node/node-limits.ts';
import { toMs } from '../../../core/ports/clock.ts';
import { delta, full, NodeHarness, onDisk, service } from './node-harness.ts';

const CART = service('cart');
const CHECKOUT = service('checkout');
const NO_TRAFFIC = { requestsPerSecond: 0, failuresPerSecond: 0 };

function serving(): NodeHarness {
  const harness = new NodeHarness();
  harness.boot();
  harness.connect();
  harness.apply(full(1, [CART]));
  harness.advanceMs(60_000);
  harness.current();
  return harness;
}

test('[SWAP1] what was served before a swap is kept for what began on it, and let go of after the drain', () => {
  const harness = serving();
  assert.equal(harness.node.retiring === null, true, 'the drain of the first is over');
  const before = harness.node.serving;
  harness.apply(delta(1, 2, [CART, CHECKOUT], [CHECKOUT]));
  assert.equal(harness.node.retiring?.serving, before);
  assert.equal(harness.node.retiring?.swappedAt, harness.now);
  harness.advanceMs(NODE_DRAIN_MS - 1);
  harness.current();
  assert.equal(harness.node.retiring?.serving, before);
  harness.advanceMs(1);
  harness.current();
  assert.equal(harness.node.retiring, null);
});

test('[SWAP1] it is built aside: until the swap nothing of it is served, and nothing drains', () => {
  const harness = serving();
  const before = harness.node.serving;
  const { effects } = harness.push(delta(1, 2, [CART, CHECKOUT], [CHECKOUT]));
  assert.equal(harness.node.serving, before);
  assert.equal(harness.node.retiring, null);
  harness.persisted(effects, false);
  assert.equal(harness.node.serving, before, 'one that could not be kept was never served');
  assert.equal(harness.node.retiring, null);
});

test('[SWAP1] one config drains at a time: a second swap lets go of the one before the last', () => {
  const harness = serving();
  harness.apply(full(2, [CHECKOUT]));
  const second = harness.node.serving;
  harness.advanceMs(100);
  harness.apply(full(3, [CART, CHECKOUT]));
  assert.equal(harness.node.retiring?.serving, second);
});

test('[SWAP1] before the first config the built-in default drains', () => {
  const harness = new NodeHarness();
  harness.boot();
  harness.connect();
  harness.apply(full(1, [CART]));
  assert.equal(harness.node.retiring?.serving, null);
});

test('[SWAP3] a process that ends takes both with it', () => {
  const harness = serving();
  harness.apply(full(2, [CHECKOUT]));
  harness.event({ type: 'boot', delayUs: 0 });
  assert.equal(harness.node.serving, null);
  assert.equal(harness.node.retiring, null);
  harness.fire('boot');
  harness.event({ type: 'disk-read', load: onDisk([CHECKOUT], 2), connectAfterUs: 0 });
  assert.equal(harness.node.retiring, null, 'what is read at the start replaces nothing');
});

test('[SWAP4] inspection says what is still draining', () => {
  const harness = serving();
  const inspected = () => inspectNode(harness.node, NO_TRAFFIC, harness.now).retiring;
  assert.equal(inspected(), null);
  harness.apply(full(2, [CHECKOUT]));
  const swappedAtMs = toMs(harness.now);
  assert.deepEqual(inspected(), { revision: 1, swappedAtMs, untilMs: swappedAtMs + NODE_DRAIN_MS });
  harness.advanceMs(NODE_DRAIN_MS);
  assert.equal(inspected(), null, 'though nothing has happened to the node since');
});
