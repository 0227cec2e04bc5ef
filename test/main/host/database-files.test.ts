import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { KEPT_DATABASES_MAX, swapDatabase } from '../../../main/host/database-files.ts';
import { scratchDirectory } from './host-fixture.ts';

function must(swapped: ReturnType<typeof swapDatabase>) {
  if (!swapped.ok) throw new Error(swapped.error.detail);
  return swapped.value;
}

test('[RESTORE1] what a restore replaced can itself be put back, again and again', (t) => {
  const directory = scratchDirectory(t);
  const target = join(directory, 'db');
  const backup = join(directory, 'backup');
  writeFileSync(target, 'new');
  writeFileSync(backup, 'old');
  const first = must(swapDatabase(target, backup));
  assert.equal(readFileSync(target, 'utf8'), 'old');
  const back = must(swapDatabase(target, first.keptAs));
  assert.equal(readFileSync(target, 'utf8'), 'new');
  assert.equal(readFileSync(first.keptAs, 'utf8'), 'new', 'its source is left alone');
  assert.notEqual(back.keptAs, first.keptAs);
  assert.equal(readFileSync(back.keptAs, 'utf8'), 'old');
});

test('[RESTORE1] the log beside a database goes with it, in and out', (t) => {
  const directory = scratchDirectory(t);
  const target = join(directory, 'db');
  const backup = join(directory, 'backup');
  for (const [path, text] of [
    [target, 'new'],
    [`${target}-wal`, 'new log'],
    [`${target}-shm`, 'new index'],
    [backup, 'old'],
    [`${backup}-wal`, 'old log'],
  ] as const) {
    writeFileSync(path, text);
  }
  const { keptAs, undo } = must(swapDatabase(target, backup));
  assert.equal(readFileSync(`${target}-wal`, 'utf8'), 'old log');
  assert.equal(existsSync(`${target}-shm`), false);
  assert.equal(readFileSync(`${keptAs}-wal`, 'utf8'), 'new log');
  undo();
  assert.equal(readFileSync(target, 'utf8'), 'new');
  assert.equal(readFileSync(`${target}-wal`, 'utf8'), 'new log');
  assert.equal(existsSync(keptAs), false);
});

test('[RESTORE2] a source that cannot be copied changes nothing', (t) => {
  const directory = scratchDirectory(t);
  const target = join(directory, 'db');
  writeFileSync(target, 'new');
  const swapped = swapDatabase(target, join(directory, 'no-such-file'));
  assert.equal(swapped.ok, false);
  assert.equal(readFileSync(target, 'utf8'), 'new');
  assert.deepEqual(readdirSync(directory), ['db']);
});

test('[RESTORE3] only the newest replaced files are kept, and the source whatever its age', (t) => {
  const directory = scratchDirectory(t);
  const target = join(directory, 'db');
  const backup = join(directory, 'backup');
  writeFileSync(target, 'first');
  writeFileSync(backup, 'backup');
  const first = must(swapDatabase(target, backup));
  first.settle();
  for (let i = 0; i < KEPT_DATABASES_MAX - 1; i += 1) must(swapDatabase(target, backup)).settle();
  must(swapDatabase(target, first.keptAs)).settle();
  assert.equal(readFileSync(first.keptAs, 'utf8'), 'first');
  must(swapDatabase(target, backup)).settle();
  const kept = readdirSync(directory).filter((name) => name.includes('before-restore'));
  assert.equal(kept.length, KEPT_DATABASES_MAX);
  assert.equal(existsSync(first.keptAs), false);
});
