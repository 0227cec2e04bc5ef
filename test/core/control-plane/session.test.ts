import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lineage, NodeId } from '../../../core/config/ids.ts';
import { decodeControlPlaneFrame, encodeFrame } from '../../../core/protocol/node-link.ts';
import { configText, FOREIGN_LINEAGE, nodeId, World } from './world.ts';

test('[HELLO1] whatever comes before hello closes the connection', () => {
  const world = new World();
  const node = world.open();
  node.heartbeat();
  assert.equal(node.closed, 'bad-frame');
  const chunky = world.open();
  chunky.say({ type: 'ack', nonce: 1 as never, hash: '0'.repeat(64) as never });
  assert.equal(chunky.closed, 'bad-frame');
  assert.equal(world.belief().load.closedByReason['bad-frame'], 2);
});

test('[HELLO1] a second hello on a connection closes it', () => {
  const world = new World();
  const node = world.connect();
  node.hello();
  assert.equal(node.closed, 'bad-frame');
});

test('[HELLO2] a connection that says nothing is closed by its deadline', () => {
  const world = new World();
  const node = world.open();
  world.advanceMs(4_999);
  assert.equal(node.closed, null);
  world.advanceMs(1);
  assert.equal(node.closed, 'hello-timeout');
  assert.equal(world.belief().load.handshakesPending, 0);
});

test('[HELLO3] another protocol version is told incompatible, even when its hello has other fields', () => {
  const world = new World();
  const node = world.open();
  node.sayRaw(JSON.stringify({ type: 'hello', protocol: 2, who: 'a newer node' }));
  assert.equal(node.messages[0]?.type, 'incompatible');
  assert.equal(node.closed, 'incompatible');
  const shaped = world.connect(nodeId(0), { protocol: 7 });
  const [told] = shaped.messages;
  assert.ok(told?.type === 'incompatible' && told.reason === 'protocol-version');
});

test('[HELLO4] unknown and retired nodes and those of another cell are told so', () => {
  const world = new World({ nodes: 2 });
  world.request({ method: 'change-inventory', add: [], retire: [nodeId(1)], actor: 'test' });
  const reasons = [
    world.connect('cell-a/stranger' as NodeId),
    world.connect(nodeId(1)),
    world.connect(nodeId(0), { cell: 'cell-b' }),
  ].map((node) => {
    const [told] = node.messages;
    assert.equal(node.closed, 'incompatible');
    assert.equal(node.messages.length, 1);
    return told?.type === 'incompatible' ? told.reason : told?.type;
  });
  assert.deepEqual(reasons, ['unknown-node', 'retired-node', 'wrong-cell']);
});

test('[HELLO4] a connected node that is retired is told so and closed', () => {
  const world = new World();
  const node = world.connect();
  world.request({ method: 'change-inventory', add: [], retire: [nodeId(0)], actor: 'test' });
  assert.equal(node.closed, 'incompatible');
  assert.equal(world.belief().counts.inventory, 0);
});

test('[HELLO6] a second connection of a node replaces the first', () => {
  const world = new World();
  world.publish(configText([80]));
  const first = world.connect();
  const second = world.connect();
  assert.equal(first.closed, 'replaced');
  first.ack();
  assert.equal(world.belief().load.acks, 0, 'the first connection means nothing any more');
  second.ack();
  assert.equal(world.belief().load.acks, 1);
  first.vanish();
  assert.equal(world.status().connected, true);
});

test('[ADMIT1] beyond the bound of handshakes a connection is told to come again', () => {
  const world = new World({ nodes: 3, settings: { handshakesMax: 2 } });
  const [first, , third] = [0, 1, 2].map((i) => world.open(nodeId(i)));
  const told = third?.messages[0];
  assert.ok(told?.type === 'retry-later' && told.reason === 'handshakes-full');
  assert.equal(third?.closed, 'retry-later');
  first?.hello();
  const fourth = world.open(nodeId(2));
  assert.equal(fourth.closed, null);
});

test('[ADMIT2] full pushes beyond the bound wait in order, and go as answers come in', () => {
  const world = new World({ nodes: 4, settings: { fullPushesInFlightMax: 2 } });
  world.publish(configText([80]));
  const nodes = [0, 1, 2, 3].map((i) => world.connect(nodeId(i)));
  const pushed = () => nodes.map((node) => node.pushes.length);
  assert.deepEqual(pushed(), [1, 1, 0, 0]);
  assert.equal(world.belief().load.fullPushesQueued, 2);
  assert.equal(world.status(nodeId(2)).status, 'NOT_SENT');
  nodes[1]?.ack();
  assert.deepEqual(pushed(), [1, 1, 1, 0]);
  nodes[0]?.vanish();
  assert.deepEqual(pushed(), [1, 1, 1, 1]);
});

test('[ADMIT2] a node that leaves the queue takes no place', () => {
  const world = new World({ nodes: 3, settings: { fullPushesInFlightMax: 1 } });
  world.publish(configText([80]));
  const [first, second, third] = [0, 1, 2].map((i) => world.connect(nodeId(i)));
  second?.vanish();
  first?.ack();
  assert.equal(third?.pushes.length, 1);
});

test('[ADMIT2] deltas do not wait for full pushes', () => {
  const world = new World({ nodes: 2, settings: { fullPushesInFlightMax: 1 } });
  world.publish(configText([80]));
  const current = world.connect(nodeId(0));
  current.ack();
  world.connect(nodeId(1));
  world.advanceMs(200);
  world.publish(configText([81]));
  assert.equal(current.lastPush.body.type, 'delta');
});

test('[ADMIT3] beyond the queue a node is told to come again after a random wait', () => {
  const settings = { fullPushesInFlightMax: 1, fullPushesQueuedMax: 1 };
  const world = new World({ nodes: 12, settings });
  world.publish(configText([80]));
  const nodes = Array.from({ length: 12 }, (_, i) => world.connect(nodeId(i)));
  const waits = nodes.slice(2).map((node) => {
    assert.equal(node.closed, 'retry-later');
    const told = node.messages.at(-1);
    assert.ok(told?.type === 'retry-later' && told.reason === 'full-pushes-full');
    assert.ok(told.afterMs >= 500 && told.afterMs <= 3_000);
    return told.afterMs;
  });
  assert.ok(new Set(waits).size > 1, 'they do not all come back at one time');
  assert.equal(world.belief().load.retryLaters, 10);
});

test('[SLOW1] a node that does not read is closed as a slow consumer', () => {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  world.event({ type: 'send-refused', connectionId: node.connectionId });
  assert.equal(node.closed, 'slow-consumer');
  assert.equal(world.belief().load.closedByReason['slow-consumer'], 1);
  assert.equal(world.belief().load.pushesInFlight, 0);
});

test('[FRAME1] garbage closes its connection and no other', () => {
  const world = new World({ nodes: 5 });
  world.publish(configText([80]));
  const good = world.connect(nodeId(0));
  const garbage = ['not json', '{"type":"ack"}', '[]', '', new Uint8Array([0xff, 0xfe])];
  for (const frame of garbage) {
    const bad = world.connect(nodeId(1));
    bad.sayRaw(frame);
    assert.equal(bad.closed, 'bad-frame');
  }
  assert.equal(world.belief().load.closedByReason['bad-frame'], garbage.length);
  assert.equal(good.closed, null);
  good.ack();
  assert.equal(world.status(nodeId(0)).status, 'SYNCED');
});

test('[STOP1] on shutting down every node is told to come again, and words are saved', () => {
  const world = new World({ nodes: 2 });
  world.publish(configText([80]));
  const nodes = [0, 1].map((i) => world.connect(nodeId(i)));
  nodes[0]?.ack();
  assert.equal(world.store.nodeWords().length, 0);
  world.event({ type: 'shut-down' });
  for (const node of nodes) {
    const told = node.messages.at(-1);
    assert.ok(told?.type === 'retry-later' && told.reason === 'shutting-down');
    assert.equal(node.closed, 'shutting-down');
  }
  assert.equal(world.store.nodeWords().length, 2);
});

test('[HELLO5] however many lineages were superseded, a welcome can be read, and names that of its node', () => {
  const world = new World();
  world.publish(configText([80]));
  const lineages = Array.from({ length: 20 }, (_, i) => `${10 + i}`.repeat(16) as Lineage);
  for (const lineage of lineages) {
    assert.ok(world.store.supersede(lineage, 'tester', world.now).ok);
  }
  world.restart();
  const head = world.store.head();
  assert.ok(head !== null);
  for (const lineage of [lineages[0], lineages[12], lineages[19]]) {
    assert.ok(lineage !== undefined);
    const { generation, revision, rootHash: hash } = head;
    const serving = { lineage, generation, revision, hash, source: 'disk' } as const;
    const node = world.connect(nodeId(0), { serving });
    const [welcome] = node.messages;
    assert.ok(welcome?.type === 'welcome');
    assert.ok(decodeControlPlaneFrame(encodeFrame(welcome)).ok, 'a node can read it');
    assert.ok(welcome.supersedes.includes(lineage));
    assert.equal(welcome.supersedes.at(-1), lineages[19], 'and the newest of all');
  }
  const hash = head.rootHash;
  const { generation, revision } = head;
  const serving = { lineage: FOREIGN_LINEAGE, generation, revision, hash, source: 'disk' } as const;
  const [welcome] = world.connect(nodeId(0), { serving }).messages;
  assert.ok(welcome?.type === 'welcome');
  assert.deepEqual(welcome.supersedes, lineages.slice(4), 'nothing that nobody took over');
});
