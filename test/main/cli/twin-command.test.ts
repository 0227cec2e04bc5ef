import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../../support/console-process.ts';
import { scratchDirectory } from '../host/host-fixture.ts';

const ROOT = join(import.meta.dirname, '../../..');

test('[TWIN21] the command prints a report, and the same one again; JSON holds every figure', async () => {
  const args = ['twin', '--nodes', '12', '--cells', '2', '--for', '2m', '--publish-every', '50s'];
  const text = await runCli(args);
  assert.equal(text.code, 0);
  assert.equal(text.stderr, '');
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
    [['--faults', broken], /The faults cannot be read: this is not JSON/],
    [['--faults', faults], /Fault 1 is for a node or cell that this fleet does not have/],
    [['--why', 'eu-west/none'], /This fleet has no node eu-west\/none/],
  ] as const) {
    const { code, stdout, stderr } = await runCli(['twin', ...args]);
    assert.equal(code, 2, args.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, why);
  }
});
