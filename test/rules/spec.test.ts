import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listFiles, ROOT } from './source-files.ts';

const RULE = /^- \*\*([A-Z][A-Z0-9]*(?:-[A-Z]+)*)\*\* /gm;
/** An id in brackets at the beginning of a string: the name of a test. */
const QUOTED = /['"`]((?:\[(?:[A-Z]+(?:-[A-Z]+)+|[A-Z][A-Z0-9]*[0-9])\] ?)+)/g;

const listed = ['docs/SPEC.md', 'docs/PROTOCOL.md'].flatMap((file) =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(RULE)].map((match) => match[1] ?? ''),
);
const quoted = new Set(
  listFiles()
    .filter((file) => file.startsWith('test/') && file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(join(ROOT, file), 'utf8').matchAll(QUOTED)])
    .flatMap((match) => [...(match[1] ?? '').matchAll(/\[([^\]]+)\]/g)])
    .map((match) => match[1] ?? ''),
);

test('[SPEC1] every rule is listed once', () => {
  assert.ok(listed.length > 300, `${listed.length} rules were found`);
  assert.deepEqual(
    listed.filter((id, index) => listed.indexOf(id) !== index),
    [],
  );
});

test('[SPEC2] every listed rule is held by a test that quotes it', () => {
  assert.deepEqual(
    listed.filter((id) => !quoted.has(id)),
    [],
  );
});

test('[SPEC3] every rule that a test quotes is listed', () => {
  assert.deepEqual(
    [...quoted].filter((id) => !listed.includes(id)),
    [],
  );
});
