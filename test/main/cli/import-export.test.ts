import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { shopText } from '../../core/gateway/suite/suite-fixture.ts';
import { startConsole } from '../../support/console-process.ts';

const SUITE_ONLY = `apiVersion: holdfast.dev/v1alpha1
kind: RequestSuite
metadata: {name: smoke, namespace: shop}
spec: {requests: [{name: front, url: "http://a.example/"}]}
`;

test('[CLI20] [CLI21] [CLI27] config goes out as it was written, and comes in without losing a draft', async (t) => {
  const console = await startConsole({ args: ['--nodes', '4'] });
  t.after(() => console.stop());
  const { cli, must, until, dataDir } = console;
  await until('r1', ({ head }) => head?.revision === 1);
  const head = (await must('get-config', {})).text;

  assert.equal((await cli('export')).stdout, head);
  const file = join(dataDir, 'out.yaml');
  assert.equal((await cli('export', '--revision', '1', '-o', file)).code, 0);
  assert.equal(readFileSync(file, 'utf8'), head);
  const again = await cli('export', '-o', file);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /exists and was kept; say --force/);
  assert.equal((await cli('export', '-o', file, '--force')).code, 0);
  assert.match((await cli('export', '--draft')).stderr, /There is no draft\./);

  const shop = join(dataDir, 'shop.yaml');
  writeFileSync(shop, shopText());
  const preview = await cli('import', '-f', shop, '--replace', '--dry-run');
  assert.match(preview.stdout, /\+ HTTPRoute\/shop\/cart\n/);
  assert.match(preview.stdout, /5 added, 0 changed, 0 the same, \d+ removed, 0 kept\./);
  assert.equal(await must('get-draft', {}), null);

  assert.equal((await cli('import', '-f', shop)).code, 0);
  const draft = await must('get-draft', {});
  assert.ok(draft?.text.startsWith(head.trimEnd()) && draft.text.includes('name: cart-v2'));
  const refused = await cli('import', '-f', shop, '--replace');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /There is a draft on r1 already, and it was kept/);
  assert.equal((await must('get-draft', {}))?.text, draft?.text);
  const into = await cli('import', '-f', shop, '--into-draft', '--dry-run', '--json');
  assert.deepEqual(JSON.parse(into.stdout).added, []);
  assert.equal(JSON.parse(into.stdout).same.length, 5);

  const suite = await cli('suite', 'run', '--against', 'draft');
  assert.equal(suite.code, 1);
  assert.match(suite.stdout, /FAIL shop\/smoke: one-backend/);
  const published = await cli('import', '-f', shop, '--into-draft', '-m', 'take in the cart');
  assert.deepEqual([published.code, published.stderr], [0, '']);
  assert.match(published.stdout, /r2 published/);
  assert.equal((await cli('suite', 'run', '-f', shop, '--against', 'r2')).code, 1);

  const suiteOnly = join(dataDir, 'suite-only.yaml');
  writeFileSync(suiteOnly, SUITE_ONLY);
  const emptying = ['import', '-f', suiteOnly, '--replace', '-m', 'oops'];
  const guarded = await cli(...emptying);
  assert.equal(guarded.code, 1);
  assert.match(guarded.stderr, /resources of r2 would be removed.*Say --allow-empty to mean it\./s);
  const emptied = await cli(...emptying, '--allow-empty');
  assert.deepEqual([emptied.code, emptied.stderr], [0, '']);
  assert.match(emptied.stdout, /r3 published; \d+ resources removed\./);
  assert.equal((await cli('rollback', '2')).code, 0);

  const nodes = await cli('validate', '-f', shop, '--nodes');
  assert.deepEqual([nodes.code, nodes.stderr], [0, '']);
  assert.match(nodes.stdout, /no node would reject it/);
  assert.equal((await cli('control-plane', 'kill')).code, 0);
  assert.equal((await cli('validate', '-f', shop, '--nodes')).code, 3);
});
