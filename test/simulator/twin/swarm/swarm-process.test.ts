import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { type TestContext, test } from 'node:test';

const SWARM = join(import.meta.dirname, '../../../../simulator/twin/swarm/main.ts');

function start(t: TestContext, args: readonly string[]) {
  const child = spawn(process.execPath, [SWARM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    said.err += String(chunk);
  });
  return { child, said, closed: once(child, 'close') };
}

test('[SWARM6] seeds that hold are exit 0, with figures in JSON when asked for', async (t) => {
  const { said, closed } = start(t, ['--seeds', '3', '--from', '11', '--json']);
  assert.deepEqual(await closed, [0, null]);
  const report = JSON.parse(said.out);
  assert.equal(report.ran, 3);
  assert.equal(report.from, 11);
  assert.deepEqual(report.failures, []);
  assert.ok(report.seedsPerMinute > 0);
});

test('[SWARM6] bad input is one sentence, the usage and exit 2, before anything is run', async (t) => {
  for (const [args, why] of [
    [['--seeds', '0'], /--seeds is a whole number from 1/],
    [['--from', '-1'], /--from/],
    [['--only', '1;2'], /--only is/],
    [['--only', '1', '--seeds', '2'], /--only is for one seed/],
    [['--bogus'], /Unknown option/],
  ] as const) {
    const { said, closed } = start(t, args);
    assert.deepEqual(await closed, [2, null]);
    assert.equal(said.out, '');
    assert.match(said.err, why);
    assert.match(said.err, /usage: npm run swarm/);
  }
});

test('[SWARM6] a run that is told to stop reports what was done by then, with exit 1', async (t) => {
  const { child, said, closed } = start(t, ['--seeds', '10000000']);
  // Said once signals are heard.
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  assert.deepEqual(await closed, [1, null]);
  assert.match(said.out, /^Seeds 1 to 10000000\. Ctrl-C ends/);
  assert.match(said.out, /Stopped before the end\.\n\d+ of 10000000 seeds/);
  assert.doesNotMatch(said.out, /FAILED/);
});
