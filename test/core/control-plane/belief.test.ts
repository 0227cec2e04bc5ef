import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SYNC_STATUSES } from '../../../core/fleet/frame.ts';
import { configText, nodeId, World } from './world.ts';

function statuses(world: World): string[] {
  return [...world.belief().syncStatus].map((index) => SYNC_STATUSES[index] ?? '?');
}

test('[SYNC1] UNKNOWN never seen, NOT_SENT, STALE unanswered, SYNCED, ERROR, over the inventory', () => {
  const world = new World({ nodes: 5, settings: { fullPushesInFlightMax: 1 } });
  world.publish(configText([80]));
  const synced = world.connect(nodeId(3));
  synced.ack();
  const rejecting = world.connect(nodeId(4));
  rejecting.nack();
  world.connect(nodeId(2));
  world.connect(nodeId(1));
  assert.deepEqual(statuses(world), ['UNKNOWN', 'NOT_SENT', 'STALE', 'SYNCED', 'ERROR']);
  const { counts } = world.belief();
  assert.deepEqual(counts, { inventory: 5, connected: 4, acknowledged: 1, rejected: 1, ahead: 0 });
});

test('[SYNC2] a silent node stays in the denominator and falls behind with the next publish', () => {
  const world = new World({ nodes: 2 });
  world.publish(configText([80]));
  const [silent, talking] = [0, 1].map((i) => world.connect(nodeId(i)));
  silent?.ack();
  talking?.ack();
  silent?.vanish();
  assert.deepEqual(statuses(world), ['SYNCED', 'SYNCED']);
  world.advanceMs(200);
  world.publish(configText([81]));
  talking?.ack();
  assert.deepEqual(statuses(world), ['NOT_SENT', 'SYNCED']);
  assert.equal(world.belief().counts.acknowledged, 1);
  assert.equal(world.belief().counts.inventory, 2);
});

test('[WORD1] a node that acknowledged and then lost its disk no longer counts', () => {
  const world = new World({ settings: { fullPushesInFlightMax: 1 } });
  world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  assert.equal(world.belief().counts.acknowledged, 1);
  const wiped = node.reconnect({ serving: null });
  assert.equal(world.belief().counts.acknowledged, 0);
  assert.equal(world.status().status, 'STALE');
  wiped.vanish();
  world.advanceMs(2_000);
  world.restart();
  assert.equal(world.belief().counts.acknowledged, 0, 'the loss is remembered over a restart');
  assert.equal(world.status().status, 'NOT_SENT');
});

test('[WORD2] a restart forgets nobody: words are loaded from the store', () => {
  const world = new World({ nodes: 3 });
  world.publish(configText([80]));
  for (const i of [0, 1]) world.connect(nodeId(i)).ack();
  world.advanceMs(1_000);
  world.restart();
  assert.deepEqual(statuses(world), ['SYNCED', 'SYNCED', 'UNKNOWN']);
  const { counts } = world.belief();
  assert.equal(counts.acknowledged, 2);
  assert.equal(counts.connected, 0);
});

test('[WORD3] words are saved in batches, at most one a second, and only when they change', () => {
  const world = new World({ nodes: 20 });
  let saves = 0;
  const save = world.store.saveNodeWords.bind(world.store);
  world.store.saveNodeWords = (words) => {
    saves += 1;
    return save(words);
  };
  world.publish(configText([80]));
  const nodes = Array.from({ length: 20 }, (_, i) => world.connect(nodeId(i)));
  for (const node of nodes.slice(1)) node.ack();
  assert.equal(saves, 0);
  world.advanceMs(1_000);
  assert.equal(saves, 1);
  for (const node of nodes.slice(1)) node.heartbeat();
  world.advanceMs(5_000);
  assert.equal(saves, 1, 'a heartbeat that says nothing new is not saved');
});

test('[CONV10] the words that complete a revision are saved at once, so that a kill right after changes no figure', () => {
  const world = new World({ nodes: 3 });
  const { record } = world.publish(configText([80]));
  const nodes = [0, 1, 2].map((i) => world.connect(nodeId(i)));
  world.advanceMs(40);
  for (const node of nodes) node.ack();
  world.advanceMs(1);
  world.restart();
  assert.equal(world.convergence(record.revision).t100Ms, 40);
});

test('[WORD2] a namesake of a retired node starts unknown', () => {
  const world = new World();
  world.publish(configText([80]));
  world.connect().ack();
  world.advanceMs(1_500);
  const cell = 'cell-a';
  const change = { method: 'change-inventory', actor: 'test' } as const;
  world.request({ ...change, add: [], retire: [nodeId(0)] });
  world.advanceMs(10);
  world.request({ ...change, add: [{ nodeId: nodeId(0), cell }], retire: [] });
  assert.equal(world.status().status, 'UNKNOWN');
  world.restart();
  assert.equal(world.status().status, 'UNKNOWN');
});

test('[CONV6] convergence of the head is taken up again after a restart, with the instants of before', () => {
  const world = new World({ nodes: 2 });
  const { record } = world.publish(configText([80]));
  const [first, second] = [0, 1].map((i) => world.connect(nodeId(i)));
  world.advanceMs(40);
  first?.ack();
  world.advanceMs(2_000);
  first?.heartbeat();
  world.advanceMs(3_000);
  world.restart();
  const before = world.convergence(record.revision);
  assert.equal(before.reached, 1);
  assert.equal(before.t50Ms, 40);
  assert.deepEqual(before.missing, [nodeId(1)]);
  second?.reconnect().ack();
  assert.equal(world.convergence(record.revision).reached, 2);
  assert.equal(world.convergence(record.revision).t100Ms, 5_040);
});

test('[CONV7] past the deadline the belief names the missing nodes', () => {
  const world = new World({ nodes: 3 });
  const { record } = world.publish(configText([80]));
  world.connect(nodeId(1)).ack();
  world.advanceMs(30_000);
  const [late, ...more] = world.belief().late;
  assert.equal(more.length, 0);
  assert.equal(late?.revision, record.revision);
  assert.deepEqual(late?.missing, [nodeId(0), nodeId(2)]);
});

test('[CONV8] payload bytes of a revision are counted over all nodes', () => {
  const world = new World({ nodes: 2 });
  const { record } = world.publish(configText([80]));
  const nodes = [0, 1].map((i) => world.connect(nodeId(i)));
  const bytes = nodes.map(
    (node) => node.lastPush.bytes.byteLength + '{"type":"push","nonce":1}'.length,
  );
  const sum = bytes.reduce((a, b) => a + b, 0);
  assert.equal(world.convergence(record.revision).bytes, sum);
});

test('[CONV11] a curve that had ended is told after a restart as it was, whatever nodes did since', () => {
  const world = new World({ nodes: 2 });
  const { record } = world.publish(configText([80]));
  const nodes = [0, 1].map((i) => world.connect(nodeId(i)));
  world.advanceMs(40);
  for (const node of nodes) node.ack();
  world.advanceMs(2_000);
  nodes[0]?.reconnect({ serving: null }).ack();
  world.advanceMs(2_000);
  world.restart();
  assert.equal(world.convergence(record.revision).t100Ms, 40);
  assert.equal(world.belief().convergence?.t100Ms, 40);
});

test('[CONV4] after a restart a node that is provisioned joins a curve that had ended, and leaves it when retired', () => {
  const world = new World({ nodes: 2 });
  const { record } = world.publish(configText([80]));
  const nodes = [0, 1].map((i) => world.connect(nodeId(i)));
  world.advanceMs(40);
  nodes[0]?.ack();
  world.advanceMs(60);
  nodes[1]?.ack();
  world.advanceMs(2_000);
  world.restart();
  const change = (add: readonly number[], retire: readonly number[]) =>
    world.request({
      method: 'change-inventory',
      add: add.map((i) => ({ nodeId: nodeId(i), cell: 'cell-a' })),
      retire: retire.map(nodeId),
      actor: 'ada',
    });
  const told = () => {
    const { nodes, reached, t50Ms, t100Ms } = world.convergence(record.revision);
    return { nodes, reached, t50Ms, t100Ms };
  };
  change([2], []);
  assert.deepEqual(told(), { nodes: 3, reached: 2, t50Ms: 100, t100Ms: null });
  assert.deepEqual(world.belief().convergence?.missing, [nodeId(2)]);
  world.advanceMs(30);
  world.connect(nodeId(2)).ack();
  assert.deepEqual(told(), { nodes: 3, reached: 3, t50Ms: 40, t100Ms: 100 });
  change([], [2]);
  assert.deepEqual(told(), { nodes: 2, reached: 2, t50Ms: 40, t100Ms: 100 });
});

test('[WORD4] words that the disk does not take are kept and written later; the fleet is served on', () => {
  const world = new World({ nodes: 1 });
  const save = world.store.saveNodeWords.bind(world.store);
  world.store.saveNodeWords = () =>
    ({ ok: false, error: { reason: 'storage-failed', detail: 'disk full' } }) as const;
  world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  world.advanceMs(3_000);
  node.heartbeat();
  assert.equal(world.belief().counts.acknowledged, 1);
  assert.equal(world.store.nodeWords().length, 0);
  world.store.saveNodeWords = save;
  world.advanceMs(1_000);
  assert.equal(world.store.nodeWords().length, 1);
});
