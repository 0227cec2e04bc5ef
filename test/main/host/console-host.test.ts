import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ConsoleEvent } from '../../../core/protocol/console-model.ts';
import { startConsoleHost } from '../../../main/host/console-host.ts';
import { scratchDirectory, startHost } from './host-fixture.ts';
import { createScriptedSpawner } from './scripted-spawner.ts';

test('[HOST1] the first run provisions the asked inventory and hands it to the simulator', async (t) => {
  const { must, spawner } = await startHost(t);
  const status = await must('get-status', {});
  assert.equal(status.fleet.inventory, 12);
  assert.equal(status.fleet.serving, 12);
  assert.equal(status.controlPlane.state, 'up');
  assert.equal(status.simulator.state, 'up');
  assert.equal(status.traffic.requestsPerSecond, 240);
  assert.equal(status.traffic.successRate, 1);
  const { events } = await must('list-events', { limit: 100 });
  assert.deepEqual(
    events.filter((event) => event.kind === 'alert-raised'),
    [],
    'coming up is no alert',
  );
  const [init] = spawner.last('simulator').received;
  assert.ok(typeof init === 'object' && init !== null && 'roster' in init);
  assert.equal(Array.isArray(init.roster) && init.roster.length, 12);
});

test('[HOST2] a config that is refused leaves a console with an empty head, and says why', async (t) => {
  const { must, said } = await startHost(t);
  assert.equal((await must('get-status', {})).head, null);
  assert.match(said.join('\n'), /not published: Refused by the script/);
  assert.equal((await must('get-config', {})).text, '');
});

test('[HOST13] a refused first config is the draft, and one event in words says so', async (t) => {
  const dataDir = scratchDirectory(t);
  const configPath = join(dataDir, 'broken.yaml');
  const run = async (fileText: string, draftText?: string) => {
    writeFileSync(configPath, fileText);
    const { must, client, host } = await startHost(t, { dataDir, configPath });
    const draft = await must('get-draft', {});
    const { events } = await must('list-events', { limit: 100 });
    if (draftText !== undefined) await must('save-draft', { text: draftText, base: null });
    client.close();
    await host.close();
    return { draft, warnings: events.filter((event) => event.severity === 'warning') };
  };
  const first = await run('kind: Broken\n');
  assert.equal(first.draft?.text, 'kind: Broken\n');
  assert.equal(first.draft.base, null);
  assert.deepEqual(
    first.warnings.map(({ kind, title }) => ({ kind, title })),
    [{ kind: 'publish-refused', title: 'broken.yaml refused: Refused by the script' }],
  );
  const again = await run('kind: StillBroken\n', 'kind: Edited\n');
  assert.equal(again.draft?.text, 'kind: StillBroken\n', 'the file is newer than its own draft');
  const edited = await run('kind: Broken\n');
  assert.equal(edited.draft?.text, 'kind: Edited\n', 'what a person wrote is left alone');
});

test('[HOST3] the kill is a kill: the control plane is down, by whom, until a person starts it', async (t) => {
  const { must, client, spawner } = await startHost(t);
  const before = await must('get-status', {});
  const { pid } = await must('kill-control-plane', {});
  assert.equal(pid, before.controlPlane.pid);
  const down = await must('get-status', {});
  assert.equal(down.controlPlane.state, 'down');
  assert.equal(down.controlPlane.reason, 'killed by you');
  assert.equal(down.fleet.serving, 12, 'the data plane does not notice');
  assert.deepEqual(
    down.alerts.map((alert) => alert.kind),
    ['control-plane-down'],
  );
  const again = await client.request('kill-control-plane', {});
  assert.equal(!again.ok && again.error.reason, 'not-running');
  await must('start-control-plane', {});
  assert.equal((await must('get-status', {})).controlPlane.state, 'up');
  assert.equal(spawner.children.filter((child) => child.module === 'control-plane').length, 2);
  const running = await client.request('start-control-plane', {});
  assert.equal(!running.ok && running.error.reason, 'already-running');
});

test('[HOST4] while the control plane is down publishing is refused and the draft is kept', async (t) => {
  const { must, client } = await startHost(t);
  await must('kill-control-plane', {});
  await must('save-draft', { text: 'kind: Draft\n', base: null });
  const refused = await client.request('publish', { text: 'kind: Draft\n', message: 'x' });
  assert.equal(!refused.ok && refused.error.reason, 'control-plane-down');
  assert.match(refused.ok ? '' : refused.error.detail, /draft is kept/);
  assert.equal((await must('get-draft', {}))?.text, 'kind: Draft\n');
  const listed = await must('list-revisions', { limit: 5 });
  assert.equal(listed.complete, false);
});

test('[HOST4] a draft outlives the console', async (t) => {
  const dataDir = scratchDirectory(t);
  const spawner = createScriptedSpawner();
  const first = await startHost(t, { dataDir, spawner });
  await first.must('save-draft', { text: 'kept: true\n', base: null });
  first.client.close();
  await first.host.close();
  const second = await startHost(t, { dataDir, spawner });
  assert.equal((await second.must('get-draft', {}))?.text, 'kept: true\n');
  assert.equal((await second.must('get-status', {})).fleet.inventory, 12);
});

test('[HOST5] requests that wait for a control plane that dies are answered, not forgotten', async (t) => {
  const { must, client, dataDir } = await startHost(t);
  // The script never answers a backup.
  const backup = client.request('backup', { path: join(dataDir, 'copy.sqlite') });
  await must('kill-control-plane', {});
  const answer = await backup;
  assert.equal(!answer.ok && answer.error.reason, 'control-plane-down');
});

test('[HOST6] a simulator that dies is started again, and its faults end with it', async (t) => {
  const { must, client, spawner } = await startHost(t);
  const fault = {
    kind: 'link-partition',
    target: { scope: 'cell', cell: 'eu-west' },
    durationMs: null,
  } as const;
  const active = await must('start-fault', { fault });
  assert.equal(active.nodes, 3);
  const events: ConsoleEvent[] = [];
  const isUpAgain = new Promise<void>((resolve) => {
    client.onItem('events', (items) => {
      events.push(...items);
      const exited = items.findIndex((event) => event.kind === 'process-exited');
      const all = events.slice(exited === -1 ? 0 : exited);
      const down = all.findIndex((e) => e.kind === 'process-exited' && e.subject === 'simulator');
      if (down < 0) return;
      if (all.slice(down).some((e) => e.kind === 'process-started')) resolve();
    });
  });
  client.subscribe(['events']);
  spawner.last('simulator').exit({ code: 1, signal: null, lastWords: 'TypeError: boom' });
  await isUpAgain;
  const status = await must('get-status', {});
  assert.equal(status.simulator.state, 'up');
  assert.deepEqual(status.faults, []);
  const exit = events.find((event) => event.kind === 'process-exited');
  assert.match(exit?.detail ?? '', /exited with code 1: TypeError: boom/);
});

test('[HOST6] without a simulator no node serves, and the clocks run on', async (t) => {
  const spawner = createScriptedSpawner({
    simulator: (child) => child.exit({ code: 1, signal: null, lastWords: null }),
  });
  const { must } = await startHost(t, { spawner });
  const { fleet } = await must('get-status', {});
  assert.equal(fleet.inventory, 12);
  assert.equal(fleet.serving, 0);
});

test('[HOST7] resizing and retiring change the inventory and the simulator’s roster', async (t) => {
  const { must, client, spawner } = await startHost(t);
  assert.equal((await must('resize-fleet', { nodes: 15 })).nodes, 15);
  const [node] = (await must('list-nodes', {})).nodes;
  assert.ok(node);
  assert.equal((await must('retire-node', { nodeId: node.nodeId })).nodes, 14);
  const rosters = spawner
    .last('simulator')
    .received.filter((message) => JSON.stringify(message).includes('set-roster'));
  assert.equal(rosters.length, 2);
  const unknown = await client.request('retire-node', { nodeId: node.nodeId });
  assert.equal(!unknown.ok && unknown.error.reason, 'unknown-node');
});

test('[HOST8] a reset deletes what both planes kept and begins anew; the log stays', async (t) => {
  const { must, dataDir } = await startHost(t);
  await must('resize-fleet', { nodes: 20 });
  await must('save-draft', { text: 'x', base: null });
  writeFileSync(join(dataDir, 'control-plane', 'left.txt'), 'x');
  mkdirSync(join(dataDir, 'snapshot-store'), { recursive: true });
  writeFileSync(join(dataDir, 'snapshot-store', 'head.snapshot'), 'x');
  const spawnedBefore = (await must('get-status', {})).controlPlane.pid;
  await must('reset', {});
  const status = await must('get-status', {});
  assert.notEqual(status.controlPlane.pid, spawnedBefore);
  assert.equal(status.draft, null);
  assert.equal(existsSync(join(dataDir, 'control-plane', 'left.txt')), false);
  assert.equal(existsSync(join(dataDir, 'snapshot-store', 'head.snapshot')), false);
  const { events } = await must('list-events', { limit: 100 });
  assert.ok(events.some((event) => event.kind === 'reset'));
  assert.ok(
    events.some((event) => event.kind === 'fleet-resized'),
    'what was before the reset',
  );
});

test('[DUMP8] a first run empties the snapshot store of another history; a later start leaves it', async (t) => {
  const dataDir = scratchDirectory(t);
  const file = join(dataDir, 'snapshot-store', 'head.snapshot');
  mkdirSync(join(dataDir, 'snapshot-store'));
  writeFileSync(file, 'x');
  const { must, spawner } = await startHost(t, { dataDir });
  assert.equal(existsSync(file), false);
  const told = (module: 'control-plane' | 'simulator') =>
    JSON.stringify(spawner.last(module).received);
  const directory = JSON.stringify(join(dataDir, 'snapshot-store'));
  assert.ok(told('control-plane').includes(`"snapshotStore":{"directory":${directory}`));
  assert.ok(told('simulator').includes(`"snapshotStore":{"directory":${directory}`));
  mkdirSync(join(dataDir, 'snapshot-store'), { recursive: true });
  writeFileSync(file, 'x');
  await must('kill-control-plane', {});
  await must('start-control-plane', {});
  assert.equal(existsSync(file), true);
});

test('[HOST9] a file that is no backup is refused before anything is stopped', async (t) => {
  const { must, client, dataDir } = await startHost(t);
  const path = join(dataDir, 'not-a-backup');
  writeFileSync(path, 'x'.repeat(200));
  const before = (await must('get-status', {})).controlPlane;
  const refused = await client.request('restore', { path });
  assert.equal(!refused.ok && refused.error.reason, 'file-failed');
  assert.equal((await must('get-status', {})).controlPlane.pid, before.pid);
});

test('[HOST10] a second console on the same directory is refused with the first one’s address', async (t) => {
  const { host, dataDir, spawner } = await startHost(t);
  const second = await startConsoleHost({
    dataDir,
    port: 0,
    nodes: 1,
    cells: 1,
    seed: 1,
    configPath: null,
    rendererDir: dataDir,
    spawner,
    log: () => {},
  });
  assert.equal(!second.ok && second.error.reason, 'in-use');
  assert.ok(!second.ok && second.error.detail.includes(host.url));
  assert.ok(!second.ok && second.error.detail.includes(String(process.pid)));
});

test('[HOST11] the announcement is its owner’s alone and goes with the console', async (t) => {
  const { host, client, dataDir } = await startHost(t);
  const path = join(dataDir, 'console.json');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const announced: unknown = JSON.parse(readFileSync(path, 'utf8'));
  assert.ok(typeof announced === 'object' && announced !== null && 'token' in announced);
  assert.equal(announced.token, host.token);
  client.close();
  await host.close();
  assert.equal(existsSync(path), false);
});

test('[HOST12] a directory or file that cannot be used is one plain sentence', async (t) => {
  const scratch = scratchDirectory(t);
  const file = join(scratch, 'file');
  writeFileSync(file, 'x');
  const damaged = scratchDirectory(t);
  writeFileSync(join(damaged, 'console.sqlite'), 'garbage'.repeat(100));
  for (const [dataDir, reason] of [
    [file, 'open-failed'],
    ['/proc/holdfast', 'open-failed'],
    [damaged, 'damaged'],
  ] as const) {
    const started = await startConsoleHost({
      dataDir,
      port: 0,
      nodes: 1,
      cells: 1,
      seed: 1,
      configPath: null,
      rendererDir: scratch,
      spawner: createScriptedSpawner(),
      log: () => {},
    });
    assert.equal(!started.ok && started.error.reason, reason, dataDir);
    assert.ok(!started.ok && /^[^\n]+\.$/.test(started.error.detail), dataDir);
  }
});
