import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { deleteDirectories } from '../../../main/host/delete-directories.ts';
import { scratchDirectory } from './host-fixture.ts';

test('[RESET1] all directories are deleted, or none', (t) => {
  const scratch = scratchDirectory(t);
  const first = join(scratch, 'first');
  // Its name is too long to be moved aside.
  const second = join(scratch, 'x'.repeat(250));
  for (const directory of [first, second]) {
    mkdirSync(directory);
    writeFileSync(join(directory, 'file'), 'x');
  }
  const refused = deleteDirectories([first, second]);
  assert.match(refused.ok ? '' : refused.error.detail, /^Nothing was deleted: .*[^.]\.$/);
  assert.ok(existsSync(join(first, 'file')));
  assert.ok(existsSync(join(second, 'file')));
  assert.deepEqual(deleteDirectories([first, join(scratch, 'none')]), {
    ok: true,
    value: undefined,
  });
  assert.deepEqual(readdirSync(scratch), ['x'.repeat(250)]);
});
