import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFleetFrame, NEVER_MS } from '../../../core/fleet/frame.ts';
import {
  fillLag,
  isOverBudget,
  lagOf,
  STALENESS_BUDGET_DEFAULT,
} from '../../../core/fleet/staleness.ts';

const line = {
  complete: true,
  revisions: [
    { revision: 1, publishedAtMs: 1_000 },
    { revision: 2, publishedAtMs: 5_000 },
    { revision: 9, publishedAtMs: 7_000 },
  ],
};

test('[LAG1] lag counts published revisions, whose numbers may skip', () => {
  assert.deepEqual(lagOf(line, 9, 10_000), { revisions: 0, ms: 0 });
  assert.deepEqual(lagOf(line, 2, 10_000), { revisions: 1, ms: 3_000 });
  assert.deepEqual(lagOf(line, 1, 10_000), { revisions: 2, ms: 5_000 });
  assert.deepEqual(lagOf(line, 0, 10_000), { revisions: 3, ms: 9_000 });
});

test('[LAG2] a node that serves more than was published lags nothing', () => {
  assert.deepEqual(lagOf(line, 12, 10_000), { revisions: 0, ms: 0 });
  assert.deepEqual(lagOf({ complete: true, revisions: [] }, 0, 10_000), { revisions: 0, ms: 0 });
});

test('[LAG1] revisions older than the list are counted by their numbers', () => {
  const tail = { complete: false, revisions: line.revisions.slice(1) };
  assert.deepEqual(lagOf({ ...tail, revisions: [{ revision: 501, publishedAtMs: 0 }] }, 491, 10), {
    revisions: 10,
    ms: 10,
  });
});

test('[LAG1] the lag column equals the lag of every row', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 12 }), { maxLength: 50 }), (serving) => {
      const frame = createFleetFrame(serving.length, 1, 20_000);
      frame.servingRevision.set(serving);
      fillLag(frame, line);
      serving.forEach((revision, row) => {
        const lag = lagOf(line, revision, 20_000);
        assert.equal(frame.lagRevisions[row], lag.revisions);
        assert.equal(frame.lagMs[row], lag.ms);
      });
    }),
  );
});

test('[LAG3] a node is over budget when any bound is passed, or when it was never verified', () => {
  const within = { lagRevisions: 5, lagMs: 60_000, unverifiedMs: 300_000 };
  assert.equal(isOverBudget(STALENESS_BUDGET_DEFAULT, within), false);
  for (const name of ['lagRevisions', 'lagMs', 'unverifiedMs'] as const) {
    const over = { ...within, [name]: within[name] + 1 };
    assert.equal(isOverBudget(STALENESS_BUDGET_DEFAULT, over), true, name);
  }
  assert.equal(isOverBudget(STALENESS_BUDGET_DEFAULT, { ...within, unverifiedMs: NEVER_MS }), true);
});
