import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitOf, inRoot, runQuietly, spawnNode } from './child.mjs';

/** For one test; the live ones start processes and kill them many times. */
const TEST_MS_MAX = 180_000;
const ALL_MS_MAX = 1_500_000;
/** Two cores, and the live tests use both. */
const FILES_AT_ONCE = 2;

/**
 * Runs files of node:test and counts tests. A run that broke off counts as a failure.
 *
 * @param {string} node
 * @param {readonly string[]} files
 * @param {{ quiet?: boolean }} [options] `quiet` keeps the output instead of streaming it
 * @returns {Promise<{ passed: number, failed: number, output: string }>}
 */
export async function runNodeTests(node, files, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-results-'));
  const results = join(folder, 'node.json');
  const args = [
    '--test',
    `--test-timeout=${TEST_MS_MAX}`,
    `--test-concurrency=${FILES_AT_ONCE}`,
    `--test-reporter=${inRoot('scripts/test-reporter.mjs')}`,
    '--test-reporter-destination=stdout',
    ...files,
  ];
  const env = { HOLDFAST_TEST_RESULTS: results };
  let run = { code: 1, output: '' };
  if (options.quiet === true) {
    run = await runQuietly(node, args, { env, timeoutMs: ALL_MS_MAX });
  } else {
    const child = spawnNode(node, args, { env });
    const timer = setTimeout(() => child.kill('SIGKILL'), ALL_MS_MAX);
    run.code = await exitOf(child);
    clearTimeout(timer);
  }
  const counts = existsSync(results)
    ? JSON.parse(readFileSync(results, 'utf8'))
    : { passed: 0, failed: 0 };
  rmSync(folder, { recursive: true, force: true });
  const broke = run.code !== 0 && counts.failed === 0;
  return {
    passed: counts.passed,
    failed: broke ? 1 : counts.failed,
    output: broke ? `${run.output}\nthe test runner ended with code ${run.code}\n` : run.output,
  };
}
