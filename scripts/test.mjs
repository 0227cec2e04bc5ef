import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { buildProcesses } from './build.mjs';
import { check, printSteps } from './check.mjs';
import { exitOf, inRoot, spawnNode } from './child.mjs';
import { findElectron, whyNoWindow } from './electron-runtime.mjs';
import { runNodeTests } from './node-tests.mjs';
import { ROOT } from './pick-node.mjs';
import { buildRenderer, isRendererStale } from './renderer-build.mjs';

const BROWSER_MS_MAX = 1_800_000;
const BROWSER = join('test', 'browser');
/** Run by `check`, and counted there. */
const RULES = join('test', 'rules');

/**
 * Everything, or only the files and folders named. Ends with `N passed, N failed` alone on a line.
 *
 * @param {string} node
 * @param {readonly string[]} args paths
 * @returns {Promise<number>} exit code
 */
export async function test(node, args) {
  const total = { passed: 0, failed: 0 };
  const add = ({ passed, failed }) => {
    total.passed += passed;
    total.failed += failed;
  };
  const wanted = args.map((arg) => relative(ROOT, resolve(arg)));
  const isWanted = (file) =>
    wanted.length === 0 || wanted.some((path) => file === path || file.startsWith(`${path}/`));

  if (wanted.length === 0) {
    const steps = await check(node);
    printSteps(steps);
    for (const step of steps) add(step);
  }
  const unit = findFiles('test', '.test.ts').filter(
    (file) =>
      isWanted(file) && !file.startsWith(BROWSER) && (wanted.length > 0 || !file.startsWith(RULES)),
  );
  if (unit.length > 0)
    add(
      await runNodeTests(
        node,
        unit.map((file) => inRoot(file)),
      ),
    );

  const specs = findFiles(BROWSER, '.spec.ts').filter(isWanted);
  if (specs.length > 0) add(await runBrowserTests(node, specs));

  const ran = total.passed + total.failed > 0;
  if (!ran) process.stderr.write('no test was found\n');
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
  return ran && total.failed === 0 ? 0 : 1;
}

/** @param {readonly string[]} specs */
async function runBrowserTests(node, specs) {
  if (isRendererStale()) {
    const outcome = await buildRenderer(node);
    if (!outcome.ok) {
      process.stdout.write(`${outcome.output}\nFAILED  renderer build\n`);
      return { passed: 0, failed: 1 };
    }
  }
  const { platform, env } = process;
  if (findElectron() !== null && whyNoWindow({ platform, env, uid: process.getuid?.() }) === null) {
    await buildProcesses();
  }
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-results-'));
  const results = join(folder, 'browser.json');
  const child = spawnNode(
    node,
    [inRoot('node_modules/@playwright/test/cli.js'), 'test', ...specs.map(toFilter)],
    { env: { PLAYWRIGHT_JSON_OUTPUT_FILE: results } },
  );
  const timer = setTimeout(() => child.kill('SIGKILL'), BROWSER_MS_MAX);
  const code = await exitOf(child);
  clearTimeout(timer);
  const stats = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')).stats : null;
  rmSync(folder, { recursive: true, force: true });
  const passed = stats?.expected ?? 0;
  // Flaky is not passed: a test that failed once has told something.
  const failed = (stats?.unexpected ?? 0) + (stats?.flaky ?? 0);
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

/** Playwright takes regular expressions on whole paths. */
function toFilter(path) {
  return `${path.replaceAll(/[.\\^$*+?()[\]{}|/]/g, '\\$&')}$`;
}

/** Paths from the root of all files below a folder that end so. */
function findFiles(folder, ending) {
  const top = inRoot(folder);
  if (!existsSync(top) || !statSync(top).isDirectory()) return [];
  return readdirSync(top, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort();
}
