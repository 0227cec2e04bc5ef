import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { rolldown } from 'rolldown';

const ENTRY = join(import.meta.dirname, 'print-trace-hash.ts');

test('[TWIN24] every Node that is here gives the same trace hash, from sources or from a bundle', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-twin-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'twin.mjs');
  const bundle = await rolldown({ input: ENTRY, platform: 'node' });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  const hashes = new Map([[`${process.version} from sources`, hashOf(process.execPath, ENTRY)]]);
  for (const node of [process.execPath, 'node']) {
    const version = versionOf(node);
    if (version !== null) hashes.set(version, hashOf(node, file));
  }
  t.diagnostic([...hashes.keys()].join(', '));
  assert.match([...hashes.values()][0] ?? '', /^[0-9a-f]{16}$/);
  assert.equal(new Set(hashes.values()).size, 1, JSON.stringify([...hashes]));
});

function versionOf(node: string): string | null {
  try {
    return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}

function hashOf(node: string, file: string): string {
  return execFileSync(node, [file], { encoding: 'utf8' }).trim();
}
