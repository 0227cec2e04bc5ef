import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { summariseFleet } from '../../../core/fleet/aggregate.ts';
import { createFleetFrame, NEVER_MS, packNodeFlags } from '../../../core/fleet/frame.ts';
import { STALENESS_BUDGET_DEFAULT } from '../../../core/fleet/staleness.ts';

const fine = {
  link: 'connected',
  health: 'healthy',
  source: 'control-plane',
  ahead: false,
  rejected: false,
} as const;

function sample() {
  const frame = createFleetFrame(5, 1, 1_000);
  frame.servingRevision.set([7, 7, 6, 8, 7]);
  frame.flags.set([
    packNodeFlags(fine),
    packNodeFlags({ ...fine, link: 'lost', source: 'disk' }),
    packNodeFlags({ ...fine, health: 'degraded', rejected: true }),
    packNodeFlags({ ...fine, ahead: true }),
    packNodeFlags({ ...fine, health: 'down', link: 'connecting' }),
  ]);
  frame.syncStatus.set([3, 3, 4, 3, 0]);
  frame.lagRevisions.set([0, 0, 1, 0, 0]);
  frame.lagMs.set([0, 0, 90_000, 0, 0]);
  frame.unverifiedMs.set([10, 20, 30, 40, NEVER_MS]);
  frame.requests.set([10, 10, 10, 10, 10]);
  frame.failures.set([0, 0, 0, 0, 10]);
  return summariseFleet(frame, {
    headRevision: 7,
    budget: STALENESS_BUDGET_DEFAULT,
    cells: ['a', 'b'],
    cellOf: [0, 0, 0, 1, 1],
  });
}

test('[AGG1] serving health and control link are counted apart: disconnected, still serving', () => {
  const { fleet } = sample();
  assert.equal(fleet.serving, 4);
  assert.equal(fleet.degraded, 1);
  assert.equal(fleet.down, 1);
  assert.equal(fleet.connected, 3);
  assert.equal(fleet.connecting, 1);
  assert.equal(fleet.lost, 1);
});

test('[AGG2] behind is serving anything else than the head, also when that is newer', () => {
  const { fleet } = sample();
  assert.equal(fleet.behind, 2);
  assert.equal(fleet.ahead, 1);
  assert.equal(fleet.rejected, 1);
});

test('[AGG2] what is down serves nothing: it is counted as not serving, not as behind', () => {
  const frame = createFleetFrame(2, 1, 0);
  frame.servingRevision.set([0, 6]);
  frame.flags.fill(packNodeFlags({ ...fine, health: 'down' }));
  const { fleet } = summariseFleet(frame, {
    headRevision: 7,
    budget: STALENESS_BUDGET_DEFAULT,
    cells: [],
    cellOf: [],
  });
  assert.equal(fleet.behind, 0);
  assert.equal(fleet.down, 2);
});

test('[AGG3] a node never verified is counted, and does not stand in for the longest time', () => {
  const { fleet } = sample();
  assert.equal(fleet.unverifiedMsMax, 40);
  assert.equal(fleet.neverVerified, 1);
  assert.equal(fleet.overBudget, 2);
  assert.deepEqual(fleet.bySyncStatus, { UNKNOWN: 1, NOT_SENT: 0, STALE: 0, SYNCED: 3, ERROR: 1 });
  assert.equal(fleet.bySource.disk, 1);
});

test('[AGG4] a node without any config serves nothing, though it runs and is connected', () => {
  const frame = createFleetFrame(2, 1, 0);
  frame.flags.fill(packNodeFlags({ ...fine, health: 'degraded', source: 'default' }));
  frame.servingRevision.set([0, 3]);
  const { fleet } = summariseFleet(frame, {
    headRevision: null,
    budget: STALENESS_BUDGET_DEFAULT,
    cells: ['a'],
    cellOf: [0, 0],
  });
  assert.equal(fleet.serving, 1);
  assert.equal(fleet.degraded, 2);
  assert.equal(fleet.down, 0);
});

test('[AGG1] cells add up to the fleet', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: 255 }), fc.nat({ max: 9 }), fc.nat({ max: 2 })), {
        maxLength: 40,
      }),
      (rows) => {
        const frame = createFleetFrame(rows.length, 1, 0);
        frame.flags.set(rows.map(([flags]) => flags));
        frame.servingRevision.set(rows.map(([, revision]) => revision));
        const { fleet, cells } = summariseFleet(frame, {
          headRevision: 5,
          budget: STALENESS_BUDGET_DEFAULT,
          cells: ['a', 'b', 'c'],
          cellOf: rows.map(([, , cell]) => cell),
        });
        for (const name of ['nodes', 'serving', 'down', 'connected', 'behind', 'ahead'] as const) {
          const sum = cells.reduce((total, cell) => total + cell[name], 0);
          assert.equal(sum, fleet[name], name);
        }
        assert.equal(fleet.nodes, rows.length);
      },
    ),
  );
});
