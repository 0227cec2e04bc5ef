import assert from 'node:assert/strict';
import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli, startConsole } from '../../support/console-process.ts';
import { scratchDirectory } from '../host/host-fixture.ts';

/** Where SQLite's file format keeps `user_version`. */
const USER_VERSION_OFFSET = 60;

test('[HOST-STORE] [HOST-LOST] a store of a newer version, damaged or gone: refused, refused, kept waiting', async (t) => {
  const dataDir = scratchDirectory(t);
  const path = join(dataDir, 'control-plane', 'control-plane.sqlite');
  const backup = join(dataDir, 'backup.sqlite');
  const first = await startConsole({ dataDir, args: ['--nodes', '4'] });
  t.after(() => first.stop());
  const serveAll = ({ fleet }: { fleet: { serving: number } }) => fleet.serving === 4;
  await first.until('all serve', serveAll);
  assert.equal((await first.cli('backup', backup)).code, 0);
  await first.stop({ keepData: true });

  const serve = ['serve', '--data', dataDir, '--no-open', '--port', '0'];
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.from([0, 0, 3, 231]), 0, 4, USER_VERSION_OFFSET);
  closeSync(file);
  const newer = await runCli(serve);
  assert.deepEqual([newer.code, newer.stdout], [1, '']);
  assert.match(newer.stderr, /^\S+control-plane\.sqlite was written by a newer Holdfast .*\.\n$/);
  writeFileSync(path, 'garbage '.repeat(1_000));
  const damaged = await runCli(serve);
  assert.deepEqual([damaged.code, damaged.stdout], [1, '']);
  assert.match(damaged.stderr, /^\S+control-plane\.sqlite is damaged.*holdfast reset”\.\n$/);

  rmSync(path);
  const second = await startConsole({ dataDir });
  t.after(() => second.stop());
  const kept = await second.until('the nodes serve from their disks', serveAll);
  assert.equal(kept.controlPlane.state, 'down');
  assert.equal(kept.head?.revision, 1);
  writeFileSync(path, 'garbage '.repeat(1_000));
  assert.match((await second.cli('control-plane', 'start')).stderr, /is damaged/);
  assert.equal((await second.cli('restore', backup)).code, 0);
  const restored = await second.until('r1 again', ({ fleet }) => fleet.acknowledged === 4);
  assert.equal(restored.controlPlane.state, 'up');
  // Ended in the middle, its log is left beside a database that is gone.
  await second.cli('control-plane', 'kill');
  rmSync(path);
  assert.equal((await second.cli('control-plane', 'start')).code, 1);
  assert.equal((await second.cli('restore', backup)).code, 0);
  await second.until('r1 once more', ({ fleet }) => fleet.acknowledged === 4);
  assert.equal((await second.cli('reset')).code, 0);
});
