import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { refusalHeadline } from '../../../main/host/first-config.ts';
import { runCli, startConsole } from '../../support/console-process.ts';
import { scratchDirectory } from '../host/host-fixture.ts';

const CLI = join(import.meta.dirname, '../../../main/cli/main.ts');

test('[CLI1] wrong usage ends with 2 and the usage line', async () => {
  for (const args of [
    ['fleet', 'resize', 'many'],
    ['fleet', 'resize'],
    ['nodes', '--bogus'],
    ['publish', '-f', 'x.yaml'],
    ['node', 'restart', '../x'],
    ['diff', '1', 'two'],
    ['history', '--limit', 'r5'],
    ['rollback', '1', '-m', ''],
    ['rollback', '1', '-m', 'x'.repeat(2_001)],
    ['publish', '-f', 'x.yaml', '-m', 'x'.repeat(2_001)],
    ['status', '--data', ''],
    ['serve', '--data', ''],
    ['serve', '--port', '99999'],
    ['bogus'],
  ]) {
    const { code, stderr, stdout } = await runCli(args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, /Usage: holdfast/, args.join(' '));
    assert.equal(stdout, '');
  }
});

test('[CLI1] a command that does not exist is named without its options', async (t) => {
  const dataDir = scratchDirectory(t);
  assert.match((await runCli(['float', '--data', dataDir])).stderr, /no command float\.\n/);
  assert.match((await runCli(['a', 'b', 'c'])).stderr, /no command a b\.\n/);
  assert.match((await runCli(['--json', 'status'])).stderr, /comes first, before --json\.\n/);
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

test('[CLI7] [CLI8] standard input is checked like a file, and an empty text must be meant', async (t) => {
  const console = await startConsole({ args: ['--nodes', '4'] });
  t.after(() => console.stop());
  const { dataDir, cli, until } = console;
  await until('r1', ({ head }) => head?.revision === 1);
  const publish = ['publish', '-f', '-', '-m', 'by pipe', '--data', dataDir];
  const text = (await console.must('get-config', {})).text.replace('port: 80', 'port: 81');

  const late = await runWithInput(publish, ({ stdin }) => {
    stdin.write(text.slice(0, 1_000), () => stdin.end(text.slice(1_000)));
  });
  assert.deepEqual([late.code, late.stderr], [0, '']);
  assert.match((await console.must('get-config', {})).text, /port: 81/);

  const notText = await runWithInput(publish, ({ stdin }) => stdin.end(Buffer.from([0x61, 0xff])));
  assert.deepEqual(
    [notText.code, notText.stderr],
    [1, 'standard input:1: the file is not UTF-8 text.\n'],
  );
  const binary = await runWithInput(publish, ({ stdin }) => stdin.end('a\n\0'));
  assert.deepEqual([binary.code, binary.stderr], [1, 'standard input:2: this is a binary file.\n']);

  const endless = await runWithInput(publish, ({ stdin }) => {
    const comments = '#'.repeat(1024 * 1024);
    const more = () => stdin.write(comments, (error) => (error == null ? more() : undefined));
    more();
  });
  assert.equal(endless.code, 1);
  assert.match(endless.stderr, /^standard input:1: .* over 8 MiB/);

  const empty = join(dataDir, 'empty.yaml');
  writeFileSync(empty, '# nothing\n---\n');
  const refused = await cli('publish', '-f', empty, '-m', 'x');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /empty\.yaml holds no document.*--allow-empty/);
  assert.equal((await console.status()).head?.revision, 2);
  assert.equal((await cli('publish', '-f', empty, '-m', 'x', '--allow-empty')).code, 0);
  assert.equal((await console.must('get-config', {})).text, '');
});

test('[CLI9] a console that cannot start says why in one line', async (t) => {
  const dataDir = scratchDirectory(t);
  for (const name of ['console.json', 'console.json.new']) mkdirSync(join(dataDir, name));
  const { code, stderr, stdout } = await runCli(['serve', '--data', dataDir, '--no-open']);
  assert.equal(code, 1);
  assert.match(stderr, /^\S.*\S\n$/);
  assert.equal(stdout, '');
});

test('[CLI10] an address that cannot be read is told apart from none', async (t) => {
  const dataDir = scratchDirectory(t);
  mkdirSync(join(dataDir, 'console.json'));
  const { code, stderr } = await runCli(['status', '--data', dataDir]);
  assert.equal(code, 1);
  assert.match(stderr, /console\.json cannot be read \(EISDIR\)/);
  assert.doesNotMatch(stderr, /No console runs/);
  assert.deepEqual(readdirSync(dataDir), ['console.json']);
});

test('[CLI11] where problems are listed, the first one is told once', () => {
  const problem = { code: 'x', pointer: '', column: 1, resource: null };
  const problems = [
    { ...problem, severity: 'warning', line: 1, message: 'Odd.' },
    { ...problem, severity: 'error', line: 3, message: 'The port is too large.' },
  ] as const;
  const detail = 'The config has one error: line 3: The port is too large.';
  assert.equal(refusalHeadline({ detail, problems }), 'The config has one error.');
  assert.equal(refusalHeadline({ detail }), detail);
  assert.equal(refusalHeadline({ detail: 'Rebase it.', problems }), 'Rebase it.');
});

/** Runs a command to its end, with somebody at the other end of its standard input. */
async function runWithInput(
  args: readonly string[],
  feed: (child: ChildProcessWithoutNullStreams) => unknown,
): Promise<{ code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [CLI, ...args]);
  // A command that has read enough closes its end.
  child.stdin.on('error', () => {});
  child.stdout.resume();
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const closed = once(child, 'close');
  await feed(child);
  const [code] = await closed;
  return { code: typeof code === 'number' ? code : null, stderr };
}
