import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { STALENESS_BUDGET_DEFAULT } from '../../../core/fleet/staleness.ts';
import type { ConsoleEvent } from '../../../core/protocol/console-model.ts';
import type { ConvergenceReport } from '../../../core/protocol/control-plane-control.ts';
import { STORE_APPLICATION_ID } from '../../../main/control-plane/store/migrate.ts';
import { startConsoleHost } from '../../../main/host/console-host.ts';
import { openConsoleStore } from '../../../main/host/store/console-store.ts';
import { type HostFixture, scratchDirectory, startHost } from './host-fixture.ts';
import {
  type ScriptedStore,
  scriptedBelief,
  scriptedControlPlane,
  scriptedReport,
} from './scripted-control-plane.ts';
import { createScriptedSpawner } from './scripted-spawner.ts';

function scripted(head: number, nodes: number) {
  const store: ScriptedStore = { head, nodes, asked: [] };
  return {
    store,
    spawner: createScriptedSpawner({ 'control-plane': scriptedControlPlane(store) }),
  };
}

/** A file that looks like a backup as far as the console looks into it. */
function backupIn(dataDir: string): string {
  const header = Buffer.alloc(100);
  header.write('SQLite format 3\0', 'latin1');
  header.writeUInt32BE(STORE_APPLICATION_ID, 68);
  const path = join(dataDir, 'backup');
  writeFileSync(path, header);
  return path;
}

function nextEvent(
  { client }: HostFixture,
  isIt: (event: ConsoleEvent) => boolean,
): Promise<ConsoleEvent> {
  return new Promise((resolve) => {
    client.onItem('events', (events) => {
      const found = events.find(isIt);
      if (found !== undefined) resolve(found);
    });
    client.subscribe(['events']);
  });
}

test('[RESTORE4] nodes that a backup does not know are named in the event of its restore', async (t) => {
  const { store, spawner } = scripted(3, 9);
  const { must, dataDir } = await startHost(t, { spawner });
  store.nodes = 2;
  store.head = 1;
  assert.equal((await must('restore', { path: backupIn(dataDir) })).revision, 1);
  const { events } = await must('list-events', { limit: 50 });
  const event = events.find(({ kind }) => kind === 'backup-restored');
  assert.equal(event?.title, 'Backup restored: the head is r1, 7 nodes removed');
  assert.match(event.detail, /7 nodes .* disks: cell-a\/edge-2, .*cell-a\/edge-6 and 2 more\.$/);
});

test('[RESTORE5] after two restores the fleet is adopted with the text that it serves', async (t) => {
  const { store, spawner } = scripted(5, 2);
  const { must, dataDir } = await startHost(t, { spawner });
  const path = backupIn(dataDir);
  for (const head of [3, 2]) {
    store.head = head;
    await must('restore', { path });
  }
  await must('adopt-fleet', {});
  await must('adopt-fleet', {});
  assert.deepEqual(
    store.asked.flatMap((request) => (request.method === 'adopt-fleet' ? [request.headText] : [])),
    ['text of r5', 'text of r12'],
    'once adopted, it is not kept for the next time',
  );
});

test('[LEARN1] a publish whose answer never came is learnt from the next belief', async (t) => {
  const { store, spawner } = scripted(1, 2);
  const fixture = await startHost(t, { spawner });
  const { must } = fixture;
  const learnt = nextEvent(fixture, ({ title }) => title === 'r2 was published after all');
  store.head = 2;
  spawner
    .last('control-plane')
    .say({ type: 'belief', belief: scriptedBelief(2, ['SYNCED', 'STALE']) });
  await learnt;
  const status = await must('get-status', {});
  assert.equal(status.head?.revision, 2);
  assert.equal(status.fleet.acknowledged, 1);
  assert.equal((await must('get-config', {})).text, 'text of r2');
});

test('[LEARN2] while the answer is awaited, a belief does not ask for what it will say', async (t) => {
  const { store, spawner } = scripted(1, 2);
  const { client, must } = await startHost(t, { spawner });
  const publishing = client.request('publish', { text: 'x', message: 'x' });
  // Answered after the publish was sent, as requests of one client are taken in order.
  await must('get-draft', {});
  spawner
    .last('control-plane')
    .say({ type: 'belief', belief: scriptedBelief(2, ['STALE', 'STALE']) });
  await must('list-revisions', { limit: 5 });
  assert.ok(store.asked.some(({ method }) => method === 'publish'));
  assert.ok(!store.asked.some(({ method }) => method === 'get-revision'));
  await must('kill-control-plane', {});
  assert.equal((await publishing).ok, false);
});

test('[RESET2] a reset brings the budget back, and ends alerts in the file as well', async (t) => {
  const { must, dataDir } = await startHost(t);
  await must('set-staleness-budget', { lagRevisions: 1, lagMs: 1_000, unverifiedMs: 1_000 });
  await must('kill-control-plane', {});
  await must('reset', {});
  assert.deepEqual((await must('get-status', {})).staleness.budget, STALENESS_BUDGET_DEFAULT);
  assert.deepEqual((await must('get-status', {})).alerts, []);
  const file = openConsoleStore(join(dataDir, 'console.sqlite'));
  if (!file.ok) throw new Error(file.error.detail);
  t.after(() => file.value.close());
  const kept = file.value.alerts(10);
  assert.ok(kept.some(({ kind }) => kind === 'control-plane-down'));
  assert.deepEqual(
    kept.filter(({ clearedAtMs }) => clearedAtMs === null),
    [],
  );
});

test('[LAUNCH1] a process that cannot be started is down, and can be started later', async (t) => {
  const spawner = createScriptedSpawner();
  const spawn = spawner.spawn.bind(spawner);
  let failures = 1;
  const failing = {
    ...spawner,
    spawn(module: 'control-plane' | 'simulator') {
      if (module === 'control-plane' && failures > 0) {
        failures -= 1;
        throw new Error('EAGAIN');
      }
      return spawn(module);
    },
  };
  const { must } = await startHost(t, { spawner: failing });
  const { controlPlane } = await must('get-status', {});
  assert.equal(controlPlane.state, 'down');
  assert.equal(controlPlane.reason, 'no process could be started: EAGAIN');
  await must('start-control-plane', {});
  assert.equal((await must('get-status', {})).controlPlane.state, 'up');
});

test('[LAUNCH2] a console that is closed while it comes up starts nothing afterwards', async (t) => {
  const spawner = createScriptedSpawner();
  let isClosed = false;
  const late: string[] = [];
  const spawn = spawner.spawn.bind(spawner);
  const watched = {
    ...spawner,
    spawn(module: 'control-plane' | 'simulator') {
      if (isClosed) late.push(module);
      return spawn(module);
    },
  };
  const dataDir = scratchDirectory(t);
  const started = await startConsoleHost({
    dataDir,
    port: 0,
    nodes: 2,
    cells: 1,
    seed: 1,
    configPath: null,
    rendererDir: dataDir,
    spawner: watched,
    log: () => {},
  });
  if (!started.ok) throw new Error(started.error.detail);
  const host = started.value;
  isClosed = true;
  await host.close();
  await host.launched;
  assert.deepEqual(late, []);
});

test('[CURVE1] a new subscriber is not sent the curve of an earlier revision', async (t) => {
  const { spawner } = scripted(2, 2);
  const { client, must } = await startHost(t, { spawner });
  const seen: number[] = [];
  const first = new Promise<ConvergenceReport>((resolve) => {
    client.onItem('convergence', (report) => {
      seen.push(report.revision);
      resolve(report);
    });
  });
  client.subscribe(['convergence']);
  await must('get-draft', {});
  const say = (revision: number) =>
    spawner.last('control-plane').say({
      type: 'belief',
      belief: {
        ...scriptedBelief(2, ['SYNCED', 'STALE']),
        convergence: scriptedReport(revision),
      },
    });
  say(1);
  await first;
  client.subscribe([]);
  await must('get-draft', {});
  // Nobody looks while r2 comes; then the control plane cannot be asked any more.
  say(2);
  await must('kill-control-plane', {});
  client.subscribe(['convergence']);
  await must('get-draft', {});
  assert.deepEqual(seen, [1]);
});
