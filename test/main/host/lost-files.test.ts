import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import type { ControlPlaneCommand } from '../../../core/protocol/control-plane-control.ts';
import { EventLog } from '../../../main/host/event-log.ts';
import { RequestRouter } from '../../../main/host/requests/request-router.ts';
import { openConsoleStore } from '../../../main/host/store/console-store.ts';
import { shopText } from '../../core/gateway/suite/suite-fixture.ts';
import { scratchDirectory, startHost } from './host-fixture.ts';
import {
  LINEAGE,
  scriptedControlPlane,
  scriptedNodeIds,
  scriptedRecord,
} from './scripted-control-plane.ts';
import { createScriptedSpawner, type ScriptedChild } from './scripted-spawner.ts';

const full = () => {
  throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
};

test('[HOST15] the disks of a fleet without either store are not taken for a first run', async (t) => {
  const dataDir = scratchDirectory(t);
  const disks = join(dataDir, 'simulator');
  mkdirSync(disks);
  writeFileSync(join(disks, 'fleet.disk'), 'x');
  await assert.rejects(
    startHost(t, { dataDir }),
    /simulator holds the disks of a fleet, but .*console\.sqlite and .*control-plane\.sqlite are gone: put one .*begin anew\.$/,
  );
  assert.equal(existsSync(join(dataDir, 'console.sqlite')), false);
  assert.equal(existsSync(join(dataDir, 'control-plane')), false);
  rmSync(join(disks, 'fleet.disk'));
  const { must } = await startHost(t, { dataDir });
  assert.equal(
    (await must('get-status', {})).fleet.inventory,
    12,
    'an empty directory is no fleet',
  );
});

/** Has a head with routes, of which this console has never heard. */
function controlPlaneWithShop() {
  const other = scriptedControlPlane({ head: 1, nodes: 2, asked: [] });
  return (child: ScriptedChild, command: ControlPlaneCommand) => {
    if (command.type !== 'init') return other(child, command);
    writeFileSync(command.databasePath, 'scripted');
    const inventory = scriptedNodeIds(2).map((nodeId) => ({ nodeId, cell: 'cell-a' }));
    const head = { head: scriptedRecord(1), headText: shopText(), lineage: LINEAGE };
    child.say({ type: 'ready', port: command.port, inventory, ...head });
  };
}

test('[HOST16] a console that lost its own file asks the fleet what the head’s routes offer', async (t) => {
  const spawner = createScriptedSpawner({ 'control-plane': controlPlaneWithShop() });
  const { host } = await startHost(t, { spawner });
  await host.launched;
  const told = JSON.stringify(spawner.last('simulator').received);
  assert.match(told, /"shapes":\[\{/);
  assert.match(told, /shop\.example/);
});

test('[HOST17] a first config that is refused says that nothing is published, and what to do', async (t) => {
  const dataDir = scratchDirectory(t);
  const configPath = join(dataDir, 'broken.yaml');
  writeFileSync(configPath, 'kind: Broken\n');
  const first = await startHost(t, { dataDir, configPath });
  assert.match(
    first.said.join('\n'),
    /broken\.yaml is the draft: mend it there and publish; or stop .* start it with --config again/,
  );
  await first.must('save-draft', { text: 'kind: Mine\n', base: null });
  first.client.close();
  await first.host.close();
  const second = await startHost(t, { dataDir, configPath });
  assert.match(second.said.join('\n'), /nothing published\. Your draft was left alone/);
});

test('[HOST18] a damaged store at a start of the control plane names the commands that replace it', async (t) => {
  let isDamaged = false;
  const sound = scriptedControlPlane({ head: 1, nodes: 2, asked: [] });
  const spawner = createScriptedSpawner({
    'control-plane': (child: ScriptedChild, command: ControlPlaneCommand) => {
      if (!isDamaged || command.type !== 'init') return sound(child, command);
      child.say({ type: 'fatal', reason: 'damaged', detail: 'The file is damaged.' });
      child.exit({ code: 1, signal: null, lastWords: null });
    },
  });
  const { must, client } = await startHost(t, { spawner });
  await must('kill-control-plane', {});
  isDamaged = true;
  const refused = await client.request('start-control-plane', {});
  assert.match(
    refused.ok ? '' : refused.error.detail,
    /damaged.*“holdfast restore FILE”.*reset”\.$/,
  );
});

test('[HOST19] what the full disk refuses is answered with its reason', async () => {
  const failures: string[] = [];
  const router = new RequestRouter({ 'set-staleness-budget': full } as never, (method) =>
    failures.push(method),
  );
  const budget = { lagRevisions: 1, lagMs: 1_000, unverifiedMs: 1_000 };
  const answer = await router.answer('set-staleness-budget', budget, new AbortController().signal);
  assert.equal(!answer.ok && answer.error.reason, 'storage-failed');
  assert.match(answer.ok ? '' : answer.error.detail, /disk is full.*Make room/);
  assert.deepEqual(failures, ['set-staleness-budget']);
});

test('[HOST19] events that the file would not take are listed, and written when it does', (t) => {
  const opened = openConsoleStore(join(scratchDirectory(t), 'console.sqlite'));
  assert.ok(opened.ok);
  const store = opened.value;
  t.after(() => store.close());
  let isFull = true;
  const events = new EventLog(
    { ...store, appendEvents: (all) => (isFull ? full() : store.appendEvents(all)) },
    () => 1,
  );
  for (const title of ['one', 'two', 'three']) events.add({ kind: 'note', title });
  const titles = (query: { before?: number; limit: number }) =>
    events.list(query).map((event) => event.title);
  assert.deepEqual(titles({ limit: 2 }), ['three', 'two']);
  assert.deepEqual(titles({ before: 3, limit: 9 }), ['two', 'one']);
  assert.deepEqual(store.events({ limit: 9 }), []);
  isFull = false;
  assert.deepEqual(titles({ limit: 9 }), ['three', 'two', 'one']);
  assert.equal(store.events({ limit: 9 }).length, 3);
});
