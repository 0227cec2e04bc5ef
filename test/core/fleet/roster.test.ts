import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cellName, planInventory, type RosterNode } from '../../../core/fleet/roster.ts';
import { nodeIdSchema } from '../../../core/protocol/primitives.ts';

function resize(current: readonly RosterNode[], nodes: number, cells = 4): RosterNode[] {
  const plan = planInventory({ nodes, cells, current });
  const retired = new Set<string>(plan.retire);
  return [...current.filter((node) => !retired.has(node.nodeId)), ...plan.add];
}

const idsOf = (nodes: readonly RosterNode[]) => nodes.map((node) => node.nodeId).sort();

test('[ROSTER1] the same sizes give the same fleet, in named cells of uneven size', () => {
  const nodes = resize([], 200);
  assert.deepEqual(nodes, resize([], 200));
  const sizes = new Map<string, number>();
  for (const { cell } of nodes) sizes.set(cell, (sizes.get(cell) ?? 0) + 1);
  assert.deepEqual([...sizes.keys()], ['eu-west', 'us-east', 'ap-south', 'sa-east']);
  assert.equal(new Set(sizes.values()).size, 4, 'uneven');
  assert.equal(nodes[0]?.nodeId, 'eu-west/edge-0001');
});

test('[ROSTER1] every name is a node id of the wire, beyond the named cells too', () => {
  for (const { nodeId } of resize([], 300, 64)) assert.ok(nodeIdSchema.safeParse(nodeId).success);
  assert.equal(cellName(16), 'cell-17');
});

test('[ROSTER2] growing only adds, shrinking only takes away, and there and back ends where it began', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 0, max: 120 }),
      fc.integer({ min: 0, max: 120 }),
      (cells, from, to) => {
        const before = resize([], from, cells);
        const after = resize(before, to, cells);
        assert.equal(after.length, to);
        assert.equal(new Set(idsOf(after)).size, to, 'no name twice');
        const kept = before.filter((node) => after.some((other) => other.nodeId === node.nodeId));
        assert.equal(kept.length, Math.min(from, to));
        if (from > 0 && to > 0) assert.deepEqual(idsOf(resize(after, from, cells)), idsOf(before));
      },
    ),
    { numRuns: 60 },
  );
});

test('[ROSTER2] a cell that lost a node by hand never gets a name that is in use', () => {
  const before = resize([], 20).filter((node) => node.nodeId !== 'eu-west/edge-0002');
  const after = resize(before, 30);
  assert.equal(new Set(idsOf(after)).size, 30);
});
