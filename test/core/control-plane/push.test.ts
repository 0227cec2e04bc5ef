import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Generation, Revision, RootHash } from '../../../core/config/ids.ts';
import { configText, LINEAGE, nodeId, World } from './world.ts';

const AFTER_BURST_MS = 200;

test('[HELLO5] welcome states lineage, target and heartbeat; a node without config is sent full', () => {
  const world = new World();
  const { record } = world.publish(configText([80, 81]));
  const node = world.connect();
  const [welcome] = node.messages;
  assert.deepEqual(welcome, {
    type: 'welcome',
    lineage: LINEAGE,
    generation: record.generation,
    revision: record.revision,
    hash: record.rootHash,
    heartbeatMs: 10_000,
    supersedes: [],
  });
  assert.equal(node.lastPush.body.type, 'full');
  node.ack();
  assert.equal(node.snapshot.hash, record.rootHash);
  assert.equal(world.status().status, 'SYNCED');
});

test('[PUSH1] a node whose revision and hash are known gets only what differs', () => {
  const world = new World();
  world.publish(configText([80, 81, 82]));
  const node = world.connect();
  node.ack();
  world.advanceMs(AFTER_BURST_MS);
  const { record } = world.publish(configText([80, 99]));
  const { body } = node.lastPush;
  assert.ok(body.type === 'delta');
  assert.equal(body.changed.length, 1);
  assert.deepEqual(body.removed, ['Service/shop/backend-2']);
  node.ack();
  assert.equal(node.snapshot.hash, record.rootHash);
});

test('[PUSH1] the delta starts from what the node states, however old, and not from the last push', () => {
  const world = new World();
  world.publish(configText([80, 81]));
  const node = world.connect();
  node.ack();
  node.vanish();
  for (const port of [1, 2, 3]) {
    world.advanceMs(AFTER_BURST_MS);
    world.publish(configText([port, 81]));
  }
  const again = node.reconnect();
  const { body } = again.lastPush;
  assert.ok(body.type === 'delta');
  assert.equal(body.from, node.serving?.revision);
  again.ack();
  assert.equal(again.snapshot.hash, world.store.head()?.rootHash);
});

test('[PUSH2] the target hash under another revision is relabelled by an empty delta', () => {
  const world = new World();
  const { record } = world.publish(configText([80]));
  world.advanceMs(AFTER_BURST_MS);
  const relabelled = world.publish(configText([80], '# a comment\n'));
  assert.equal(relabelled.record.rootHash, record.rootHash);
  for (const revision of [record.revision, 999 as Revision]) {
    const node = world.connect(nodeId(0), {
      serving: {
        lineage: LINEAGE,
        generation: record.generation,
        revision,
        hash: record.rootHash,
        source: 'disk',
      },
    });
    const { body } = node.lastPush;
    assert.ok(body.type === 'delta');
    assert.deepEqual([body.from, body.changed, body.removed], [revision, [], []]);
    assert.equal(body.revision, relabelled.record.revision);
  }
});

test('[PUSH3] an unknown revision, or a known one with another hash, is sent full', () => {
  const world = new World();
  world.publish(configText([80]));
  world.advanceMs(AFTER_BURST_MS);
  world.publish(configText([81]));
  const hash = 'ab'.repeat(32) as RootHash;
  for (const revision of [1, 2, 77] as Revision[]) {
    const generation = 1 as Generation;
    const serving = { lineage: LINEAGE, generation, revision, hash, source: 'disk' } as const;
    const node = world.connect(nodeId(0), { serving });
    assert.equal(node.lastPush.body.type, 'full', `revision ${revision}`);
  }
});

test('[PUSH4] everybody who starts from the same place shares one encoded buffer', () => {
  const world = new World({ nodes: 3 });
  world.publish(configText([80]));
  const nodes = [0, 1, 2].map((i) => world.connect(nodeId(i)));
  for (const node of nodes) node.ack();
  world.advanceMs(AFTER_BURST_MS);
  world.publish(configText([81]));
  const [first, ...others] = nodes.map((node) => node.lastPush.bytes);
  for (const bytes of others) assert.equal(bytes, first);
});

test('[PUSH4] canonical bodies stand in the frame byte for byte as the store keeps them', () => {
  const world = new World();
  const { record } = world.publish(configText([80, 81]));
  const node = world.connect();
  const text = new TextDecoder().decode(node.lastPush.bytes);
  const manifest = world.store.manifest(record.revision);
  assert.equal(manifest?.size, 2);
  for (const contentHash of manifest?.values() ?? []) {
    const canonical = world.store.canonical(contentHash);
    assert.ok(canonical !== null && text.includes(canonical));
  }
});

test('[PUSH5] one push in flight: newer targets coalesce and the ack brings the newest', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  for (const port of [81, 82, 83]) {
    world.advanceMs(AFTER_BURST_MS);
    world.publish(configText([port]));
  }
  assert.equal(node.pushes.length, 2, 'r1 in full, then r2 which is in flight');
  assert.equal(node.lastPush.body.revision, 2);
  node.ack();
  assert.equal(node.pushes.length, 3);
  assert.equal(node.lastPush.body.revision, 4);
});

test('[PUSH6] the first publish goes at once, a burst is gathered until it is quiet', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  world.advanceMs(AFTER_BURST_MS);
  world.publish(configText([81]));
  node.ack();
  for (const port of [82, 83, 84]) {
    world.advanceMs(50);
    world.publish(configText([port]));
  }
  assert.equal(node.lastPush.body.revision, 2, 'the burst is held back');
  world.advanceMs(99);
  assert.equal(node.lastPush.body.revision, 2);
  world.advanceMs(1);
  assert.equal(node.lastPush.body.revision, 5);
});

test('[PUSH6] a burst without end is sent after a second all the same', () => {
  const world = new World();
  world.publish(configText([1]));
  const node = world.connect();
  node.ack();
  world.advanceMs(AFTER_BURST_MS);
  world.publish(configText([2]));
  node.ack();
  const sentBefore = node.pushes.length;
  for (let i = 0; i < 21; i += 1) {
    world.advanceMs(50);
    world.publish(configText([100 + i]));
  }
  assert.equal(node.pushes.length, sentBefore + 1);
});

test('[PUSH7] a change of one resource of 0.8 kB costs its canonical JSON and at most 300 bytes', () => {
  const world = new World();
  const big = (value: string) =>
    `${configText([80])}---\napiVersion: v1\nkind: Service\nmetadata:\n  name: big\n  namespace: shop\n` +
    `  annotations:\n    example.com/note: "${value.repeat(600)}"\nspec:\n  ports:\n    - name: http\n      port: 8080\n`;
  world.publish(big('x'));
  const node = world.connect();
  node.ack();
  world.advanceMs(AFTER_BURST_MS);
  const { record } = world.publish(big('y'));
  const contentHash = [...(world.store.manifest(record.revision) ?? [])].find(([key]) =>
    key.endsWith('/big'),
  )?.[1];
  assert.ok(contentHash !== undefined);
  const canonical = world.store.canonical(contentHash) ?? '';
  assert.ok(canonical.length > 700 && canonical.length < 1_000);
  const pushFrame = `{"type":"push","nonce":${node.lastPush.nonce}}`;
  const frameHeaders = 2 + 4;
  const total = pushFrame.length + node.lastPush.bytes.byteLength + frameHeaders;
  assert.ok(total <= canonical.length + 300, `${total} for ${canonical.length}`);
});

test('[PUSH8] a node that is current is welcomed and pushed nothing, also after a restart', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  world.restart();
  const again = node.reconnect();
  assert.equal(again.messages[0]?.type, 'welcome');
  assert.equal(again.pushes.length, 0);
  assert.equal(world.status().status, 'SYNCED');
});

test('[ACK1] an answer counts once, for its nonce, on its connection', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  const { nonce } = node.lastPush;
  node.ack();
  node.ack();
  node.say({ type: 'ack', nonce: 77 as never, hash: node.snapshot.hash });
  assert.equal(world.belief().load.acks, 1);
  assert.equal(world.belief().load.staleNonces, 2);
  const again = node.reconnect({ serving: null });
  again.say({ type: 'ack', nonce: (nonce + 1) as never, hash: node.snapshot.hash });
  assert.equal(world.belief().load.acks, 1);
  assert.equal(world.belief().load.staleNonces, 3);
  assert.equal(world.status().status, 'STALE', 'the push on the new connection is unanswered');
});

test('[ACK2] the ack of a generation completes the revisions that were never sent', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  node.vanish();
  for (const port of [81, 82, 83]) {
    world.advanceMs(AFTER_BURST_MS);
    world.publish(configText([port]));
  }
  node.reconnect().ack();
  for (const revision of [2, 3, 4]) {
    const { reached, t100Ms } = world.convergence(revision);
    assert.equal(reached, 1);
    assert.ok(t100Ms !== null);
  }
});

test('[ACK3] an ack with another hash than the pushed one is none', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  node.say({ type: 'ack', nonce: 1 as never, hash: 'cd'.repeat(32) as RootHash });
  assert.equal(world.belief().counts.acknowledged, 0);
  assert.equal(world.belief().load.acks, 0);
  assert.equal(world.status().lastNack?.reason, 'hash-mismatch');
});

test('[ACK4] a push that is not answered by its deadline closes the connection', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  world.advanceMs(14_999);
  assert.equal(node.closed, null);
  world.advanceMs(1);
  assert.equal(node.closed, 'answer-timeout');
  assert.equal(world.status().status, 'STALE');
  assert.equal(world.status().connected, false);
  assert.equal(world.belief().load.pushesInFlight, 0);
});

test('[NACK1] hash-mismatch is answered by full, once; then the node is in error', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  world.advanceMs(AFTER_BURST_MS);
  world.publish(configText([81]));
  assert.equal(node.lastPush.body.type, 'delta');
  node.nack('hash-mismatch');
  assert.equal(node.pushes.length, 3);
  assert.equal(node.lastPush.body.type, 'full');
  node.nack('hash-mismatch');
  assert.equal(node.pushes.length, 3);
  assert.equal(world.status().status, 'ERROR');
  assert.equal(world.belief().counts.rejected, 1);
});

test('[NACK2] a rejected target is not sent again, not even on a new connection', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  world.advanceMs(AFTER_BURST_MS);
  world.publish(configText([81]));
  node.nack('rejected');
  node.heartbeat();
  assert.equal(node.pushes.length, 2);
  const again = node.reconnect();
  assert.equal(again.pushes.length, 0);
  assert.equal(world.status().status, 'ERROR');
});

test('[NACK2] a node whose disk failed is sent the target once more after its next hello', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  node.nack('storage-failed');
  assert.equal(world.status().status, 'ERROR');
  node.heartbeat();
  assert.equal(node.pushes.length, 1, 'not on the same connection');
  const again = node.reconnect();
  assert.equal(again.pushes.length, 1);
  again.ack();
  assert.equal(world.status().status, 'SYNCED');
});

test('[NACK2] other capabilities, or another target, are reason to try again', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  world.advanceMs(AFTER_BURST_MS);
  world.publish(configText([81]));
  node.nack('rejected');
  const capabilities = {
    agentVersion: '1.5.0',
    features: ['HTTPRoute', 'HTTPRouteCORS'],
    limits: { resourcesMax: 10_000, configBytesMax: 8_000_000 },
  };
  const upgraded = node.reconnect({ capabilities });
  assert.equal(upgraded.pushes.length, 1);
  upgraded.nack('rejected');
  assert.equal(upgraded.pushes.length, 1);
  world.advanceMs(AFTER_BURST_MS);
  world.publish(configText([82]));
  assert.equal(upgraded.pushes.length, 2);
});

test('[NACK3] a target that came while another was being rejected is sent', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  world.advanceMs(AFTER_BURST_MS);
  world.publish(configText([81]));
  world.advanceMs(AFTER_BURST_MS);
  world.publish(configText([82]));
  node.nack('rejected');
  assert.equal(node.lastPush.body.revision, 3);
  node.ack();
  assert.equal(world.status().status, 'SYNCED');
});

test('[HEART1] a heartbeat is answered with what is current', () => {
  const world = new World();
  const { record } = world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  node.heartbeat();
  const { generation, revision, rootHash: hash } = record;
  assert.deepEqual(node.messages.at(-1), { type: 'current', generation, revision, hash });
});

test('[HEART2] three heartbeats missed close the connection; any frame counts as life', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  world.advanceMs(29_000);
  node.heartbeat();
  world.advanceMs(29_999);
  assert.equal(node.closed, null);
  world.advanceMs(1);
  assert.equal(node.closed, 'heartbeat-timeout');
});

test('[HEART3] a heartbeat that states something else than the target is followed by a push', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  node.serving = null;
  node.heartbeat();
  assert.equal(node.pushes.length, 2);
  assert.equal(node.lastPush.body.type, 'full');
  assert.equal(world.belief().counts.acknowledged, 0);
});
