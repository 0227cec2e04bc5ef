import { rolldown } from 'rolldown';
import { inRoot } from './child.mjs';
import { buildRenderer } from './renderer-build.mjs';

/**
 * What Electron runs. One file each, so that a packaged app reads nothing of node_modules but
 * better-sqlite3, whose binary cannot be bundled.
 */
const BUNDLES = [
  { input: 'main/electron/main.ts', file: 'out/electron/main.js', format: 'esm' },
  // A sandboxed preload is one CommonJS file.
  { input: 'main/electron/preload.ts', file: 'out/electron/preload.cjs', format: 'cjs' },
  { input: 'main/host/utility-main.ts', file: 'out/host/utility-main.js', format: 'esm' },
  { input: 'main/control-plane/main.ts', file: 'out/control-plane/main.js', format: 'esm' },
  { input: 'simulator/live/main.ts', file: 'out/simulator/main.js', format: 'esm' },
  { input: 'simulator/twin/main.ts', file: 'out/twin/main.js', format: 'esm' },
];
/** Left to the runtime: Electron itself, the native module, and what `ws` can do without. */
const EXTERNAL = ['electron', 'better-sqlite3', 'bufferutil', 'utf-8-validate'];

/**
 * Builds everything that a packaged app holds.
 *
 * @param {string} node
 * @returns {Promise<number>} exit code
 */
export async function build(node) {
  const renderer = buildRenderer(node);
  await buildProcesses();
  const outcome = await renderer;
  if (!outcome.ok) {
    process.stderr.write(`${outcome.output}\nrenderer: failed\n`);
    return 1;
  }
  process.stdout.write('out/renderer\n');
  return 0;
}

/** Bundles Electron's main and preload, and the four processes behind them. */
export async function buildProcesses() {
  for (const { input, file, format } of BUNDLES) {
    const bundle = await rolldown({
      input: inRoot(input),
      external: EXTERNAL,
      platform: 'node',
      treeshake: true,
      onwarn: (warning) => process.stderr.write(`${warning.message}\n`),
    });
    await bundle.write({ file: inRoot(file), format, codeSplitting: false, minify: false });
    await bundle.close();
    process.stdout.write(`${file}\n`);
  }
}
