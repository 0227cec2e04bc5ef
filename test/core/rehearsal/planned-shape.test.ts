import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fleetShapeSchema } from '../../../core/rehearsal/fleet-shape.ts';
import { plannedShape } from '../../../core/rehearsal/planned-shape.ts';

test('[REH14] a planned fleet is all up, on a machine each, and serves its base or nothing', () => {
  const shape = plannedShape(12, 3, 'text');
  assert.deepEqual(fleetShapeSchema.parse(shape), shape);
  assert.equal(shape.nodes.length, 12);
  assert.equal(new Set(shape.nodes.map(({ cell }) => cell)).size, 3);
  assert.ok(shape.nodes.every(({ isUp, serving }) => isUp && serving === 0));
  assert.deepEqual([shape.texts, shape.revisions, shape.nodesShareProcess], [['text'], [1], false]);
  const empty = plannedShape(12, 3, null);
  assert.deepEqual(empty.texts, []);
  assert.ok(empty.nodes.every(({ serving }) => serving === null));
});
