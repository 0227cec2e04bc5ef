import assert from 'node:assert/strict';
import { readdirSync, readFileSync, symlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeWholeFile } from '../../../main/cli/write-whole-file.ts';
import { scratchDirectory } from '../host/host-fixture.ts';

test('[CLI28] a file is written whole or not at all, and what was there stays until then', (t) => {
  const directory = scratchDirectory(t);
  const path = join(directory, 'out.yaml');
  const full = (file: number) => {
    writeSync(file, 'half');
    throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  };
  assert.throws(() => writeWholeFile(path, 'new', false, full), { code: 'ENOSPC' });
  assert.deepEqual(readdirSync(directory), []);
  writeWholeFile(path, 'old', false);
  assert.throws(() => writeWholeFile(path, 'new', false), { code: 'EEXIST' });
  assert.throws(() => writeWholeFile(path, 'new', true, full), { code: 'ENOSPC' });
  assert.equal(readFileSync(path, 'utf8'), 'old');
  writeWholeFile(path, 'new', true);
  assert.equal(readFileSync(path, 'utf8'), 'new');
  assert.deepEqual(readdirSync(directory), ['out.yaml']);
  const link = join(directory, 'link.yaml');
  symlinkSync(path, link);
  writeWholeFile(link, 'behind the link', true);
  assert.equal(readFileSync(path, 'utf8'), 'behind the link');
});
