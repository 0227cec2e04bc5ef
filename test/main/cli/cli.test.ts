import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli, startConsole } from '../../support/console-process.ts';
import { scratchDirectory } from '../host/host-fixture.ts';

test('[CLI1] wrong usage ends with 2 and the usage line', async () => {
  for (const args of [
    ['fleet', 'resize', 'many'],
    ['fleet', 'resize'],
    ['nodes', '--bogus'],
    ['publish', '-f', 'x.yaml'],
    ['node', 'restart', '../x'],
    ['diff', '1', 'two'],
    ['serve', '--port', '99999'],
    ['bogus'],
  ]) {
    const { code, stderr, stdout } = await runCli(args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, /Usage: holdfast/, args.join(' '));
    assert.equal(stdout, '');
  }
});

test('[CLI2] without a console it ends with 1 and says how to start one', async (t) => {
  const dataDir = scratchDirectory(t);
  writeFileSync(
    join(dataDir, 'console.json'),
    JSON.stringify({ url: 'http://127.0.0.1:9', token: 'x', pid: 1, startedAtMs: 1 }),
  );
  for (const data of [dataDir, join(dataDir, 'nothing')]) {
    const { code, stderr } = await runCli(['status', '--data', data]);
    assert.equal(code, 1);
    assert.match(stderr, /holdfast serve --data/);
    assert.doesNotMatch(stderr, /\n {4}at /);
  }
});

test('[CLI3] the story by command line: publish, kill, refused, start, back up, restore, adopt', async (t) => {
  const console = await startConsole({ args: ['--nodes', '12', '--cells', '2'] });
  t.after(() => console.stop());
  const { cli, until, dataDir } = console;
  const converged = (revision: number) =>
    until(
      `r${revision} everywhere`,
      ({ head, fleet }) => head?.revision === revision && fleet.acknowledged === 12,
    );
  await converged(1);
  const text = (await console.must('get-config', {})).text;
  const changed = join(dataDir, 'changed.yaml');
  writeFileSync(changed, text.replace('port: 80', 'port: 81'));

  const status = JSON.parse((await cli('status', '--json')).stdout) as Record<string, object>;
  for (const [name, members] of Object.entries({
    controlPlane: ['state', 'sinceMs', 'pid'],
    head: ['revision', 'rootHash'],
    fleet: ['inventory', 'serving', 'acknowledged', 'connected', 'behind'],
    staleness: ['lagRevisionsMax', 'unverifiedMsMax', 'budget'],
    traffic: ['requestsPerSecond', 'successRate'],
  })) {
    for (const member of members) assert.ok(member in (status[name] ?? {}), `${name}.${member}`);
  }
  assert.ok(Array.isArray(status.alerts));

  const backup = join(dataDir, 'backup.sqlite');
  assert.equal((await cli('backup', backup)).code, 0);
  assert.equal((await cli('backup', backup)).code, 1, 'a file that exists is not overwritten');
  assert.equal((await cli('publish', '-f', changed, '-m', 'another port')).code, 0);
  await converged(2);
  assert.match((await cli('diff', '1', 'r2')).stdout, /^~ Gateway\/.*\n.*80 → 81/);

  assert.equal((await cli('control-plane', 'kill')).code, 0);
  const refused = await cli('publish', '-f', changed, '-m', 'x');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /control plane is down/);
  assert.match((await cli('history')).stdout, /r2 .*another port/);
  assert.equal((await cli('control-plane', 'start')).code, 0);

  assert.equal((await cli('restore', backup)).code, 0);
  assert.ok(existsSync(join(dataDir, 'control-plane', 'control-plane.sqlite.before-restore')));
  await until('the fleet is known to be ahead', ({ fleet }) => fleet.ahead === 12);
  const ahead = await console.status();
  assert.equal(ahead.fleet.serving, 12);
  assert.equal(ahead.head?.revision, 1);
  assert.equal((await cli('adopt')).code, 0);
  await until('adopted', ({ fleet }) => fleet.ahead === 0 && fleet.acknowledged === 12);
  assert.equal((await console.must('get-config', {})).text.includes('port: 81'), true);
  assert.equal((await cli('rollback', '1')).code, 0);

  const bad = join(dataDir, 'bad.yaml');
  writeFileSync(bad, text.replace('port: 80', 'port: 808080'));
  const invalid = await cli('publish', '-f', bad, '-m', 'x');
  assert.equal(invalid.code, 1);
  assert.match(invalid.stderr, /bad\.yaml:\d+:\d+: .*808080/);
});

test('[CLI4] a second console, and a signal: refused in one sentence, stopped in order', async (t) => {
  const console = await startConsole({ args: ['--nodes', '4'] });
  t.after(() => console.stop());
  const second = await runCli(['serve', '--data', console.dataDir, '--no-open']);
  assert.equal(second.code, 1);
  assert.match(second.stderr, new RegExp(`process ${console.pid}, ${console.url}`));
  await console.stop({ keepData: true, signal: 'SIGTERM' });
  assert.equal(existsSync(join(console.dataDir, 'console.json')), false);
});
