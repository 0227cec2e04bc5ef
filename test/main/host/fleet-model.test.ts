import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { NodeId, Revision } from '../../../core/config/ids.ts';
import { STALENESS_BUDGET_DEFAULT } from '../../../core/fleet/staleness.ts';
import type { RevisionRow } from '../../../core/protocol/console-model.ts';
import { statusText } from '../../../main/cli/status-text.ts';
import { buildStatus } from '../../../main/host/console-status.ts';
import { FleetModel } from '../../../main/host/fleet-model.ts';
import { SilenceWatch } from '../../../main/host/silence-watch.ts';
import { openConsoleStore } from '../../../main/host/store/console-store.ts';
import { scratchDirectory } from './host-fixture.ts';
import {
  scriptedBelief as belief,
  scriptedHash as hash,
  LINEAGE,
} from './scripted-control-plane.ts';
import { sampleFrame } from './scripted-spawner.ts';

function nodesOf(count: number) {
  return Array.from({ length: count }, (_, i) => ({ nodeId: `a/${i}` as NodeId, cell: 'a' }));
}

function rowOf(revision: number): RevisionRow {
  return {
    revision: revision as Revision,
    parent: null,
    generation: revision,
    rootHash: hash(revision),
    author: 'x',
    message: 'x',
    publishedAtMs: 0,
    origin: 'publish',
    originOf: null,
    resources: 1,
    changed: 1,
    sourceBytes: 1,
    convergence: null,
  };
}

function publish(model: FleetModel, revision: number) {
  model.setHead({ record: rowOf(revision), lineage: LINEAGE, text: '' });
}

function openModel(t: TestContext, nodes: number) {
  const store = openConsoleStore(join(scratchDirectory(t), 'console.sqlite'));
  if (!store.ok) throw new Error(store.error.detail);
  t.after(() => store.value.close());
  const clock = { nowMs: 1_000 };
  const model = new FleetModel(store.value, () => clock.nowMs, STALENESS_BUDGET_DEFAULT);
  model.setInventory(nodesOf(nodes));
  publish(model, 1);
  const process = { state: 'up', sinceMs: 0, pid: 1, reason: null } as const;
  const status = () =>
    buildStatus({
      model,
      controlPlane: process,
      simulator: process,
      alerts: [],
      draft: null,
      nowMs: clock.nowMs,
    });
  return { model, clock, status };
}

test('[BELIEF1] who acknowledged an older head has not acknowledged this one', (t) => {
  const { model, status } = openModel(t, 3);
  model.setBelief(belief(1, ['SYNCED', 'SYNCED', 'ERROR']));
  assert.equal(status().fleet.acknowledged, 2);
  publish(model, 2);
  const { head, fleet } = status();
  assert.equal(head?.revision, 2);
  assert.equal(head.generation, 2, 'nor is the generation that of the older head');
  assert.equal(fleet.acknowledged, 0);
  assert.deepEqual([fleet.bySyncStatus.SYNCED, fleet.bySyncStatus.NOT_SENT], [0, 2]);
  model.setBelief(belief(2, ['SYNCED', 'STALE', 'ERROR']));
  assert.equal(status().fleet.acknowledged, 1);
});

test('[BELIEF1] a belief of the new head that came before the answer counts for it', (t) => {
  const { model, status } = openModel(t, 2);
  model.setBelief(belief(1, ['SYNCED', 'SYNCED']));
  assert.equal(model.acceptSample(sampleFrame(model.roster.rosterVersion, 2), true), true);
  model.setBelief(belief(2, ['SYNCED', 'NOT_SENT']));
  assert.equal(status().fleet.acknowledged, 0, 'it says nothing of r1');
  publish(model, 2);
  assert.equal(status().fleet.acknowledged, 1);
  assert.equal(status().fleet.bySyncStatus.SYNCED, 1, 'without waiting for a sample');
  assert.equal(model.acceptSample(sampleFrame(model.roster.rosterVersion, 2), true), true);
  assert.equal(status().fleet.bySyncStatus.SYNCED, 1);
});

test('[BELIEF2] nodes that were retired have not acknowledged anything', (t) => {
  const { model, status } = openModel(t, 4);
  model.setBelief(belief(1, ['SYNCED', 'SYNCED', 'SYNCED', 'ERROR']));
  model.setInventory(nodesOf(2));
  const { inventory, acknowledged, rejected } = status().fleet;
  assert.deepEqual(
    { inventory, acknowledged, rejected },
    { inventory: 2, acknowledged: 2, rejected: 0 },
  );
});

test('[BELIEF3] what a node refused is remembered by its revision, as long as the node is there', (t) => {
  const { model } = openModel(t, 2);
  model.setBelief(belief(1, ['SYNCED', 'ERROR']));
  publish(model, 2);
  model.setBelief(belief(2, ['SYNCED', 'NOT_SENT']));
  assert.deepEqual([model.refusedRevisionOf(0), model.refusedRevisionOf(1)], [null, 1]);
  model.setInventory(nodesOf(1));
  model.setInventory(nodesOf(2));
  assert.equal(model.refusedRevisionOf(1), null);
});

test('[SILENT1] without samples no traffic is claimed, also while the simulator’s process is up', (t) => {
  const { model, clock, status } = openModel(t, 2);
  model.acceptSample(sampleFrame(model.roster.rosterVersion, 2), true);
  assert.equal(status().traffic.successRate, 1);
  clock.nowMs += 1_500;
  assert.equal(model.age(true), true);
  assert.equal(status().traffic.successRate, null);
  assert.equal(status().traffic.requestsPerSecond, 0);
  assert.equal(status().fleet.serving, 2);
  model.age(false);
  assert.equal(status().fleet.serving, 0, 'nodes of a process that hangs answer nothing');
});

test('[TRAF10] what policies turn away is told apart in the status and in every sample', (t) => {
  const { model, status } = openModel(t, 2);
  const frame = sampleFrame(model.roster.rosterVersion, 2);
  const [step] = frame.traffic;
  assert.ok(step !== undefined);
  const turned = { requests: 100, answered: 90, failed: 10, limited: 40, shed: 10, denied: 5 };
  model.acceptSample({ ...frame, traffic: [step, { ...step, ...turned }] }, true);
  const { successRate, limitedPerSecond, shedPerSecond, deniedPerSecond } = status().traffic;
  assert.deepEqual(
    [successRate, limitedPerSecond, shedPerSecond, deniedPerSecond],
    [0.9, 40, 10, 5],
  );
  assert.deepEqual(
    model.traffic.toArray().map(({ limited, shed, denied }) => [limited, shed, denied]),
    [
      [0, 0, 0],
      [40, 10, 5],
    ],
  );
  assert.match(statusText(status()), /40\/s limited \(429\), 10\/s shed \(503\), 5\/s denied/);
  model.acceptSample(frame, true);
  assert.doesNotMatch(statusText(status()), /limited|shed|denied/);
});

test('[SILENT2] silence is added up while a process is up, and ends with its next word', () => {
  const watch = new SilenceWatch();
  for (let nowMs = 0; nowMs <= 6_000; nowMs += 500) watch.tick(nowMs, true);
  assert.equal(watch.longerThan(5_000), 6_000);
  assert.equal(watch.longerThan(20_000), null);
  watch.heard();
  assert.equal(watch.longerThan(0), null);
  watch.tick(6_500, true);
  watch.tick(7_000, false);
  assert.equal(watch.longerThan(0), null);
});

test('[SILENT2] a console that stood still does not take that for silence', () => {
  const watch = new SilenceWatch();
  watch.tick(0, true);
  watch.tick(60_000, true);
  assert.equal(watch.longerThan(5_000), null);
});
