import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspectNode } from '../../../core/node/inspect-node.ts';
import { toMs } from '../../../core/ports/clock.ts';
import { describeServing } from '../../../renderer/fleet/describe-node.ts';
import { full, NodeHarness, service } from '../../core/node/node-harness.ts';

const NO_TRAFFIC = { requestsPerSecond: 0, failuresPerSecond: 0 };

test('[SWAP4] the inspector says what a swap left behind, for as long as it drains', () => {
  const harness = new NodeHarness();
  const say = (afterMs = 0) => {
    const inspection = inspectNode(harness.node, NO_TRAFFIC, harness.now);
    return describeServing(inspection, toMs(harness.now) + afterMs);
  };
  assert.equal(describeServing(null, 0), '');
  harness.boot();
  harness.connect();
  assert.equal(say(), '');
  harness.apply(full(1, [service('cart')]));
  assert.equal(say(), '; requests that began before end on the default');
  harness.apply(full(2, [service('checkout')]));
  assert.equal(say(), '; requests that began before end on r1');
  assert.equal(say(5_000), '', 'what was inspected a while ago is over by now');
});

test('[SCRUB3] and that what is served is damaged', () => {
  const harness = new NodeHarness();
  harness.boot();
  harness.connect();
  harness.apply(full(1, [service('cart')]));
  const inspection = inspectNode(harness.node, NO_TRAFFIC, harness.now);
  assert.ok(inspection.serving !== null);
  const serving = { ...inspection.serving, damaged: true } as const;
  const damaged = { ...inspection, serving, retiring: null };
  assert.equal(describeServing(damaged, 0), '; damaged in its memory');
});
