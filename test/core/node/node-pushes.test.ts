import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { Generation, Nonce, Revision, RootHash } from '../../../core/config/ids.ts';
import {
  AGENT_OLDEST,
  AGENT_PREVIOUS,
  type AgentProfile,
} from '../../../core/node/agent-profiles.ts';
import type { NodeEffect } from '../../../core/node/node-events.ts';
import type { NodeNack } from '../../../core/protocol/node-link.ts';
import {
  corsRoute,
  delta,
  full,
  hashOfBodies,
  kindsOf,
  LINEAGE_A,
  LINEAGE_B,
  NodeHarness,
  onDisk,
  sent,
  service,
} from './node-harness.ts';

const CART = service('cart');
const CHECKOUT = service('checkout');

function nackOf(effects: readonly NodeEffect[]): NodeNack {
  const nack = sent(effects).find((message) => message.type === 'nack');
  assert.ok(nack?.type === 'nack', 'the node answered with a nack');
  return nack;
}

function revisionOf(harness: NodeHarness): number | null {
  return harness.node.serving?.statement.revision ?? null;
}

function started(agent?: AgentProfile): NodeHarness {
  const harness = new NodeHarness(agent);
  harness.boot();
  harness.connect();
  return harness;
}

test('[NODE-PERSIST] a push is on disk before it is served and acked', () => {
  const harness = started();
  const { effects, nonce } = harness.push(full(1, [CART]));
  assert.deepEqual(kindsOf(effects), ['persist']);
  assert.equal(revisionOf(harness), null);
  const after = harness.persisted(effects);
  assert.deepEqual(sent(after), [{ type: 'ack', nonce, hash: hashOfBodies([CART]) }]);
  assert.equal(revisionOf(harness), 1);
  assert.equal(harness.node.serving?.statement.source, 'control-plane');
});

test('[NODE-PERSIST] a push that cannot be written is refused and changes nothing', () => {
  const harness = started();
  harness.apply(full(1, [CART]));
  const { effects } = harness.push(full(2, [CART, CHECKOUT]));
  const nack = nackOf(harness.persisted(effects, false));
  assert.equal(nack.reason, 'storage-failed');
  assert.equal(harness.node.serving?.statement.revision, 1);
});

test('[NODE-STORAGE-RETRY] a node whose disk refused a config asks for it again, later each time', () => {
  const harness = started();
  harness.apply(full(1, [CART]));
  const waitsMs: number[] = [];
  for (let failure = 0; failure < 6; failure += 1) {
    harness.persisted(harness.push(full(2, [CART, CHECKOUT])).effects, false);
    const failedAt = harness.now;
    const effects = harness.fire('storage');
    waitsMs.push((harness.now - failedAt) / 1_000);
    assert.ok(effects.some((e) => e.type === 'close-link' && e.reason === 'storage-retry'));
    assert.equal(revisionOf(harness), 1);
    harness.fire('retry');
    const [hello] = sent(harness.event({ type: 'link-opened', linkId: harness.linkId }));
    assert.equal(hello?.type === 'hello' && hello.serving?.revision, 1);
    harness.welcome();
  }
  const boundsMs = [10_000, 20_000, 40_000, 80_000, 120_000, 120_000];
  for (const [i, boundMs] of boundsMs.entries()) {
    const waitMs = waitsMs[i] ?? 0;
    assert.ok(waitMs >= boundMs / 2 && waitMs <= boundMs, `${waitMs} of ${boundMs}`);
  }
});

test('[NODE-STORAGE-RETRY] a config that was kept after all ends the retries', () => {
  const harness = started();
  harness.persisted(harness.push(full(1, [CART])).effects, false);
  assert.ok(harness.timers.has('storage'));
  harness.apply(full(2, [CART]));
  assert.equal(harness.timers.has('storage'), false);
  harness.persisted(harness.push(full(3, [CART, CHECKOUT])).effects, false);
  const failedAt = harness.now;
  harness.fire('storage');
  assert.ok(harness.now - failedAt <= 10_000_000, 'it starts over with the shortest wait');
});

test('[NODE-STORAGE-RETRY] without its link a node only says hello when it is back', () => {
  const harness = started();
  const { effects } = harness.push(full(1, [CART]));
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: 'lost' });
  harness.persisted(effects, false);
  assert.equal(harness.timers.has('storage'), false);
  harness.connect();
  harness.persisted(harness.push(full(1, [CART])).effects, false);
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: 'lost' });
  assert.equal(harness.timers.has('storage'), false);
});

test('[NODE-HASH] the ack carries the hash of what the node holds after a delta', () => {
  const harness = started();
  harness.apply(full(1, [CART]));
  const changed = service('cart', 8080);
  const { effects } = harness.push(delta(1, 2, [changed, CHECKOUT], [changed, CHECKOUT]));
  const [ack] = sent(harness.persisted(effects));
  assert.deepEqual(ack, { type: 'ack', nonce: 2, hash: hashOfBodies([CHECKOUT, changed]) });
  const removal = harness.push(delta(2, 3, [changed], [], ['Service/shop/checkout']));
  harness.persisted(removal.effects);
  assert.equal(harness.node.serving?.snapshot.hash, hashOfBodies([changed]));
});

test('[NODE-HASH] what does not hash to the push is refused and last-known-good is kept', () => {
  const harness = started();
  harness.apply(full(1, [CART]));
  const before = harness.node.serving;
  const wrong = { ...full(2, [CART, CHECKOUT]), hash: 'f'.repeat(64) as RootHash };
  const { effects, nonce } = harness.push(wrong);
  const nack = nackOf(effects);
  assert.equal(nack.reason, 'hash-mismatch');
  assert.equal(nack.nonce, nonce);
  assert.equal(harness.node.serving, before);
  assert.ok(!kindsOf(effects).includes('persist'));
});

test('[NODE-BASIS] a delta from a revision that is not served is refused', () => {
  const harness = started();
  assert.equal(nackOf(harness.push(delta(1, 2, [CART], [CART])).effects).reason, 'hash-mismatch');
  harness.apply(full(2, [CART]));
  const other = harness.push(delta(1, 3, [CART, CHECKOUT], [CHECKOUT]));
  assert.equal(nackOf(other.effects).reason, 'hash-mismatch');
  const absent = harness.push(delta(2, 3, [CART], [], ['Service/shop/ghost']));
  assert.equal(nackOf(absent.effects).reason, 'hash-mismatch');
  assert.equal(harness.node.serving?.statement.revision, 2);
});

test('[NODE-REJECT] a rejected push changes nothing and names resource and feature', () => {
  const harness = started(AGENT_PREVIOUS);
  harness.apply(full(1, [CART]));
  const before = harness.node.serving;
  const route = corsRoute('checkout');
  const { effects } = harness.push(delta(1, 2, [CART, route], [route]));
  const nack = nackOf(effects);
  assert.equal(nack.reason, 'rejected');
  assert.deepEqual(nack.resources, [
    {
      key: 'HTTPRoute/shop/checkout',
      reason: 'unsupported-feature',
      detail: 'shop/checkout uses the CORS filter, which agent 1.3 lacks',
    },
  ]);
  assert.equal(nack.resourcesTotal, 1);
  assert.equal(harness.node.serving, before);
  assert.ok(!kindsOf(effects).includes('persist'));
  assert.equal(harness.node.lastPush?.outcome, 'rejected');
});

test('[NODE-REJECT] the same push is taken by an agent that has the feature', () => {
  const harness = started();
  harness.apply(full(1, [CART, corsRoute('checkout')]));
  assert.equal(harness.node.serving?.statement.revision, 1);
});

test('[NODE-REJECT] a resource that cannot be read is refused', () => {
  const harness = started();
  const body = { ...full(1, [CART]), resources: [{ kind: 7 }] };
  assert.equal(nackOf(harness.push(body).effects).reason, 'rejected');
});

test('[NODE-REJECT] more rejected resources than a nack names are counted', () => {
  const harness = started(AGENT_OLDEST);
  const routes = Array.from({ length: 60 }, (_, i) => corsRoute(`r${i}`));
  const nack = nackOf(harness.push(full(1, routes)).effects);
  assert.equal(nack.resources.length, 50);
  assert.equal(nack.resourcesTotal, 60);
});

test('[NODE-LIMIT] more resources or bytes than the agent takes is refused', () => {
  const limited = (resourcesMax: number, configBytesMax: number): AgentProfile => ({
    ...AGENT_PREVIOUS,
    capabilities: { ...AGENT_PREVIOUS.capabilities, limits: { resourcesMax, configBytesMax } },
  });
  const few = started(limited(1, 1_000_000));
  assert.equal(nackOf(few.push(full(1, [CART, CHECKOUT])).effects).reason, 'over-limit');
  const small = started(limited(100, 200));
  small.apply(full(1, [CART]));
  const grown = small.push(delta(1, 2, [CART, CHECKOUT], [CHECKOUT]));
  assert.equal(nackOf(grown.effects).reason, 'over-limit');
});

test('[NODE-ORDER] what is served never goes back in generation', () => {
  const harness = started();
  harness.apply(full(5, [CART]));
  const older = harness.push(full(4, [CHECKOUT]));
  assert.equal(nackOf(older.effects).reason, 'older-generation');
  const rival = harness.push(full(6, [CHECKOUT], 5));
  assert.equal(nackOf(rival.effects).reason, 'older-generation');
  assert.equal(harness.node.serving?.statement.revision, 5);
  harness.apply(full(3, [CHECKOUT], 6));
  assert.equal(harness.node.serving?.statement.generation, 6);
});

test('[NODE-ORDER] what is served already is acked at once', () => {
  const harness = started();
  harness.apply(full(5, [CART]));
  const { effects, nonce } = harness.push(full(5, [CART]));
  assert.deepEqual(sent(effects), [{ type: 'ack', nonce, hash: hashOfBodies([CART]) }]);
});

test('[NODE-LINEAGE] a foreign lineage is refused unless it supersedes the own one', () => {
  const harness = new NodeHarness();
  harness.boot(onDisk([CART], 9));
  harness.connect({ lineage: LINEAGE_B });
  const foreign = harness.push(full(1, [CHECKOUT]));
  assert.equal(nackOf(foreign.effects).reason, 'foreign-lineage');
  assert.equal(harness.node.serving?.statement.lineage, LINEAGE_A);
  harness.welcome({ lineage: LINEAGE_B, supersedes: [LINEAGE_A] });
  harness.apply(full(1, [CHECKOUT]));
  assert.equal(harness.node.serving?.statement.lineage, LINEAGE_B);
  assert.equal(harness.node.serving?.statement.generation, 1);
});

test('[NODE-LINEAGE] a delta may start from what a superseded lineage left, and only relabel it', () => {
  const harness = new NodeHarness();
  harness.boot(onDisk([CART], 9));
  harness.connect({ lineage: LINEAGE_B, supersedes: [LINEAGE_A] });
  const held = harness.node.serving?.statement;
  assert.ok(held);
  harness.apply({
    type: 'delta',
    generation: 1 as Generation,
    revision: 2 as Revision,
    hash: held.hash,
    from: held.revision,
    changed: [],
    removed: [],
  });
  assert.equal(harness.node.serving?.statement.lineage, LINEAGE_B);
  assert.equal(harness.node.serving?.statement.hash, held.hash);
});

test('[NODE-FRAMES] a body without its header closes the link', () => {
  const harness = started();
  const effects = harness.frame(full(1, [CART]));
  assert.ok(effects.some((e) => e.type === 'close-link' && e.reason === 'bad-frame'));
  assert.equal(harness.node.counters.badFrames, 1);
});

test('[NODE-FRAMES] a header without its body closes the link', () => {
  for (const between of ['push', 'current'] as const) {
    const harness = started();
    harness.frame({ type: 'push', nonce: 1 as Nonce });
    const effects =
      between === 'push' ? harness.frame({ type: 'push', nonce: 2 as Nonce }) : harness.current();
    assert.ok(effects.some((e) => e.type === 'close-link' && e.reason === 'bad-frame'));
    assert.equal(harness.node.phase.kind === 'running' && harness.node.phase.link.kind, 'waiting');
  }
});

test('[NODE-FRAMES] a frame that cannot be decoded closes the link and leaves serving alone', () => {
  const harness = started();
  harness.apply(full(1, [CART]));
  harness.event({ type: 'bad-frame', linkId: harness.linkId, detail: 'frame is not JSON' });
  assert.equal(harness.node.serving?.statement.revision, 1);
  assert.equal(harness.node.counters.badFrames, 1);
});

test('[NODE-PERSIST] a write that outlives its link is served and said over the next link', () => {
  const harness = started();
  const { effects } = harness.push(full(1, [CART]));
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: '' });
  const written = harness.persisted(effects);
  assert.deepEqual(sent(written), []);
  assert.equal(harness.node.serving?.statement.revision, 1);
  const hello = sent(harness.open())[0];
  assert.equal(hello?.type === 'hello' && hello.serving?.revision, 1);
});

test('[NODE-PERSIST] a write that ends after the next hello is stated at once after welcome', () => {
  const harness = started();
  const { effects } = harness.push(full(1, [CART]));
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: '' });
  const hello = sent(harness.open())[0];
  assert.equal(hello?.type === 'hello' && hello.serving, null);
  harness.persisted(effects);
  const word = sent(harness.welcome())[0];
  assert.equal(word?.type === 'heartbeat' && word.serving?.revision, 1);
});

test('[NODE-PERSIST] a push over a newer link waits for the write under way', () => {
  const harness = started();
  const first = harness.push(full(1, [CART]));
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: '' });
  harness.connect();
  const second = harness.push(full(2, [CART, CHECKOUT]));
  assert.deepEqual(second.effects, []);
  const next = harness.persisted(first.effects);
  const after = harness.persisted(next);
  assert.deepEqual(sent(after), [
    { type: 'ack', nonce: second.nonce, hash: hashOfBodies([CART, CHECKOUT]) },
  ]);
});

test('[NODE-PERSIST] a disk that is slower than several links gets no push called a bad frame', () => {
  const harness = started();
  const first = harness.push(full(1, [CART]));
  for (const revision of [2, 3]) {
    harness.event({ type: 'link-closed', linkId: harness.linkId, reason: 'answer-timeout' });
    harness.connect();
    assert.deepEqual(harness.push(full(revision, [CART, CHECKOUT])).effects, []);
  }
  const last = harness.persisted(first.effects);
  harness.persisted(last);
  assert.equal(harness.node.counters.badFrames, 0);
  assert.equal(harness.node.serving?.statement.revision, 3);
});

test('[NODE-PERSIST] two more pushes over one link, with none of them answered, are a bad frame', () => {
  const harness = started();
  harness.push(full(1, [CART]));
  assert.deepEqual(harness.push(full(2, [CART, CHECKOUT])).effects, []);
  assert.ok(kindsOf(harness.push(full(3, [CART])).effects).includes('close-link'));
  assert.equal(harness.node.counters.badFrames, 1);
});

test('[NODE-AHEAD] a control plane with an older generation is told apart', () => {
  const harness = new NodeHarness();
  harness.boot(onDisk([CART], 9));
  harness.connect({ generation: 3 });
  assert.equal(harness.node.told?.generation, 3 as Generation);
  assert.equal(harness.node.serving?.statement.generation, 9);
});
