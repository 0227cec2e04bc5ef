import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Generation, Revision, RootHash } from '../../../core/config/ids.ts';
import { configText, type FakeNode, LINEAGE, nodeId, World } from './world.ts';

const FOUND = 'ab'.repeat(32) as RootHash;

/** Says that what it serves under its generation is no longer what that was. */
function stateDamage(node: FakeNode): void {
  assert.ok(node.serving !== null);
  node.serving = { ...node.serving, hash: FOUND, damaged: true };
  node.heartbeat();
}

function current(nodes = 1): { world: World; node: FakeNode } {
  const world = new World({ nodes });
  world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  return { world, node };
}

test('[SCRUB4] a node whose memory is damaged is sent the target whole, also under the same generation', () => {
  const { world, node } = current();
  stateDamage(node);
  assert.equal(node.pushes.length, 2);
  assert.equal(node.lastPush.body.type, 'full');
  assert.equal(world.belief().counts.acknowledged, 0, 'it does not count meanwhile');
  assert.equal(world.status().status, 'STALE');
  node.ack();
  assert.equal(world.status().status, 'SYNCED');
  assert.equal(world.belief().counts.acknowledged, 1);
});

test('[SCRUB4] it is not taken for ahead, and keeps nobody from publishing', () => {
  const { world, node } = current();
  stateDamage(node);
  assert.equal(world.belief().counts.ahead, 0);
  world.advanceMs(200);
  world.publish(configText([81]));
  node.ack();
  assert.equal(node.lastPush.body.type, 'delta');
  assert.equal(node.lastPush.body.revision, 2);
});

test('[SCRUB4] whatever hash it states, it is never relabelled', () => {
  const { world, node } = current();
  const hash = world.store.head()?.rootHash;
  assert.ok(node.serving !== null && hash !== undefined);
  node.serving = { ...node.serving, hash, damaged: true };
  node.heartbeat();
  assert.equal(node.lastPush.body.type, 'full');
  assert.equal(world.belief().counts.acknowledged, 0);
});

test('[SCRUB4] such a word is saved as that of a node that serves nothing', () => {
  const { world, node } = current();
  stateDamage(node);
  world.advanceMs(1_000);
  world.restart();
  assert.equal(world.belief().counts.ahead, 0);
  assert.equal(world.status().status, 'NOT_SENT');
});

test('[SCRUB4] nothing is adopted from it', () => {
  const world = new World();
  world.publish(configText([80]));
  const serving = {
    lineage: LINEAGE,
    generation: 9 as Generation,
    revision: 9 as Revision,
    hash: FOUND,
    source: 'control-plane',
    damaged: true,
  } as const;
  const node = world.connect(nodeId(0), { serving });
  assert.equal(world.belief().counts.ahead, 1);
  const refusal = world.refusal({ method: 'adopt-fleet', headText: null, actor: 'ada' });
  assert.equal(refusal.reason, 'no-node-to-adopt-from');
  assert.ok(node.messages.every(({ type }) => type !== 'fetch-config'));
});

test('[SCRUB4] what is damaged has reached no revision', () => {
  const world = new World();
  const { record } = world.publish(configText([80]));
  const serving = {
    lineage: LINEAGE,
    generation: record.generation,
    revision: record.revision,
    hash: FOUND,
    source: 'disk',
    damaged: true,
  } as const;
  world.connect(nodeId(0), { serving });
  assert.equal(world.convergence(record.revision).reached, 0);
});
