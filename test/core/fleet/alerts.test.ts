import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeId, Revision } from '../../../core/config/ids.ts';
import { summariseFleet } from '../../../core/fleet/aggregate.ts';
import {
  type AlertCondition,
  type AlertInput,
  alertConditions,
  NO_ALERTS,
  stepAlerts,
} from '../../../core/fleet/alerts.ts';
import {
  createFleetFrame,
  packNodeFlags,
  SYNC_STATUSES,
  unpackNodeFlags,
} from '../../../core/fleet/frame.ts';
import { STALENESS_BUDGET_DEFAULT } from '../../../core/fleet/staleness.ts';
import type {
  ConvergenceSummary,
  SnapshotStoreLoad,
} from '../../../core/protocol/control-plane-control.ts';

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

const UP = { state: 'up', reason: null, silentMs: null } as const;

function fleetOf(change: Partial<AlertInput>, flags: readonly number[]): AlertInput {
  const frame = createFleetFrame(flags.length, 1, 0);
  frame.flags.set(flags);
  const cells = ['eu-west', 'us-east'];
  const cellOf = flags.map((_flags, row) => row % 2);
  const nodeIds = flags.map((_flags, row) => `${cells[row % 2]}/edge-${row}` as NodeId);
  const budget = STALENESS_BUDGET_DEFAULT;
  const summaries = summariseFleet(frame, { headRevision: 3, budget, cells, cellOf });
  return {
    controlPlane: UP,
    simulator: UP,
    frame,
    summaries,
    nodeIds,
    cells,
    cellOf,
    budget,
    late: [],
    unforced: null,
    snapshotStore: null,
    refusedRevisionOf: () => null,
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
  const simulator = { ...UP, state: 'down', reason: 'killed by you' } as const;
  const kinds = alertConditions(fleetOf({ simulator }, [packed('down')])).map(({ kind }) => kind);
  assert.deepEqual(kinds, ['simulator-down']);
});

test('[ALERT4] disconnected and still serving within budget is no alert', () => {
  assert.deepEqual(alertConditions(fleetOf({}, [packed('healthy'), packed('healthy')])), []);
});

const summary = (revision: number, reached: number): ConvergenceSummary => ({
  revision: revision as Revision,
  publishedAtMs: 0,
  nodes: 4,
  reached,
  t50Ms: null,
  t95Ms: null,
  t99Ms: null,
  t100Ms: null,
  deadlineMs: 30_000,
  late: true,
  bytes: 0,
  missing: ['eu-west/edge-0' as NodeId],
});

test('[ALERT5] every late revision is an alert of its own that names the nodes it misses', () => {
  const conditions = alertConditions(fleetOf({ late: [summary(4, 3), summary(5, 2)] }, []));
  assert.deepEqual(
    conditions.map(({ id, title }) => [id, title]),
    [
      ['convergence-late:r4', 'r4 has not reached 1 node'],
      ['convergence-late:r5', 'r5 has not reached 2 nodes'],
    ],
  );
  assert.match(conditions[0]?.detail ?? '', /^3 of 4 .*Missing: eu-west\/edge-0\.$/);
  assert.match(conditions[1]?.detail ?? '', /eu-west\/edge-0 and 1 more\.$/);
});

const [ERROR, SYNCED] = [SYNC_STATUSES.indexOf('ERROR'), SYNC_STATUSES.indexOf('SYNCED')];
const flagged = packNodeFlags({
  link: 'connected',
  health: 'healthy',
  source: 'control-plane',
  ahead: false,
  rejected: true,
});

/** Three nodes: told by the control plane alone, by its own flag alone, and long over it. */
function refusing(refused: readonly (number | null)[]) {
  const input = fleetOf({}, [packed('healthy'), flagged, flagged]);
  input.frame.syncStatus.set([ERROR, 0, SYNCED]);
  const { budget, cells, cellOf } = input;
  const summaries = summariseFleet(input.frame, { headRevision: 3, budget, cells, cellOf });
  const refusedRevisionOf = (row: number) => refused[row] ?? null;
  return alertConditions({ ...input, summaries, refusedRevisionOf }).map(({ title }) => title);
}

test('[ALERT6] who refuses is told by the control plane’s word or the node’s own, and until it is in sync', () => {
  assert.deepEqual(refusing([2, 2, 1]), ['2 nodes rejected r2']);
});

test('[ALERT8] what a restore undid is no longer refused by a node that is ahead', () => {
  const ahead = packNodeFlags({ ...unpackNodeFlags(flagged), ahead: true });
  const titles = alertConditions(fleetOf({}, [ahead, flagged])).map(({ title }) => title);
  assert.deepEqual(titles, [
    '1 node rejected what they were sent',
    '1 node ahead of the control plane',
  ]);
});

function dumping(load: Partial<SnapshotStoreLoad>, atMs = 0) {
  const quiet = { last: null, lastError: null, dumps: 0, failures: 0, intervalMs: 10_000 };
  const snapshotStore = { atMs, load: { ...quiet, ...load } };
  return alertConditions(fleetOf({ snapshotStore }, []));
}

test('[ALERT9] a snapshot store that took no dump for three periods is an alert, until one succeeds', () => {
  const last = { revision: 7 as Revision, generation: 7, atMs: 5_000, bytes: 1 };
  const lastError = { atMs: 1, detail: 'the disk is full.' };
  assert.deepEqual(dumping({ last, lastError }, 35_000), [], 'it may fail now and then');
  const [alert, ...others] = dumping({ last, lastError }, 35_001);
  assert.deepEqual(others, []);
  assert.equal(alert?.kind, 'snapshot-store-failing');
  assert.match(
    alert.detail,
    /^It was last dumped as of r7\. .* failed: the disk is full\. .* every 10 s;/,
  );
  assert.deepEqual(dumping({ last, lastError: null }, 90_000), [], 'who sleeps has not failed');
  assert.deepEqual(dumping({ lastError, failures: 3 }), []);
  assert.match(dumping({ lastError, failures: 4 })[0]?.detail ?? '', /^Nothing was dumped since/);
});

test('[ALERT6] the title names what was refused, not the head', () => {
  assert.deepEqual(refusing([2, 1, null]), ['2 nodes rejected different revisions']);
  assert.deepEqual(refusing([]), ['2 nodes rejected what they were sent']);
});

test('[ALERT7] a process that is up and says nothing is an alert of its kind', () => {
  const silent = { ...UP, silentMs: 7_400 };
  const controlPlane = alertConditions(fleetOf({ controlPlane: silent }, []));
  assert.deepEqual(
    controlPlane.map(({ kind, title }) => [kind, title]),
    [['control-plane-down', 'Control plane does not answer']],
  );
  assert.match(controlPlane[0]?.detail ?? '', /said nothing for 7 s/);
  const simulator = alertConditions(fleetOf({ simulator: silent }, [packed('down')]));
  assert.deepEqual(
    simulator.map(({ kind }) => kind),
    ['simulator-down'],
    'its nodes are not a second alert',
  );
});

test('[UNFORCED2] resources of the head that no node has are an alert that says what to do', () => {
  const kinds = [
    { kind: 'AuthPolicy', documents: 2 },
    { kind: 'FeatureFlag', documents: 1 },
  ];
  const conditions = alertConditions(fleetOf({ unforced: { revision: 8, kinds } }, []));
  assert.deepEqual(
    conditions.map(({ id, title }) => [id, title]),
    [['head-not-in-force:r8', '3 resources of r8 are not in force']],
  );
  assert.match(conditions[0]?.detail ?? '', /^2 AuthPolicy, 1 FeatureFlag: .*Publish .* r8 again/);
  const one = { revision: 8, kinds: kinds.slice(1) };
  const [single] = alertConditions(fleetOf({ unforced: one }, []));
  assert.equal(single?.title, '1 resource of r8 is not in force');
  assert.deepEqual(alertConditions(fleetOf({ unforced: { revision: 9, kinds: [] } }, [])), []);
});
