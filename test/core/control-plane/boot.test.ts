import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText, type FakeNode, World } from './world.ts';

/** A node whose pushes of r2 arrived damaged, both the delta and the full one. */
function inError(): { world: World; node: FakeNode } {
  const world = new World();
  world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  world.advanceMs(200);
  world.publish(configText([81]));
  node.nack('hash-mismatch');
  node.nack('hash-mismatch');
  assert.equal(world.status().status, 'ERROR');
  return { world, node };
}

test('[BOOT2] what arrived damaged in one process is sent to the next, as if for the first time', () => {
  const { world, node } = inError();
  const again = node.reconnect({ bootId: 2 });
  assert.equal(again.lastPush.body.type, 'delta');
  again.nack('hash-mismatch');
  assert.equal(again.lastPush.body.type, 'full');
  again.nack('hash-mismatch');
  assert.equal(again.pushes.length, 2);
  assert.equal(world.status().status, 'ERROR');
  const third = node.reconnect({ bootId: 3 });
  third.ack();
  assert.equal(world.status().status, 'SYNCED');
});

test('[BOOT2] a new connection of the same process changes nothing', () => {
  const { world, node } = inError();
  const again = node.reconnect();
  assert.equal(again.pushes.length, 0);
  assert.equal(world.status().status, 'ERROR');
});

test('[BOOT3] what a node rejects for what it can do, it is not sent again after a boot', () => {
  for (const reason of ['rejected', 'over-limit'] as const) {
    const world = new World();
    world.publish(configText([80]));
    world.connect().nack(reason);
    const again = world.connect(undefined, { bootId: 2 });
    assert.equal(again.pushes.length, 0, reason);
    assert.equal(world.status().status, 'ERROR');
  }
});
