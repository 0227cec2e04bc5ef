import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runCommand } from '../../../main/cli/run-command.ts';
import { twin } from '../../../main/cli/twin-command.ts';
import { runCli } from '../../support/console-process.ts';
import { scratchDirectory } from '../host/host-fixture.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CLI = join(ROOT, 'main/cli/main.ts');

/** Runs a command until it says that it can be ended, and sends it a signal, as a terminal does. */
async function interrupted(t: TestContext, args: readonly string[], signal: 'SIGINT' | 'SIGTERM') {
  const child = spawn(process.execPath, [CLI, 'twin', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  const closed = once(child, 'close');
  const [said] = await once(child.stderr, 'data');
  assert.match(String(said), /^Running\. Ctrl-C ends it and reports what was done by then\.\n$/);
  child.kill(signal);
  const [code] = await closed;
  return { code, stdout };
}

test('[TWIN23] Ctrl-C ends the command, which reports what was done by then, with exit 1', async (t) => {
  const { code, stdout } = await interrupted(t, ['--for', '300d', '--nodes', '20'], 'SIGINT');
  assert.equal(code, 1);
  assert.match(stdout, /^Stopped after .* of 20 nodes in 4 cells, seed 1/);
  assert.match(stdout, /Trace hash [0-9a-f]{16}/);
});

test('[PAIR6] so it does with two runs side by side, in JSON', async (t) => {
  const args = ['--for', '300d', '--nodes', '20', '--against', 'heartbeat=5s', '--json'];
  const { code, stdout } = await interrupted(t, args, 'SIGTERM');
  assert.equal(code, 1);
  const pair = JSON.parse(stdout);
  assert.equal(pair.first.isWhole, false);
  assert.equal(pair.second.isWhole, false);
  assert.ok(pair.parting.atMs > 0);
});

test('[PAIR6] the command prints two runs side by side with their difference; JSON holds every figure', async () => {
  const args = ['twin', '--nodes', '12', '--cells', '2', '--for', '70s', '--publish-every', '1m'];
  const pairing = [...args, '--set', 'heartbeat=4s', '--against', 'heartbeat=8s,link-latency=2ms'];
  const text = await runCli(pairing);
  assert.equal(text.code, 0);
  for (const line of [
    /^Ran 1:10 min of 12 nodes in 2 cells, seed 1, under two settings/,
    /^first +heartbeat=4s, link-latency=1ms; trace hash [0-9a-f]{16}$/m,
    /^second +heartbeat=8s, link-latency=2ms; trace hash [0-9a-f]{16}$/m,
    /^They part at \d+\.\d ms \(/m,
    /^published +reached +T50 +T95 +T99 +T100 +bytes$/m,
    /^ +difference +same +\+2\.0 ms /m,
    /^ +first +second +difference$/m,
    /^full pushes +12 +12 +same$/m,
    /^control plane busy +[\d.]+ ms +[\d.]+ ms +−[\d.]+ ms$/m,
  ]) {
    assert.match(text.stdout, line);
  }
  const json = await runCli([...pairing, '--json']);
  assert.equal(json.code, 0);
  const pair = JSON.parse(json.stdout);
  assert.deepEqual(Object.keys(pair), [
    'first',
    'second',
    'parting',
    'figures',
    'publishes',
    'wallMs',
  ]);
  assert.equal(pair.first.settings.heartbeatMs, 4_000);
  assert.equal(pair.second.settings.linkLatencyUs, 2_000);
  assert.equal(pair.publishes.length, 2);
  // The first run is the one that these settings give alone.
  const alone = JSON.parse((await runCli([...args, '--set', 'heartbeatMs=4000', '--json'])).stdout);
  assert.equal(alone.traceHash, pair.first.traceHash);
});

test('[TWIN21] the command prints a report, and the same one again; JSON holds every figure', async () => {
  const args = ['twin', '--nodes', '12', '--cells', '2', '--for', '2m', '--publish-every', '50s'];
  const text = await runCli(args);
  assert.equal(text.code, 0);
  // A slow machine is told how to end it.
  assert.match(text.stderr, /^(?:Running\. Ctrl-C ends it[^\n]*\n)?$/);
  assert.match(text.stdout, /^Ran 2:00 min of 12 nodes in 2 cells, seed 1/);
  const hash = /Trace hash ([0-9a-f]{16})/.exec(text.stdout)?.[1];
  const { code, stdout } = await runCli([
    ...args,
    '--json',
    '--why',
    'eu-west/edge-0001',
    '--at',
    '1m',
  ]);
  assert.equal(code, 0);
  const report = JSON.parse(stdout);
  assert.equal(report.traceHash, hash);
  assert.equal(report.isWhole, true);
  assert.equal(report.publishes.length, 3);
  assert.equal(report.end.onTarget, 12);
  assert.match(report.why[0], /which was the newest/);
});

test('[TWIN22] bad input is one sentence and exit 2, before anything is run', async (t) => {
  const directory = scratchDirectory(t);
  const faults = join(directory, 'faults.json');
  writeFileSync(
    faults,
    '[{"atMs":1,"fault":{"kind":"link-reset","target":{"scope":"cell","cell":"x"}}}]',
  );
  const utf16 = join(directory, 'utf16.json');
  writeFileSync(utf16, Buffer.from('\uFEFF[]', 'utf16le'));
  const broken = join(ROOT, 'examples/broken.yaml');
  for (const [args, why] of [
    [['--nodes', '0'], /--nodes takes a whole number from 1 to 20,000, not “0”/],
    [['--nodes', '2', '--cells', '3'], /--cells 3 is more than the fleet has nodes/],
    [['--for', '10'], /--for takes a length of time/],
    [['--for', '400d'], /too long/],
    [['--seed', '-1'], /--seed|ambiguous/],
    [['--publish-every', '10ms'], /too short/],
    [['--for', '300d', '--publish-every', '1s'], /at most 2,000 times/],
    [['--at', '1m'], /--at needs --why/],
    [['--config', join(directory, 'none')], /there is no such file/],
    [['--config', broken], /The config was refused\. The config has 5 errors/],
    [
      ['--faults', broken],
      /^--faults \S*broken\.yaml: The faults cannot be read: this is not JSON/,
    ],
    [['--faults', faults], /^--faults \S*faults\.json: Fault 1 is for a node or cell that this/],
    [
      ['--faults', faults, '--against', 'heartbeat=5s'],
      /^--faults \S*faults\.json: Fault 1 is for/,
    ],
    [['--faults', utf16], /^--faults \S*utf16\.json:1: this is a binary file/],
    [['--why', 'eu-west/none'], /This fleet has no node eu-west\/none/],
  ] as const) {
    const result = await runCommand(twin, args);
    assert.ok(!result.ok, args.join(' '));
    assert.equal(result.error.exit, 2);
    assert.match(result.error.detail, why);
  }
  const { code, stdout, stderr } = await runCli(['twin', '--faults', faults]);
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /^--faults \S+: Fault 1 is for a node [^\n]*\nUsage: holdfast twin/m);
});

test('[TWIN41] a faults file may begin with a mark, and an instant may have thousandths of a second', async (t) => {
  const faults = join(scratchDirectory(t), 'marked.json');
  writeFileSync(faults, '\uFEFF[{"atMs":1000,"fault":{"kind":"store-lost"}}]');
  const args = ['--nodes', '2', '--cells', '1', '--for', '3s', '--faults', faults, '--json'];
  const result = await runCommand(twin, [
    ...args,
    '--why',
    'eu-west/edge-0001',
    '--at',
    '0m2.001s',
  ]);
  assert.ok(result.ok);
  assert.match(JSON.parse(result.value.text).why[0], /^At 0:02\.001 /);
});
