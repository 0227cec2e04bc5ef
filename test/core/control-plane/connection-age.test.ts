import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Generation, Revision } from '../../../core/config/ids.ts';
import { MICROS_PER_SECOND } from '../../../core/ports/clock.ts';
import { NODE_CLOSE_CODES } from '../../../core/protocol/node-link.ts';
import { configText, type FakeNode, LINEAGE, nodeId, World } from './world.ts';

const AGE_MS = 60_000;
const OLDEST_MS = AGE_MS * 1.1;
const YOUNGEST_MS = AGE_MS * 0.9;

/** Heartbeats are far apart, so that nothing but the age ends a connection. */
const settings = { connectionAgeUs: 60 * MICROS_PER_SECOND, heartbeatMs: 100_000 };

function aged(nodes = 1, more = {}): World {
  const world = new World({ nodes, settings: { ...settings, ...more } });
  world.publish(configText([80]));
  return world;
}

test('[AGE1] a welcomed connection is closed within a tenth of its age, and counted under its reason', () => {
  const world = aged();
  const node = world.connect();
  node.ack();
  world.advanceMs(YOUNGEST_MS - 1);
  assert.equal(node.closed, null);
  world.advanceMs(OLDEST_MS - YOUNGEST_MS + 1);
  assert.equal(node.closed, 'connection-age');
  assert.equal(NODE_CLOSE_CODES['connection-age'], 4432);
  assert.equal(world.belief().load.closedByReason['connection-age'], 1);
  assert.equal(world.belief().load.connections, 0);
});

test('[AGE1] connections that opened together do not end together', () => {
  const world = aged(400);
  const nodes = Array.from({ length: 400 }, (_, i) => world.connect(nodeId(i)));
  for (const node of nodes) node.ack();
  world.advanceMs(YOUNGEST_MS - 1);
  const closed = () => nodes.filter((node) => node.closed === 'connection-age').length;
  const inEachSecond: number[] = [];
  for (let second = 0; second < 12; second += 1) {
    const before = closed();
    world.advanceMs(1_000);
    inEachSecond.push(closed() - before);
  }
  world.advanceMs(2);
  assert.equal(closed(), 400);
  assert.ok(Math.max(...inEachSecond) < 70, `${inEachSecond}`);
  assert.ok(Math.min(...inEachSecond) > 10, `${inEachSecond}`);
});

test('[AGE1] a connection without a hello has no age: its own deadline ends it', () => {
  const world = aged(1, { helloTimeoutUs: 600 * MICROS_PER_SECOND });
  const node = world.open();
  world.advanceMs(OLDEST_MS + 1);
  assert.equal(node.closed, null);
});

test('[AGE1] ages are drawn from a stream of their own: the waits of retry-later stay as they were', () => {
  const waitsOf = (connected: number) => {
    const world = new World({ nodes: 20, settings: { handshakesMax: 1 } });
    for (let i = 0; i < connected; i += 1) world.connect(nodeId(i));
    world.open(nodeId(18));
    return Array.from({ length: 5 }, () => {
      const told = world.open(nodeId(19)).messages.at(-1);
      return told?.type === 'retry-later' ? told.afterMs : null;
    });
  };
  assert.deepEqual(waitsOf(0), waitsOf(10));
});

test('[AGE2] not while a push is in flight: after its answer, when nothing more is sent', () => {
  const world = aged(1, { answerTimeoutUs: 600 * MICROS_PER_SECOND });
  const node = world.connect();
  world.advanceMs(OLDEST_MS + 1);
  assert.equal(node.closed, null);
  world.publish(configText([81]));
  node.ack();
  assert.equal(node.pushes.length, 2, 'the newer target was waiting');
  assert.equal(node.closed, null);
  node.ack();
  assert.equal(node.closed, 'connection-age');
  assert.equal(world.status().status, 'SYNCED');
});

test('[AGE2] a push that is never answered ends by its own deadline', () => {
  const world = aged(1, { answerTimeoutUs: 70 * MICROS_PER_SECOND });
  const node = world.connect();
  world.advanceMs(69_999);
  assert.equal(node.closed, null);
  world.advanceMs(1);
  assert.equal(node.closed, 'answer-timeout');
});

test('[AGE2] not while a full push is queued for the node', () => {
  const answerTimeoutUs = 600 * MICROS_PER_SECOND;
  const world = aged(2, { fullPushesInFlightMax: 1, answerTimeoutUs });
  const [first, second] = [0, 1].map((i) => world.connect(nodeId(i))) as [FakeNode, FakeNode];
  world.advanceMs(OLDEST_MS + 1);
  assert.deepEqual([first.closed, second.closed], [null, null]);
  first.ack();
  assert.deepEqual([first.closed, second.closed], ['connection-age', null]);
  second.ack();
  assert.equal(second.closed, 'connection-age');
});

test('[AGE2] a place in the queue that turns out not to be needed does not keep the link for ever', () => {
  const answerTimeoutUs = 600 * MICROS_PER_SECOND;
  const world = aged(2, { fullPushesInFlightMax: 1, answerTimeoutUs });
  const [first, second] = [0, 1].map((i) => world.connect(nodeId(i))) as [FakeNode, FakeNode];
  world.advanceMs(OLDEST_MS + 1);
  const head = world.store.head();
  assert.ok(head !== null);
  const { generation, revision, rootHash: hash } = head;
  second.serving = { lineage: LINEAGE, generation, revision, hash, source: 'snapshot-store' };
  second.heartbeat();
  first.ack();
  assert.equal(second.pushes.length, 0);
  assert.equal(second.closed, 'connection-age');
});

test('[AGE2] who is put off when its age is up is closed once, for that', () => {
  const answerTimeoutUs = 600 * MICROS_PER_SECOND;
  const world = aged(2, { fullPushesInFlightMax: 1, fullPushesQueuedMax: 0, answerTimeoutUs });
  const node = world.connect(nodeId(0));
  node.ack();
  world.advanceMs(200);
  world.publish(configText([81]));
  world.advanceMs(OLDEST_MS + 1);
  const other = world.connect(nodeId(1));
  assert.equal(other.pushes.length, 1, 'the one place is taken');
  node.nack('hash-mismatch');
  assert.equal(node.closed, 'retry-later');
  assert.equal(world.belief().load.closedByReason['connection-age'], undefined);
});

test('[AGE1] nothing is kept of a connection that has ended', () => {
  const world = new World({ settings: { ...settings, saveIntervalUs: 1_000 } });
  world.connect().vanish();
  // What the node said is saved.
  world.advanceMs(900);
  assert.equal(world.nextTickAt, null);
});

test('[AGE2] not while adoption collects from the node, however that ends', () => {
  const world = aged(1, { adoptTimeoutUs: 100 * MICROS_PER_SECOND });
  const serving = {
    lineage: LINEAGE,
    generation: 9 as Generation,
    revision: 9 as Revision,
    hash: 'ab'.repeat(32) as never,
    source: 'disk',
  } as const;
  const node = world.connect(nodeId(0), { serving });
  world.ask({ method: 'adopt-fleet', headText: null, actor: 'ada' });
  world.advanceMs(OLDEST_MS + 1);
  assert.equal(node.closed, null);
  world.advanceMs(100_000 - OLDEST_MS);
  assert.equal(world.lastAnswer()?.ok, false);
  assert.equal(node.closed, 'connection-age');
});

test('[AGE4] a node that comes back current is pushed nothing, and is counted all along', () => {
  const world = aged();
  const node = world.connect();
  node.ack();
  world.advanceMs(OLDEST_MS + 1);
  assert.equal(node.closed, 'connection-age');
  assert.equal(world.belief().counts.acknowledged, 1);
  assert.equal(world.status().status, 'SYNCED');
  const again = node.reconnect();
  assert.equal(again.pushes.length, 0);
  world.advanceMs(YOUNGEST_MS - 1);
  assert.equal(again.closed, null, 'each connection has an age of its own');
});

test('[AGE4] what was published in between is sent after the hello', () => {
  const world = aged();
  const node = world.connect();
  node.ack();
  world.advanceMs(OLDEST_MS + 1);
  world.publish(configText([81]));
  assert.equal(node.reconnect().lastPush.body.type, 'delta');
});
