import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { ConfigSnapshot } from '../../../core/config/snapshot.ts';
import { healthOf } from '../../../core/node/inspect-node.ts';
import type { DiskLoad, NodeEffect } from '../../../core/node/node-events.ts';
import { NODE_SCRUB_PERIOD_MS } from '../../../core/node/node-limits.ts';
import { createSharedWork } from '../../../core/node/shared-work.ts';
import {
  delta,
  full,
  hashOfBodies,
  kindsOf,
  LINEAGE_B,
  NodeHarness,
  type NodeHeartbeat,
  onDisk,
  sent,
  service,
  snapshotOf,
} from './node-harness.ts';

const CART = service('cart');
const CHECKOUT = service('checkout');
/** What has become of `CART` in memory. */
const HARMED = { ...CART, spec: { ports: [{ port: 81 }] } };

function serving(): NodeHarness {
  const harness = new NodeHarness();
  harness.boot();
  harness.connect();
  harness.apply(full(1, [CART, CHECKOUT]));
  return harness;
}

/** One body is no longer what was stored; every hash is as it was. */
function harm(harness: NodeHarness): ConfigSnapshot {
  const { phase } = harness.node;
  assert.ok(phase.kind === 'running' && phase.serving !== null);
  const { snapshot } = phase.serving;
  const cart = snapshot.resources.get('Service/shop/cart' as never);
  assert.ok(cart !== undefined);
  const resources = new Map(snapshot.resources).set(cart.key, { ...cart, body: HARMED });
  phase.serving = { ...phase.serving, snapshot: { hash: snapshot.hash, resources } };
  return phase.serving.snapshot;
}

/** Answers the reading of the disk that the node asked for. */
function reread(harness: NodeHarness, effects: readonly NodeEffect[], load: DiskLoad) {
  const asked = effects.find((effect) => effect.type === 'reread-disk');
  assert.ok(asked?.type === 'reread-disk', 'the node reads its disk anew');
  return harness.event({ type: 'disk-reread', token: asked.token, load });
}

function heartbeatOf(effects: readonly NodeEffect[]): NodeHeartbeat {
  const [word] = sent(effects);
  assert.ok(word?.type === 'heartbeat', 'the node says at once what it serves');
  return word;
}

test('[SCRUB1] what is served is hashed anew every ten minutes, give or take a tenth', () => {
  const harness = serving();
  const first = harness.timers.get('scrub');
  assert.ok(first !== undefined);
  const periodUs = NODE_SCRUB_PERIOD_MS * 1_000;
  for (let i = 0; i < 20; i += 1) {
    assert.deepEqual(kindsOf(harness.fire('scrub')), ['set-timer'], 'what is sound is left alone');
    const next = harness.timers.get('scrub');
    assert.ok(next !== undefined);
    const us = next - harness.now;
    assert.ok(us >= periodUs * 0.9 && us <= periodUs * 1.1, `${us}`);
  }
});

test('[SCRUB1] nodes that start together do not scrub together, and a lost link stops no scrub', () => {
  const firsts = Array.from({ length: 40 }, (_, seed) => {
    const harness = new NodeHarness(undefined, seed);
    const at = harness.now;
    harness.boot();
    harness.connect();
    harness.event({ type: 'link-closed', linkId: harness.linkId, reason: '' });
    const due = harness.timers.get('scrub');
    assert.ok(due !== undefined);
    return due - at;
  });
  assert.ok(Math.min(...firsts) < NODE_SCRUB_PERIOD_MS * 100);
  assert.ok(Math.max(...firsts) > NODE_SCRUB_PERIOD_MS * 900);
});

test('[SCRUB2] damage is mended from the own disk, and what was served is served meanwhile', () => {
  const harness = serving();
  const harmed = harm(harness);
  const effects = harness.fire('scrub');
  assert.deepEqual(kindsOf(effects), ['set-timer', 'note', 'reread-disk']);
  assert.equal(harness.node.serving?.snapshot, harmed);
  const mended = reread(harness, effects, onDisk([CART, CHECKOUT], 1));
  assert.deepEqual(sent(mended), []);
  assert.equal(harness.node.serving?.snapshot.hash, hashOfBodies([CART, CHECKOUT]));
  assert.deepEqual(
    harness.node.serving?.snapshot.resources.get('Service/shop/cart' as never)?.body,
    CART,
  );
  assert.equal(harness.node.serving?.statement.source, 'disk');
  assert.match(harness.node.log.entries().at(-1)?.text ?? '', /sound again/);
});

test('[SCRUB2] another config, a damaged disk, and one of another lineage are not taken for it', () => {
  const whole = onDisk([CART, CHECKOUT], 1);
  assert.ok(whole.kind === 'found');
  const loads = [
    onDisk([CART], 1),
    onDisk([CART, CHECKOUT], 2),
    { ...whole, resources: [HARMED, CHECKOUT] },
    { ...whole, record: { ...whole.record, lineage: LINEAGE_B } },
    { kind: 'damaged', detail: 'unreadable' } as const,
    { kind: 'empty' } as const,
  ];
  for (const load of loads) {
    const harness = serving();
    const harmed = harm(harness);
    const word = heartbeatOf(reread(harness, harness.fire('scrub'), load));
    assert.equal(word.serving?.damaged, true);
    assert.equal(harness.node.serving?.snapshot.resources, harmed.resources);
  }
});

test('[SCRUB3] what the disk cannot mend is stated at once, with its true hash', () => {
  const harness = serving();
  harm(harness);
  const word = heartbeatOf(reread(harness, harness.fire('scrub'), { kind: 'empty' }));
  assert.equal(word.serving?.hash, hashOfBodies([HARMED, CHECKOUT]));
  assert.equal(word.serving?.damaged, true);
  assert.equal(word.serving?.generation, 1);
  assert.equal(word.health, 'degraded');
  assert.equal(healthOf(harness.node), 'degraded');
  assert.deepEqual(kindsOf(harness.fire('scrub')), ['set-timer'], 'it is said once, then in turn');
});

test('[SCRUB3] without a link it is said in the next hello', () => {
  const harness = serving();
  harm(harness);
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: '' });
  assert.deepEqual(sent(reread(harness, harness.fire('scrub'), { kind: 'empty' })), []);
  const [hello] = sent(harness.open());
  assert.ok(hello?.type === 'hello');
  assert.equal(hello.serving?.damaged, true);
});

test('[SCRUB3] the same generation mends it when it comes whole; no delta is built on damage', () => {
  const harness = serving();
  harm(harness);
  reread(harness, harness.fire('scrub'), { kind: 'empty' });
  const other = service('other');
  const after = [CART, CHECKOUT, other];
  const [nack] = sent(harness.push(delta(1, 2, after, [other])).effects);
  assert.equal(nack?.type === 'nack' && nack.reason, 'hash-mismatch');
  harness.apply(full(1, [CART, CHECKOUT]));
  assert.equal(harness.node.serving?.statement.damaged, undefined);
  assert.equal(healthOf(harness.node), 'healthy');
  const [older] = sent(harness.push(full(1, [CART])).effects);
  assert.equal(older?.type === 'nack' && older.reason, 'older-generation');
});

test('[SCRUB3] damage is no reason to go back to an older generation', () => {
  const harness = serving();
  harness.apply(full(2, [CART, CHECKOUT]));
  harm(harness);
  reread(harness, harness.fire('scrub'), { kind: 'empty' });
  const [nack] = sent(harness.push(full(1, [CART, CHECKOUT])).effects);
  assert.equal(nack?.type === 'nack' && nack.reason, 'older-generation');
});

test('[SCRUB3] damage that is found between hello and welcome is said after the welcome', () => {
  const harness = serving();
  harm(harness);
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: '' });
  const [hello] = sent(harness.open());
  assert.equal(hello?.type === 'hello' && hello.serving?.damaged, undefined);
  assert.deepEqual(sent(reread(harness, harness.fire('scrub'), { kind: 'empty' })), []);
  assert.equal(heartbeatOf(harness.welcome()).serving?.damaged, true);
});

test('[SCRUB2] a disk that answers the scrub before is not taken for the answer to this one', () => {
  const harness = serving();
  const harmed = harm(harness);
  const asked = harness.fire('scrub');
  const again = harness.fire('scrub');
  assert.deepEqual(reread(harness, asked, onDisk([CART, CHECKOUT], 1)), []);
  assert.equal(harness.node.serving?.snapshot, harmed);
  reread(harness, again, onDisk([CART, CHECKOUT], 1));
  assert.notEqual(harness.node.serving?.snapshot, harmed);
});

test('[SCRUB7] what was built on damage before that was known is never served, nor acknowledged', () => {
  for (const load of [onDisk([CART, CHECKOUT], 1), { kind: 'empty' } as const]) {
    const harness = serving();
    harm(harness);
    const other = service('other');
    const { effects, nonce } = harness.push(delta(1, 2, [CART, CHECKOUT, other], [other]));
    reread(harness, harness.fire('scrub'), load);
    const [nack, ...more] = sent(harness.persisted(effects));
    assert.ok(nack?.type === 'nack' && more.length === 0);
    assert.deepEqual([nack.nonce, nack.reason], [nonce, 'hash-mismatch']);
    assert.equal(harness.node.serving?.statement.revision, 1);
    harness.apply(full(2, [CART, CHECKOUT, other]));
    assert.equal(harness.node.serving?.statement.damaged, undefined);
  }
});

test('[SCRUB7] a delta that comes while the disk is read anew is not built on the damage, nor written', () => {
  const other = service('other');
  for (const body of [
    delta(1, 2, [CART, CHECKOUT, other], [other]),
    delta(1, 2, [CART, CHECKOUT], []),
  ]) {
    const harness = serving();
    harm(harness);
    const asked = harness.fire('scrub');
    const { effects, nonce } = harness.push(body);
    const [nack, ...more] = sent(effects);
    assert.ok(nack?.type === 'nack' && more.length === 0);
    assert.deepEqual([nack.nonce, nack.reason], [nonce, 'hash-mismatch']);
    assert.equal(kindsOf(effects).includes('persist'), false, 'the disk still holds what is sound');
    reread(harness, asked, onDisk([CART, CHECKOUT], 1));
    assert.equal(harness.node.serving?.snapshot.hash, hashOfBodies([CART, CHECKOUT]));
    harness.apply(full(2, [CART, CHECKOUT, other]));
  }
});

test('[SCRUB3] no delta is taken either where the damage left the sum of hashes as it was', () => {
  const harness = serving();
  const { phase } = harness.node;
  assert.ok(phase.kind === 'running' && phase.serving !== null);
  const { snapshot } = phase.serving;
  const cart = snapshot.resources.get('Service/shop/cart' as never);
  assert.ok(cart !== undefined);
  const resources = new Map(snapshot.resources).set(cart.key, { ...cart, canonical: '{}' });
  phase.serving = { ...phase.serving, snapshot: { hash: snapshot.hash, resources } };
  const word = heartbeatOf(reread(harness, harness.fire('scrub'), { kind: 'empty' }));
  assert.deepEqual([word.serving?.hash, word.serving?.damaged], [snapshot.hash, true]);
  const other = service('other');
  const { effects } = harness.push(delta(1, 2, [CART, CHECKOUT, other], [other]));
  const [nack] = sent(effects);
  assert.equal(nack?.type === 'nack' && nack.reason, 'hash-mismatch');
});

test('[SCRUB7] what replaces the damage, or came whole, is served', () => {
  for (const isWhole of [true, false]) {
    const harness = serving();
    harm(harness);
    const mended = service('cart', 8080);
    const body = isWhole ? full(2, [mended, CHECKOUT]) : delta(1, 2, [mended, CHECKOUT], [mended]);
    const { effects } = harness.push(body);
    const asked = harness.fire('scrub');
    assert.equal(sent(harness.persisted(effects))[0]?.type, 'ack');
    assert.deepEqual(reread(harness, asked, onDisk([CART, CHECKOUT], 1)), []);
    assert.equal(harness.node.serving?.snapshot.hash, hashOfBodies([mended, CHECKOUT]));
    assert.equal(harness.node.serving?.statement.revision, 2);
  }
});

test('[SCRUB1] a restart forgets what was being mended', () => {
  const harness = serving();
  harm(harness);
  const asked = harness.fire('scrub');
  harness.boot(onDisk([CART, CHECKOUT], 1));
  const before = harness.node.serving;
  assert.deepEqual(reread(harness, asked, { kind: 'empty' }), []);
  assert.equal(harness.node.serving, before);
});

test('[SCRUB5] what many nodes share is never built on what one of them holds damaged', () => {
  const work = createSharedWork();
  const bodies = [CART, CHECKOUT];
  const built = work.prepare(null, bodies, []);
  assert.ok(built.ok);
  const { snapshot } = built.value;
  const cart = snapshot.resources.get('Service/shop/cart' as never);
  assert.ok(cart !== undefined);
  const resources = new Map(snapshot.resources).set(cart.key, { ...cart, body: HARMED });
  const harmed = { hash: snapshot.hash, resources };
  const changed = [service('other')];
  const own = work.prepare(harmed, changed, []);
  const shared = work.prepare(snapshot, changed, []);
  assert.ok(own.ok && shared.ok);
  assert.deepEqual(own.value.snapshot.resources.get(cart.key)?.body, HARMED);
  assert.deepEqual(shared.value.snapshot.resources.get(cart.key)?.body, CART);
  assert.equal(work.prepare(snapshot, changed, []), shared, 'done once for all others');
  assert.equal(work.scrub(shared.value.snapshot), null);
  assert.notEqual(work.scrub(own.value.snapshot), null);
  assert.equal(work.scrub(snapshotOf(bodies)), null);
});
