import assert from 'node:assert/strict';
import { test } from 'node:test';
import { micros } from '../../../core/ports/clock.ts';
import type { ControlPlaneCommand } from '../../../core/protocol/control-plane-control.ts';
import { startHost } from './host-fixture.ts';
import { createScriptedSpawner, type ScriptedChild } from './scripted-spawner.ts';

const LINEAGE = '00'.repeat(16);
const NODES = 12;

function summary(revision: number) {
  const quantiles = { t50Ms: 1, t95Ms: 2, t99Ms: 3, t100Ms: 4 };
  const counts = { nodes: NODES, reached: NODES, bytes: 0, missing: [] };
  return { revision, publishedAtMs: 0, ...quantiles, ...counts, deadlineMs: 30_000, late: false };
}

function record(revision: number) {
  return {
    revision,
    parent: revision === 1 ? null : revision - 1,
    generation: revision,
    rootHash: `${revision}`.repeat(64),
    author: 'ada',
    message: 'm',
    createdAt: micros(0),
    origin: { kind: 'publish' },
    resources: 1,
    changed: 1,
    sourceBytes: 1,
  };
}

/** A control plane with two revisions, whose convergence it tells of only when `settled`. */
function scriptWith(state: { settled: boolean }) {
  return (child: ScriptedChild, command: ControlPlaneCommand) => {
    if (command.type === 'shut-down') child.exit({ code: 0, signal: null, lastWords: null });
    if (command.type === 'init') {
      const inventory = Array.from({ length: NODES }, (_, index) => ({
        nodeId: `cell-a/node-${index}`,
        cell: 'cell-a',
        provisionedAt: micros(0),
      }));
      const head = { head: record(2), headText: 'x', lineage: LINEAGE };
      child.say({ type: 'ready', port: command.port, inventory, ...head });
    }
    if (command.type !== 'request') return;
    const revisions = [2, 1].map((revision) => ({
      ...record(revision),
      convergence: state.settled ? summary(revision) : null,
    }));
    child.say({
      type: 'response',
      requestId: command.requestId,
      response: { ok: true, value: { revisions } },
    });
  };
}

test('[HOST14] once the head has settled, the console also knows how its forerunners converged', async (t) => {
  const state = { settled: false };
  const spawner = createScriptedSpawner({ 'control-plane': scriptWith(state) });
  const { must } = await startHost(t, { spawner });
  state.settled = true;
  const child = spawner.last('control-plane');
  const asked = () => child.received.filter((m) => JSON.stringify(m).includes('list-revisions'));
  const before = asked().length;
  const load = { connections: NODES, closedByReason: {}, publishMsLast: null, rssBytes: 0 };
  const belief = {
    atMs: Date.now(),
    inventoryVersion: 1,
    syncStatus: new Uint8Array(NODES),
    head: null,
    counts: { inventory: NODES, connected: NODES, acknowledged: NODES, rejected: 0, ahead: 0 },
    load,
    convergence: summary(2),
    late: [],
    unforced: [],
  };
  child.say({ type: 'belief', belief });
  child.say({ type: 'belief', belief });
  assert.equal(asked().length, before + 1, 'asked once a settled head');
  // Answered in order: when this one is there, so is the one before it.
  await must('list-revisions', { limit: 1 });
  await must('kill-control-plane', {});
  const { complete, revisions } = await must('list-revisions', { limit: 10 });
  assert.equal(complete, false);
  assert.deepEqual(
    revisions.map((row) => row.convergence?.t100Ms),
    [4, 4],
  );
});
