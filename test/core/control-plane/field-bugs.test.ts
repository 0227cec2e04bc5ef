import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Generation, Revision, RootHash } from '../../../core/config/ids.ts';
import { SYNC_STATUSES } from '../../../core/fleet/frame.ts';
import { full, NodeHarness, onDisk, service } from '../node/node-harness.ts';
import { configText, type FakeNode, LINEAGE, nodeId, World } from './world.ts';

/** Bugs that other control planes had, each tried here. Sources stand with the tests. */

const AFTER_BURST_MS = 200;

function publishLater(world: World, port: number) {
  world.advanceMs(AFTER_BURST_MS);
  return world.publish(configText([port])).record;
}

/** A node that serves r1. */
function onFirst(world: World, i = 0): FakeNode {
  const node = world.connect(nodeId(i));
  node.ack();
  return node;
}

// cilium/cilium PR #48631: go-control-plane runs the request callback before its check for stale
// nonces, so an ack of an older version completed a newer one.
test('[FIELD1] the ack of an older push completes nothing newer', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = onFirst(world);
  const { nonce: older } = node.lastPush;
  const { revision, rootHash } = publishLater(world, 81);
  node.say({ type: 'ack', nonce: older as never, hash: node.snapshot.hash });
  node.say({ type: 'ack', nonce: older as never, hash: rootHash });
  assert.equal(world.convergence(revision).reached, 0);
  assert.equal(world.status().status, 'STALE');
  assert.equal(world.belief().load.staleNonces, 2);
  node.ack();
  assert.equal(world.convergence(revision).reached, 1);
});

// cilium/cilium PR #48631, the other half: versions that were coalesced and never sent were waited for
// for ever. ACK2 has the case in which the node was away.
test('[FIELD2] versions that coalesced while a push was out are completed by the next ack', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = onFirst(world);
  for (const port of [81, 82, 83]) publishLater(world, port);
  assert.deepEqual(
    node.pushes.map(({ body }) => body.revision),
    [1, 2],
  );
  node.ack();
  node.ack();
  assert.deepEqual(
    node.pushes.map(({ body }) => body.revision),
    [1, 2, 4],
  );
  for (const revision of [2, 3, 4]) assert.equal(world.convergence(revision).reached, 1);
});

// Kong: `sync_status` of a dead data plane stays "normal"; only `last_seen` ages, until it is purged
// after 14 days (developer.konghq.com, "control plane reporting status shows data planes that are no
// longer active").
test('[FIELD3] a node that died without a word does not stay well', () => {
  const world = new World({ nodes: 2 });
  world.publish(configText([80]));
  const [dead, alive] = [onFirst(world, 0), onFirst(world, 1)];
  for (let i = 0; i < 3; i += 1) {
    world.advanceMs(10_000);
    alive.heartbeat();
  }
  assert.equal(dead.closed, 'heartbeat-timeout');
  assert.equal(world.status(nodeId(0)).connected, false);
  assert.equal(world.belief().counts.connected, 1);
  const { revision } = publishLater(world, 81);
  alive.ack();
  assert.equal(world.status(nodeId(0)).status, 'NOT_SENT');
  for (let i = 0; i < 4; i += 1) {
    world.advanceMs(10_000);
    alive.heartbeat();
  }
  assert.deepEqual(world.belief().late, [
    { ...world.belief().late[0], revision, missing: [nodeId(0)] },
  ]);
});

// istio/istio#32113: the list of proxies loses those that are not connected, so "all done" was false.
test('[FIELD4] who is not connected, or was never seen, stays on the list and in the denominator', () => {
  const world = new World({ nodes: 3 });
  world.publish(configText([80]));
  const [gone, here] = [onFirst(world, 0), onFirst(world, 1)];
  gone.vanish();
  const { revision } = publishLater(world, 81);
  here.ack();
  const { counts, syncStatus } = world.belief();
  assert.equal(counts.inventory, 3);
  assert.equal(counts.acknowledged, 1);
  assert.equal(syncStatus.length, 3);
  const { nodes, reached, t100Ms, missing } = world.convergence(revision);
  assert.deepEqual({ nodes, reached, t100Ms }, { nodes: 3, reached: 1, t100Ms: null });
  assert.deepEqual(missing, [nodeId(0), nodeId(2)]);
});

// istio/istio#30511: X of Y was wrong, and one bad client kept it from ever being told.
test('[FIELD5] one bad client neither blocks the others nor what is told of them', () => {
  for (const misbehave of [
    (bad: FakeNode) => bad.nack('rejected'),
    (bad: FakeNode) => bad.nack('hash-mismatch'),
    (bad: FakeNode) => bad.sayRaw('not a frame'),
    (bad: FakeNode) => bad.say({ type: 'ack', nonce: 99 as never, hash: bad.snapshot.hash }),
    (bad: FakeNode) => bad.vanish(),
    () => undefined,
  ]) {
    const world = new World({ nodes: 20 });
    world.publish(configText([80]));
    const nodes = Array.from({ length: 20 }, (_, i) => onFirst(world, i));
    const { revision } = publishLater(world, 81);
    const [bad, ...good] = nodes;
    assert.ok(bad !== undefined);
    misbehave(bad);
    world.advanceMs(7);
    for (const node of good) node.ack();
    const { reached, nodes: all, t95Ms, t100Ms, missing } = world.convergence(revision);
    assert.deepEqual(
      { reached, all, t95Ms, t100Ms, missing },
      { reached: 19, all: 20, t95Ms: 7, t100Ms: null, missing: [nodeId(0)] },
    );
    assert.equal(world.belief().counts.acknowledged, 19);
  }
});

// istio/istio#30498: a nack counted as applied.
test('[FIELD6] a nack is never counted as applied', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = onFirst(world);
  const { revision } = publishLater(world, 81);
  node.nack('rejected');
  assert.equal(world.convergence(revision).reached, 0);
  assert.equal(world.belief().counts.acknowledged, 0);
  assert.equal(world.belief().load.acks, 1, 'of r1');
  node.heartbeat();
  assert.equal(world.convergence(revision).reached, 0);
  assert.equal(SYNC_STATUSES[world.belief().syncStatus[0] ?? -1], 'ERROR');
});

// istio/istio `pilot/pkg/xds/ads.go`: `pilot_proxy_convergence_time` is recorded when the push
// completes, whether or not it was ever acknowledged.
test('[FIELD7] convergence is told from the ack, not from when the push was sent', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = onFirst(world);
  const { revision } = publishLater(world, 81);
  assert.equal(node.lastPush.body.revision, revision);
  world.advanceMs(5_000);
  assert.equal(world.convergence(revision).reached, 0);
  assert.equal(world.convergence(revision).t50Ms, null);
  node.ack();
  assert.equal(world.convergence(revision).t100Ms, 5_000);
});

// envoyproxy/go-control-plane@2b88c16: the server never reads `error_detail`.
test('[FIELD8] why a node refused, and which resources, is kept and told', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = onFirst(world);
  const { revision } = publishLater(world, 81);
  const resources = [
    { key: 'HTTPRoute/shop/a', reason: 'unsupported-feature', detail: 'CORS' },
  ] as const;
  node.say({
    type: 'nack',
    nonce: node.lastPush.nonce as never,
    reason: 'rejected',
    detail: 'one route',
    resources: resources.map((each) => ({ ...each, key: each.key as never })),
    resourcesTotal: 1,
  });
  const { lastNack } = world.status();
  assert.equal(lastNack?.revision, revision);
  assert.equal(lastNack?.reason, 'rejected');
  assert.equal(lastNack?.detail, 'one route');
  assert.deepEqual(lastNack?.resources, resources);
  assert.equal(world.belief().load.nacks, 1);
  assert.equal(world.belief().counts.rejected, 1);
});

// Kong/developer.konghq.com `incremental-config-sync.md`: a data plane that is ahead of the control
// plane is sent everything, so that it goes back to what is older.
test('[FIELD9] a node that is ahead is never taken back, however it comes', () => {
  const world = new World();
  world.publish(configText([80]));
  const hash = 'cd'.repeat(32) as RootHash;
  const [generation, revision] = [7 as Generation, 7 as Revision];
  const serving = { lineage: LINEAGE, generation, revision, hash, source: 'disk' } as const;
  const node = world.connect(nodeId(0), { serving });
  node.heartbeat();
  const again = node.reconnect();
  assert.equal(node.pushes.length + again.pushes.length, 0);
  assert.equal(world.belief().counts.ahead, 1);
  assert.equal(world.belief().counts.acknowledged, 0);
});

// Kubernetes `410 Gone`, Kong (more than 512 changes behind), etcd `compacted` in apache/apisix: what
// is too old for the log must begin anew; resuming it would leave out what was compacted.
test('[FIELD10] [PUSH9] a version that is too old for the log is answered with everything', () => {
  for (const [published, body] of [
    [2, 'delta'],
    [3, 'full'],
  ] as const) {
    const world = new World({ settings: { logRevisionsMax: 2 } });
    world.publish(configText([80]));
    const node = onFirst(world);
    node.vanish();
    for (let i = 1; i <= published; i += 1) publishLater(world, 80 + i);
    const again = node.reconnect();
    assert.equal(again.lastPush.body.type, body);
    again.ack();
    assert.equal(again.snapshot.hash, world.store.head()?.rootHash);
  }
});

test('[PUSH9] a node far behind that holds what the target holds is relabelled, not sent everything', () => {
  const world = new World({ settings: { logRevisionsMax: 1 } });
  world.publish(configText([80]));
  const node = onFirst(world);
  node.vanish();
  publishLater(world, 81);
  publishLater(world, 82);
  publishLater(world, 80);
  const again = node.reconnect();
  const { body } = again.lastPush;
  assert.ok(body.type === 'delta');
  assert.deepEqual([body.changed, body.removed], [[], []]);
});

test('[FIELD10] a version that the store no longer has is answered with everything, never resumed', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = onFirst(world);
  node.vanish();
  publishLater(world, 81);
  publishLater(world, 82);
  const kept = world.store.revision.bind(world.store);
  const compacted = 1;
  world.store.revision = (revision) => (revision === compacted ? null : kept(revision));
  world.restart();
  const again = node.reconnect();
  assert.equal(again.lastPush.body.type, 'full');
  again.ack();
  assert.equal(again.snapshot.hash, world.store.head()?.rootHash);
});

// xRFC TP3 (cncf/xds): on UNAVAILABLE, INTERNAL or UNKNOWN a client must keep what it has cached.
test('[FIELD11] whatever goes wrong at the control plane, a node keeps what it serves', () => {
  const cart = service('cart');
  const troubles: ((harness: NodeHarness) => unknown)[] = [
    (node) => node.frame({ type: 'retry-later', afterMs: 500, reason: 'full-pushes-full' }),
    (node) => node.frame({ type: 'incompatible', reason: 'unknown-node', detail: 'who?' }),
    (node) => node.event({ type: 'bad-frame', linkId: node.linkId, detail: 'not JSON' }),
    (node) => node.event({ type: 'link-closed', linkId: node.linkId, reason: 'shutting-down' }),
    (node) => node.push({ ...full(2, [service('other')]), hash: 'ef'.repeat(32) as RootHash }),
    (node) => node.push({ ...full(2, []), resources: [{ kind: 7 }] }),
    (node) => node.push(full(1, [])),
    (node) => node.welcome({ generation: 0 }),
  ];
  for (const trouble of troubles) {
    const harness = new NodeHarness();
    harness.boot(onDisk([cart], 1));
    harness.connect();
    const before = harness.node.serving;
    assert.ok(before !== null);
    trouble(harness);
    assert.equal(harness.node.serving, before);
    harness.advanceMs(86_400_000);
    assert.equal(harness.node.serving, before);
  }
});

// envoyproxy/envoy `xds_protocol.rst`: a stale nonce must not void what else the message says.
test('[FIELD12] a stale answer is ignored as an answer, and shows all the same that its node lives', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = onFirst(world);
  world.advanceMs(29_999);
  node.ack();
  assert.equal(world.belief().load.staleNonces, 1);
  world.advanceMs(29_000);
  assert.equal(node.closed, null);
  publishLater(world, 81);
  node.serving = null;
  node.heartbeat();
  assert.equal(world.belief().counts.acknowledged, 0, 'its own word counts while a push is out');
  assert.equal(world.status().status, 'STALE');
});

// linkerd/linkerd2#10200: what was resolved is kept for 5 s; then requests fail without the control plane.
test('[FIELD13] a node serves what it has for as long as nobody answers, and comes up with it', () => {
  const harness = new NodeHarness();
  harness.boot(onDisk([service('cart')], 3));
  for (let i = 0; i < 2_000; i += 1) {
    harness.fire('retry');
    harness.event({ type: 'link-closed', linkId: harness.linkId, reason: 'ECONNREFUSED' });
    assert.equal(harness.node.serving?.statement.revision, 3);
  }
  harness.boot(onDisk([service('cart')], 3));
  assert.equal(harness.node.serving?.statement.revision, 3);
});
