import assert from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startConsoleHost } from '../../../main/host/console-host.ts';
import { scratchDirectory, startHost } from './host-fixture.ts';
import { createScriptedSpawner, type ScriptedSpawner } from './scripted-spawner.ts';

/** Just what tells a control plane's file from any other. */
function storeHeader(): Buffer {
  const header = Buffer.alloc(100);
  header.write('SQLite format 3\0', 0, 'latin1');
  header.write('HFST', 68, 'latin1');
  return header;
}

function spawnedPlanes(spawner: ScriptedSpawner): number {
  return spawner.children.filter((child) => child.module === 'control-plane').length;
}

test('[HOST-LOST] a file that is gone or empty is not replaced: down, with what to do, the fleet kept', async (t) => {
  const { must, client, spawner, dataDir } = await startHost(t);
  const path = join(dataDir, 'control-plane', 'control-plane.sqlite');
  await must('kill-control-plane', {});
  for (const lose of [() => rmSync(path), () => writeFileSync(path, '')]) {
    lose();
    const refused = await client.request('start-control-plane', {});
    assert.equal(!refused.ok && refused.error.reason, 'storage-failed');
    assert.match(refused.ok ? '' : refused.error.detail, /sqlite is (missing|empty); restore a ba/);
    assert.equal(spawnedPlanes(spawner), 1, 'none was started');
    const { controlPlane, fleet, alerts } = await must('get-status', {});
    assert.equal(controlPlane.state, 'down');
    assert.match(controlPlane.reason ?? '', /control-plane\.sqlite is .*holdfast reset/);
    assert.equal(fleet.inventory, 12);
    assert.equal(fleet.serving, 12);
    const [alert] = alerts;
    assert.equal(alert?.kind, 'control-plane-down');
    assert.doesNotMatch(alert.detail, /\.\./);
  }
  rmSync(path);
  const backup = join(dataDir, 'backup.sqlite');
  writeFileSync(backup, storeHeader());
  await must('restore', { path: backup });
  assert.equal((await must('get-status', {})).controlPlane.state, 'up');
});

test('[HOST-LOST] the file can be gone before the console starts, and a reset begins anew', async (t) => {
  const dataDir = scratchDirectory(t);
  const first = await startHost(t, { dataDir });
  first.client.close();
  await first.host.close();
  rmSync(join(dataDir, 'control-plane'), { recursive: true });
  const { must, said, spawner } = await startHost(t, { dataDir, nodes: 5 });
  const { controlPlane, fleet } = await must('get-status', {});
  assert.equal(controlPlane.state, 'down');
  assert.equal(fleet.inventory, 12);
  assert.equal(fleet.serving, 12, 'the simulator has its roster');
  assert.match(said.join('\n'), /control-plane\.sqlite is missing/);
  assert.equal(spawnedPlanes(spawner), 0);
  assert.equal((await must('reset', {})).nodes, 12);
  assert.equal((await must('get-status', {})).controlPlane.state, 'up');
});

test('[HOST-OBSTACLE] a control plane that cannot even be tried is down, with the reason', async (t) => {
  const dataDir = scratchDirectory(t);
  writeFileSync(join(dataDir, 'control-plane'), 'a file');
  const { must, client, said } = await startHost(t, { dataDir });
  const { controlPlane, alerts } = await must('get-status', {});
  assert.equal(controlPlane.state, 'down');
  assert.match(controlPlane.reason ?? '', /a file is in its place/);
  assert.match(said.join('\n'), /a file is in its place/);
  assert.ok(alerts.some((alert) => alert.kind === 'control-plane-down'));
  const refused = await client.request('start-control-plane', {});
  assert.equal(!refused.ok && refused.error.reason, 'storage-failed');
});

test('[HOST-STORE] a store that cannot be used ends the start, and later only the control plane', async (t) => {
  const dataDir = scratchDirectory(t);
  const first = await startHost(t, { dataDir });
  first.client.close();
  await first.host.close();
  // The console's own memory is lost as well: no roster may reach the simulator then.
  rmSync(join(dataDir, 'console.sqlite'));
  const spawner = createScriptedSpawner({
    'control-plane': (child) => {
      child.say({ type: 'fatal', reason: 'newer-version', detail: 'The file is newer.' });
      child.exit({ code: 1, signal: null, lastWords: null });
    },
  });
  const log: string[] = [];
  const started = await startConsoleHost({
    dataDir,
    port: 0,
    nodes: 3,
    cells: 1,
    seed: 1,
    configPath: null,
    rendererDir: dataDir,
    spawner,
    log: (line) => log.push(line),
  });
  assert.equal(!started.ok && started.error.reason, 'newer-version');
  assert.equal(started.ok ? '' : started.error.detail, 'The file is newer.');
  assert.deepEqual(log, [], 'said once');
  assert.equal(existsSync(join(dataDir, 'console.json')), false);
  assert.deepEqual(spawner.last('simulator').received, [{ type: 'shut-down' }]);
});
