import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot, runQuietly } from './child.mjs';

/** What the renderer is made of. */
const INPUTS = ['renderer', 'core', 'client', 'vite.config.ts', 'package-lock.json'];
const BUILD_MS_MAX = 120_000;
const LOW_PRIORITY = 15;

export const RENDERER_DIR = inRoot('out/renderer');
/** Exists exactly while `out/renderer` is complete; holds the fingerprint of what it was built from. */
export const RENDERER_STAMP = inRoot('out/renderer.stamp');

/** Whether `out/renderer` is not what the sources would give now. */
export function isRendererStale() {
  if (!existsSync(join(RENDERER_DIR, 'index.html')) || !existsSync(RENDERER_STAMP)) return true;
  return readFileSync(RENDERER_STAMP, 'utf8') !== fingerprint();
}

/**
 * Builds the renderer. The stamp goes first and comes back last, so that whoever waits for it never
 * reads a half-written folder.
 *
 * @param {string} node
 * @returns {Promise<{ ok: true } | { ok: false, output: string }>}
 */
export async function buildRenderer(node) {
  const built = fingerprint();
  rmSync(RENDERER_STAMP, { force: true });
  const vite = inRoot('node_modules/vite/bin/vite.js');
  const { code, output } = await runQuietly(
    node,
    [vite, 'build', '--config', inRoot('vite.config.ts'), '--logLevel', 'warn'],
    // The host that starts beside it has the person waiting for its address.
    { timeoutMs: BUILD_MS_MAX, env: { NODE_ENV: 'production' }, priority: LOW_PRIORITY },
  );
  if (code !== 0) return { ok: false, output };
  if (!existsSync(join(RENDERER_DIR, 'index.html'))) {
    return { ok: false, output: `${output}\nvite wrote no out/renderer/index.html\n` };
  }
  mkdirSync(dirname(RENDERER_STAMP), { recursive: true });
  writeFileSync(RENDERER_STAMP, built);
  return { ok: true };
}

/** Path, size and time of every input: no file is read for it. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const input of INPUTS) {
    const path = inRoot(input);
    if (!existsSync(path)) continue;
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name))
      : [path];
    for (const file of files.sort()) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file}\0${size}\0${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}
