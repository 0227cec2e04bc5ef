import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { exitOf, inRoot, spawnNode } from './child.mjs';
import { fetchElectron, findElectron, whyNoWindow } from './electron-runtime.mjs';
import { buildRenderer, isRendererStale, RENDERER_STAMP } from './renderer-build.mjs';

/** An Electron that ends sooner than this with a failure never opened its window. */
const ELECTRON_START_MS_MIN = 3_000;

/**
 * Opens the desktop app; where that cannot be, says why in one line and serves the console.
 *
 * @param {string} node
 * @param {readonly string[]} args handed on; `--served` asks for the served console
 * @returns {Promise<number>} exit code
 */
export async function start(node, args) {
  const passed = args.filter((arg) => arg !== '--served');
  const wanted = args.includes('--served')
    ? { why: 'asked for with --served' }
    : await prepareElectron(node);
  if ('path' in wanted) {
    const startedAt = performance.now();
    const code = await startElectron(node, wanted.path, passed);
    if (code === 0 || performance.now() - startedAt > ELECTRON_START_MS_MIN) return code;
    wanted.why = `Electron ended at once with code ${code}`;
  }
  process.stdout.write(`No desktop window: ${wanted.why}. Serving the console instead.\n`);
  return serve(node, passed);
}

/** @returns {Promise<{ path: string, why?: string } | { why: string }>} */
async function prepareElectron(node) {
  const { platform, env } = process;
  const why = whyNoWindow({ platform, env, uid: process.getuid?.() });
  if (why !== null) return { why };
  const path = findElectron();
  if (path !== null) return { path };
  const fetched = await fetchElectron(node, (line) => process.stdout.write(`${line}\n`));
  return 'path' in fetched ? fetched : { why: fetched.problem };
}

async function startElectron(node, electron, args) {
  const { buildProcesses } = await import('./build.mjs');
  await buildProcesses();
  if (isRendererStale()) {
    const outcome = await buildRenderer(node);
    if (!outcome.ok) {
      process.stderr.write(outcome.output);
      return 1;
    }
  }
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  return exitOf(spawn(electron, [inRoot('.'), ...args], { stdio: 'inherit', env }));
}

/** The address is printed at once: the host starts while the renderer is being built beside it. */
async function serve(node, args) {
  const stale = isRendererStale();
  // What is there is of older sources: nobody may be shown it.
  if (stale) rmSync(RENDERER_STAMP, { force: true });
  const child = spawnNode(node, [inRoot('main/cli/main.ts'), 'serve', ...args], {
    cwd: process.cwd(),
    env: stale ? { HOLDFAST_RENDERER_STAMP: RENDERER_STAMP } : {},
  });
  if (stale) {
    buildRenderer(node).then((outcome) => {
      if (outcome.ok) return;
      process.stderr.write(`${outcome.output}\nThe page could not be built; see above.\n`);
      child.kill('SIGTERM');
    });
  }
  return exitOf(child);
}
