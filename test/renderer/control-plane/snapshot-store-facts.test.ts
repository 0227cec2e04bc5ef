import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ControlPlaneLoad } from '../../../core/protocol/control-plane-control.ts';
import { snapshotStoreFacts } from '../../../renderer/control-plane/control-plane-facts.ts';
import { describeSource } from '../../../renderer/fleet/describe-node.ts';

type Store = NonNullable<ControlPlaneLoad['snapshotStore']>;

const LAST = { revision: 42, generation: 42, atMs: 1_000_000, bytes: 812_300 } as Store['last'];

function fact(changes: Partial<Store>, nowMs = 1_004_500) {
  const store = { last: LAST, lastError: null, dumps: 3, failures: 0, intervalMs: 10_000 };
  const load = { snapshotStore: { ...store, ...changes } } as ControlPlaneLoad;
  const facts = snapshotStoreFacts(load, nowMs);
  assert.equal(facts.length, 1);
  assert.equal(facts[0]?.label, 'Snapshot store');
  return facts[0];
}

test('[DUMP6] the control plane view tells what was dumped last, how large and how long ago', () => {
  assert.equal(fact({})?.value, 'r42, 812 kB, 4 s ago');
  assert.equal(fact({})?.tone, undefined);
  assert.match(fact({})?.title ?? '', /^Dumped every 10 s, changed or not\./);
  assert.equal(fact({}, 1_125_000)?.value, 'r42, 812 kB, 2:05 ago');
  // The clocks of two processes may differ a little.
  assert.equal(fact({}, 999_900)?.value, 'r42, 812 kB, 0 s ago');
});

test('[DUMP6] it says that nothing was dumped yet, and why the newest dump failed', () => {
  assert.equal(fact({ last: null })?.value, 'nothing yet');
  const lastError = { atMs: 1_003_000, detail: 'ENOSPC: no space left on device' };
  const failed = fact({ lastError });
  assert.equal(
    failed?.value,
    'r42, 812 kB, 4 s ago; the newest dump failed: ENOSPC: no space left on device',
  );
  assert.equal(failed?.tone, 'warning');
});

test('[DUMP6] without a snapshot store, or without any word of it, nothing is said', () => {
  assert.deepEqual(snapshotStoreFacts(null, 0), []);
  assert.deepEqual(snapshotStoreFacts({ snapshotStore: null } as ControlPlaneLoad, 0), []);
});

test('[SOURCE4] a node’s source is told in words', () => {
  assert.equal(describeSource('snapshot-store'), 'snapshot store');
});
