import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { linkStateOf } from '../../../core/node/inspect-node.ts';
import { NODE_BACKOFF_BASE_MS } from '../../../core/node/node-limits.ts';
import { micros } from '../../../core/ports/clock.ts';
import { full, NodeHarness, onDisk, sent, service } from './node-harness.ts';

const CART = service('cart');

function ofAge(seed = 7): NodeHarness {
  const harness = new NodeHarness(undefined, seed);
  harness.boot();
  harness.connect();
  harness.apply(full(1, [CART]));
  harness.advanceMs(60_000);
  harness.take();
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: 'connection-age' });
  return harness;
}

function retryMs(harness: NodeHarness): number {
  const at = harness.timers.get('retry');
  assert.ok(at !== undefined);
  return (at - harness.now) / 1_000;
}

test('[AGE3] a link that ends at its age is made anew within the first bound, and the backoff does not grow', () => {
  let longest = 0;
  for (let seed = 0; seed < 100; seed += 1) {
    const harness = ofAge(seed);
    longest = Math.max(longest, retryMs(harness));
    // The one after it finds nobody: that is the first failure, not the second.
    harness.fire('retry');
    harness.event({ type: 'link-closed', linkId: harness.linkId, reason: 'ECONNREFUSED' });
    longest = Math.max(longest, retryMs(harness));
  }
  assert.ok(longest <= NODE_BACKOFF_BASE_MS, `${longest}`);
  assert.ok(longest > NODE_BACKOFF_BASE_MS / 2, 'and spread over it');
});

test('[AGE3] it is no failure: not lost, not noted, not counted, and the unverified clock goes on', () => {
  const harness = ofAge();
  assert.equal(linkStateOf(harness.node), 'connecting');
  assert.deepEqual(
    harness.take().filter(({ type }) => type === 'note'),
    [],
  );
  assert.equal(harness.node.log.entries().at(-1)?.text, 'control link renewed at its age');
  const verifiedAt = harness.node.verifiedAt;
  assert.equal(verifiedAt, micros(harness.now - 60_000_000));
  harness.connect();
  assert.equal(harness.node.counters.reconnects, 0);
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: 'connection lost' });
  assert.equal(linkStateOf(harness.node), 'lost');
  harness.connect();
  assert.equal(harness.node.counters.reconnects, 1);
});

test('[AGE3] a renewal that finds nobody is a link that is lost', () => {
  const harness = ofAge();
  harness.fire('retry');
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: 'ECONNREFUSED' });
  assert.equal(linkStateOf(harness.node), 'lost');
});

test('[BOOT1] hello states a number of this run of the process, and another after a restart', () => {
  const bootIdOf = (harness: NodeHarness) => {
    const [hello] = sent(harness.open());
    assert.ok(hello?.type === 'hello');
    assert.ok(Number.isSafeInteger(hello.bootId) && hello.bootId >= 0);
    return hello.bootId;
  };
  const harness = new NodeHarness();
  harness.boot();
  const first = bootIdOf(harness);
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: '' });
  assert.equal(bootIdOf(harness), first, 'the same on each of its connections');
  harness.boot(onDisk([CART], 1));
  assert.notEqual(bootIdOf(harness), first);
  // A whole fleet that was started anew from the same seed.
  const later = new NodeHarness();
  later.advanceMs(60_000);
  later.boot();
  assert.notEqual(bootIdOf(later), first);
  // Two processes that a clock gives the same instant.
  const twin = new NodeHarness(undefined, 8);
  twin.boot();
  assert.notEqual(bootIdOf(twin), first);
});
