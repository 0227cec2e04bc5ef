import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Revision } from '../../core/config/ids.ts';
import { readExample, startConsole } from '../support/console-process.ts';

test('[DRAFT6] drafts and blame outlive the SIGKILL of the console, and need no control plane', async () => {
  const first = await startConsole({ args: ['--nodes', '4', '--cells', '1'] });
  let dataDir = first.dataDir;
  try {
    const text = readExample('shop.yaml');
    await first.until('the first config is published', (status) => status.head !== null);
    const base = (await first.must('get-config', {})).revision;
    assert.equal(base, 1);
    await first.must('save-draft', { text: 'made: from nothing\n', base: null });
    await first.must('save-draft', { text: `${text}# mine\n`, base });
    const saved = await first.must('list-drafts', {});
    const blame = await first.must('get-blame', {});
    assert.equal(blame.complete, true);
    assert.ok(blame.resources.length > 0);
    assert.ok(blame.resources.every(({ revision }) => revision === 1));
    await first.stop({ keepData: true, signal: 'SIGKILL' });

    const second = await startConsole({ dataDir });
    dataDir = second.dataDir;
    try {
      await second.until('the control plane is up', (s) => s.controlPlane.state === 'up');
      assert.deepEqual(await second.must('list-drafts', {}), saved);
      assert.equal((await second.status()).draft?.base, 1);
      assert.equal((await second.must('get-draft', {}))?.text, `${text}# mine\n`);
      assert.equal((await second.must('get-draft', { base: null }))?.text, 'made: from nothing\n');

      await second.must('kill-control-plane', {});
      await second.until('the control plane is down', (s) => s.controlPlane.state === 'down');
      assert.deepEqual(await second.must('get-blame', {}), { ...blame, complete: false });
      const other = await second.client.request('get-blame', { revision: 7 as Revision });
      assert.equal(!other.ok && other.error.reason, 'control-plane-down');
      assert.match(other.ok ? '' : other.error.detail, /does not remember/);
      const found = await second.must('list-revisions', { limit: 5, search: 'r1' });
      assert.deepEqual([found.complete, found.revisions.map((row) => row.revision)], [false, [1]]);
      const checked = await second.must('validate', { text });
      assert.equal(checked.delta, null);

      assert.equal((await second.must('discard-draft', { base: null })).discarded, true);
      assert.equal((await second.must('list-drafts', {})).drafts.length, 1);
    } finally {
      await second.stop({ keepData: true });
    }
  } finally {
    await first.stop({ keepData: true, signal: 'SIGKILL' });
    rmSync(dataDir, { recursive: true, force: true });
  }
});

const IMPORTS = 4;

test('[DRAFT9] [DRAFT8] imports at once into one draft lose nothing; one that cannot be kept says so', async (t) => {
  const console = await startConsole({ args: ['--nodes', '4', '--cells', '1'] });
  t.after(() => console.stop());
  const { cli, must, until, dataDir } = console;
  await until('the first config is published', (status) => status.head !== null);
  const imports = Array.from({ length: IMPORTS }, (_, i) => {
    const file = join(dataDir, `flag-${i}.yaml`);
    const identity = `metadata:\n  name: flag-${i}\n  namespace: storefront\n`;
    const kind = 'apiVersion: holdfast.dev/v1alpha1\nkind: FeatureFlag\n';
    writeFileSync(file, `${kind}${identity}spec:\n  mode: "On"\n`);
    return cli('import', '-f', file, '--into-draft');
  });
  for (const { code, stderr } of await Promise.all(imports))
    assert.deepEqual([code, stderr], [0, '']);
  const draft = await must('get-draft', {});
  const named = draft?.text.match(/name: flag-\d/g) ?? [];
  assert.deepEqual(named.sort(), ['name: flag-0', 'name: flag-1', 'name: flag-2', 'name: flag-3']);

  renameSync(join(dataDir, 'console.sqlite'), join(dataDir, 'away.sqlite'));
  const lost = await cli('import', '-f', join(dataDir, 'flag-0.yaml'), '--into-draft');
  assert.equal(lost.code, 1);
  assert.match(lost.stderr, /not saved: .*console\.sqlite was removed or replaced/);
});
