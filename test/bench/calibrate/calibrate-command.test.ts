import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';

const ENTRY = join(import.meta.dirname, '../../../bench/calibrate/main.ts');
const KEPT = join(import.meta.dirname, '../../../simulator/twin/fitted-service-times.ts');

test('[CALIB9] what the calibration does not know it refuses with exit 2, and measures nothing', async () => {
  const child = spawn(process.execPath, [ENTRY, '--wirte'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [child.stdout, child.stderr].map(async (pipe) => (await pipe.toArray()).join(''));
  const [code] = await once(child, 'exit');
  assert.equal(code, 2);
  assert.deepEqual(await Promise.all(said), ['', 'usage: npm run calibrate [-- --write]\n']);
});

test('[CALIB9] a calibration that is stopped keeps nothing and leaves no file and no process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  const kept = readFileSync(KEPT, 'utf8');
  try {
    const child = spawn(process.execPath, [ENTRY, '--write'], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += String(chunk);
      // The planes of the first fleet are being started.
      if (said.includes('heartbeats') && !said.includes('stopped')) child.kill('SIGTERM');
    });
    // The pipe ends with the last process that holds it.
    const ended = child.stdout.toArray();
    const [code] = await once(child, 'exit');
    assert.equal(code, 1);
    assert.deepEqual(await ended, []);
    assert.match(said, /stopped; nothing was kept\n$/);
    assert.deepEqual(readdirSync(folder), []);
    assert.equal(readFileSync(KEPT, 'utf8'), kept);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
