import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startConsole } from '../../support/console-process.ts';

/** Put together here, so that no scanner takes this file for a leak. */
const TOKEN = ['gh', 'p_', 'a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8'].join('');

const service = (comment: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: late, namespace: shop}${comment}\nspec: {ports: [{port: 80}]}\n`;

test('[SECRET14] [PARSE19] import tells what keeps a draft from being published; no message holds a secret', async (t) => {
  const console = await startConsole({ args: ['--nodes', '2'] });
  t.after(() => console.stop());
  const { cli, must, until, dataDir } = console;
  await until('r1', ({ head }) => head?.revision === 1);
  const file = join(dataDir, 'late.yaml');

  writeFileSync(file, service(` # ${TOKEN}`));
  const dry = await cli('import', '-f', file, '--dry-run', '--json');
  assert.equal(JSON.parse(dry.stdout).errors, 1);
  const kept = await cli('import', '-f', file);
  assert.equal(kept.code, 0);
  const told =
    /Saved as the draft, made from r1\.\nIt holds an error and cannot be published so\.\nIt is at line \d+:\d+: This looks like a GitHub token in a comment\./;
  assert.match(kept.stdout, told);
  assert.equal(kept.stdout.includes(TOKEN), false);
  const draft = (await must('get-draft', {}))?.text ?? '';
  assert.ok(draft.includes(TOKEN));
  const line = Number(/at line (\d+)/.exec(kept.stdout)?.[1]);
  assert.ok(draft.split('\n')[line - 1]?.includes(TOKEN));

  writeFileSync(file, service(''));
  assert.equal((await must('discard-draft', {})).discarded, true);
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true });
  const holding = files.filter(
    (entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(TOKEN),
  );
  assert.deepEqual(
    holding.map(({ name }) => name),
    [],
  );

  for (const command of [
    ['publish', '-f', file],
    ['import', '-f', file],
    ['rollback', '1'],
  ]) {
    const refused = await cli(...command, '-m', `with ${TOKEN}`);
    assert.equal(refused.code, 1, command[0]);
    assert.match(refused.stderr, /The message holds what looks like a GitHub token/);
  }
  assert.equal((await must('get-config', {})).revision, 1);

  // A byte order mark is no part of a config: it is dropped as the file is read, and never exported.
  writeFileSync(file, `\ufeff${service(' # café')}`);
  const published = await cli('import', '-f', file, '--replace', '-m', 'only one');
  assert.deepEqual([published.code, published.stderr], [0, '']);
  assert.equal((await cli('export')).stdout, service(' # café'));
});
