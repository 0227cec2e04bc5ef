import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NodeOrder, ORDER_HOLD_MS, ORDER_INTERVAL_MS } from '../../../renderer/fleet/node-order.ts';
import { frameOf, rosterOf } from './fleet-support.ts';

test('[UIORD1] outliers stand first in their own cell, the rest in roster order', () => {
  const order = new NodeOrder(rosterOf({ a: 4, b: 3 }));
  order.update(frameOf(7, 0, { 2: { health: 'down' }, 3: { lag: 1 }, 6: { rejected: true } }));
  assert.deepEqual([...order.nodeOfSlot], [2, 3, 0, 1, 6, 4, 5]);
});

test('[UIORD2] what passes in less than the hold moves nothing', () => {
  const order = new NodeOrder(rosterOf({ a: 4 }));
  order.update(frameOf(4, 0));
  for (let at = 250; at < ORDER_HOLD_MS; at += 250) {
    assert.equal(order.update(frameOf(4, at, { 3: { lag: 1 } })), false);
  }
  assert.equal(order.update(frameOf(4, ORDER_HOLD_MS + 100)), false);
  assert.deepEqual([...order.nodeOfSlot], [0, 1, 2, 3]);
});

test('[UIORD3] what lasts moves once, and moves back when it is over', () => {
  const order = new NodeOrder(rosterOf({ a: 4 }));
  order.update(frameOf(4, 0));
  let moves = 0;
  for (let at = 250; at <= 10_000; at += 250) {
    if (order.update(frameOf(4, at, { 3: { lag: 1 } }))) moves += 1;
  }
  assert.equal(moves, 1);
  assert.deepEqual([...order.nodeOfSlot], [3, 0, 1, 2]);
  for (let at = 10_250; at <= 20_000; at += 250) order.update(frameOf(4, at));
  assert.deepEqual([...order.nodeOfSlot], [0, 1, 2, 3]);
});

test('[UIORD4] a cell that is lost as a whole keeps its order', () => {
  const order = new NodeOrder(rosterOf({ a: 50 }));
  const lost = Object.fromEntries(
    Array.from({ length: 50 }, (_, i) => [i, { link: 'lost' as const }]),
  );
  order.update(frameOf(50, 0));
  order.update(frameOf(50, 1_000, lost));
  order.update(frameOf(50, 1_000 + ORDER_HOLD_MS + ORDER_INTERVAL_MS, lost));
  assert.deepEqual(
    [...order.nodeOfSlot],
    Array.from({ length: 50 }, (_, i) => i),
  );
});

test('[UIORD5] a frame of another roster is not taken', () => {
  const order = new NodeOrder(rosterOf({ a: 4 }));
  assert.equal(order.update({ ...frameOf(4, 0, { 3: { lag: 1 } }), rosterVersion: 2 }), false);
  assert.deepEqual([...order.nodeOfSlot], [0, 1, 2, 3]);
});
