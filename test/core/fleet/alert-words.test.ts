import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeId } from '../../../core/config/ids.ts';
import { summariseFleet } from '../../../core/fleet/aggregate.ts';
import { type AlertInput, alertConditions } from '../../../core/fleet/alerts.ts';
import { createFleetFrame, packNodeFlags } from '../../../core/fleet/frame.ts';
import { STALENESS_BUDGET_DEFAULT } from '../../../core/fleet/staleness.ts';

const UP = { state: 'up', reason: null, silentMs: null } as const;
const DOWN = { state: 'down', reason: 'D/x.sqlite is damaged: restore a backup.', silentMs: null };

/** Two nodes that lag by `lagMs` and are disconnected. */
function details(health: 'healthy' | 'down', lagMs: number, change: Partial<AlertInput>): string[] {
  const frame = createFleetFrame(2, 1, 0);
  const standing = { link: 'lost', health, source: 'disk' } as const;
  frame.flags.set([
    packNodeFlags({ ...standing, ahead: true, rejected: false }),
    packNodeFlags({ ...standing, ahead: false, rejected: true }),
  ]);
  frame.servingRevision.fill(3);
  frame.lagMs.fill(lagMs);
  const place = { cells: ['eu-west'], cellOf: [0, 0] };
  const budget = STALENESS_BUDGET_DEFAULT;
  const input: AlertInput = {
    controlPlane: UP,
    simulator: UP,
    frame,
    summaries: summariseFleet(frame, { headRevision: 4, budget, ...place }),
    nodeIds: ['eu-west/edge-1', 'eu-west/edge-2'] as NodeId[],
    ...place,
    budget,
    late: [],
    unforced: null,
    snapshotStore: null,
    refusedRevisionOf: () => null,
    ...change,
  };
  return alertConditions(input).map(({ detail }) => detail);
}

test('[ALERT-SERVING] an alert does not say that nodes serve when none does', () => {
  const dead = { controlPlane: { ...DOWN, state: 'down' as const } };
  const simulator = { state: 'down', reason: 'killed by you', silentMs: null } as const;
  const none = details('down', 90_000, { ...dead, simulator });
  assert.ok(none.length >= 4, none.join('\n'));
  for (const detail of none) assert.doesNotMatch(detail, /keep serving|\.\./);
  const some = details('healthy', 90_000, dead).filter((detail) => /keep serving/.test(detail));
  assert.equal(some.length, 4);
});

test('[ALERT-BUDGET] what is over its budget never reads as if it were equal to it', () => {
  const words = (lagMs: number) => details('healthy', lagMs, {}).join('\n');
  assert.match(words(60_020), /over 60 s of lag \(budget 60 s\)/);
  assert.match(words(61_000), / 61 s of lag \(budget 60 s\)/);
  assert.doesNotMatch(words(60_000), /of lag/);
});
