import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeId } from '../../../core/config/ids.ts';
import { summariseFleet } from '../../../core/fleet/aggregate.ts';
import {
  type AlertCondition,
  type AlertInput,
  alertConditions,
  NO_ALERTS,
  stepAlerts,
} from '../../../core/fleet/alerts.ts';
import { createFleetFrame, packNodeFlags } from '../../../core/fleet/frame.ts';
import { STALENESS_BUDGET_DEFAULT } from '../../../core/fleet/staleness.ts';

const notServing: AlertCondition = {
  id: 'nodes-not-serving',
  kind: 'nodes-not-serving',
  title: '1 node not serving',
  detail: '',
};

test('[ALERT1] a condition becomes an alert only after it held, and ends only after it was gone', () => {
  let step = stepAlerts(NO_ALERTS, [notServing], 0);
  assert.equal(step.open.length, 0);
  step = stepAlerts(step.state, [notServing], 2_000);
  assert.equal(step.raised.length, 1);
  step = stepAlerts(step.state, [], 2_100);
  assert.equal(step.open.length, 1, 'a gap shorter than the hysteresis does not end it');
  step = stepAlerts(step.state, [notServing], 3_000);
  assert.equal(step.raised.length, 0, 'nor raise it a second time');
  step = stepAlerts(step.state, [], 4_000);
  step = stepAlerts(step.state, [], 6_000);
  assert.deepEqual(
    step.cleared.map((alert) => [alert.id, alert.raisedAtMs, alert.clearedAtMs]),
    [['nodes-not-serving', 2_000, 6_000]],
  );
  assert.equal(step.state.size, 0);
});

test('[ALERT1] a condition that goes before its time was never an alert', () => {
  let step = stepAlerts(NO_ALERTS, [notServing], 0);
  step = stepAlerts(step.state, [], 1_000);
  step = stepAlerts(step.state, [notServing], 2_500);
  assert.equal(step.open.length, 0);
});

function fleetOf(change: Partial<AlertInput>, flags: readonly number[]): AlertInput {
  const frame = createFleetFrame(flags.length, 1, 0);
  frame.flags.set(flags);
  const cells = ['eu-west', 'us-east'];
  const cellOf = flags.map((_flags, row) => row % 2);
  const nodeIds = flags.map((_flags, row) => `${cells[row % 2]}/edge-${row}` as NodeId);
  const budget = STALENESS_BUDGET_DEFAULT;
  const summaries = summariseFleet(frame, { headRevision: 3, budget, cells, cellOf });
  return {
    controlPlane: { state: 'up', reason: null },
    simulator: { state: 'up', reason: null },
    frame,
    summaries,
    nodeIds,
    cells,
    cellOf,
    headRevision: 3,
    budget,
    convergence: null,
    ...change,
  };
}

const packed = (health: 'healthy' | 'down') =>
  packNodeFlags({ link: 'lost', health, source: 'disk', ahead: false, rejected: false });

test('[ALERT2] an alert names the cells and nodes that it is about', () => {
  const flags = [packed('down'), packed('healthy'), packed('down'), packed('down')];
  const [alert] = alertConditions(fleetOf({}, flags));
  assert.equal(alert?.kind, 'nodes-not-serving');
  assert.equal(alert?.title, '3 nodes not serving');
  for (const name of ['eu-west (2)', 'us-east (1)', 'eu-west/edge-0', 'us-east/edge-3']) {
    assert.ok(alert?.detail.includes(name), name);
  }
});

test('[ALERT3] nodes that died with their simulator are one alert, not two', () => {
  const simulator = { state: 'down', reason: 'killed by you' } as const;
  const kinds = alertConditions(fleetOf({ simulator }, [packed('down')])).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['simulator-down']);
});

test('[ALERT4] disconnected and still serving within budget is no alert', () => {
  assert.deepEqual(alertConditions(fleetOf({}, [packed('healthy'), packed('healthy')])), []);
});
