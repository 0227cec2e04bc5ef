import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { rolldown } from 'rolldown';
import { traceHashes } from './trace-hashes.ts';

const ENTRY = join(import.meta.dirname, 'print-trace-hash.ts');
const PINNED = join(
  import.meta.dirname,
  `../../../node_modules/node-linux-${process.arch}/bin/node`,
);

/** Every Node that can be run here, by its version: this one, that of the lockfile, that of the machine. */
const nodes = new Map<string, string>();
for (const path of [process.execPath, PINNED, 'node']) {
  const version = versionOf(path);
  if (version !== null && !nodes.has(version)) nodes.set(version, path);
}
const majors = new Set([...nodes.keys()].map((version) => version.split('.')[0]));
const compared = [...nodes.keys()].join(' and ');
const found = majors.size > 1 ? `under ${compared}` : `under ${compared}, the only one found here`;

test(`[TWIN24] [TWIN31] the same options give the same trace hashes twice in a process, in a second one, and ${found}`, async (t) => {
  const expected = await traceHashes();
  assert.equal(new Set(expected).size, expected.length);
  for (const hash of expected) assert.match(hash, /^[0-9a-f]{16}$/);
  const twice = [expected, expected];
  assert.deepEqual(hashesOf(process.execPath, ENTRY), twice, 'from sources');
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-twin-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  // A Node that cannot run TypeScript can run a bundle of it.
  const file = join(directory, 'twin.mjs');
  const bundle = await rolldown({ input: ENTRY, platform: 'node' });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  for (const [version, node] of nodes) assert.deepEqual(hashesOf(node, file), twice, version);
});

function versionOf(node: string): string | null {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return null;
  }
}

function hashesOf(node: string, file: string): unknown {
  return JSON.parse(execFileSync(node, [file], { encoding: 'utf8' }));
}
