import { inRoot, runQuietly } from './child.mjs';
import { runNodeTests } from './node-tests.mjs';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {string} output what the tool said, when it failed
 */

const STEP_MS_MAX = 300_000;
const RULES = ['layers', 'purity', 'tidy', 'spec'];

/**
 * Types, lint, layers, purity, tidiness: everything that needs no running program.
 *
 * @param {string} node
 * @returns {Promise<Step[]>}
 */
export async function check(node) {
  const tsc = inRoot('node_modules/typescript/bin/tsc');
  const biome = inRoot('node_modules/@biomejs/biome/bin/biome');
  const steps = [
    await runTool(node, 'types of core', [tsc, '-p', inRoot('core/tsconfig.json')]),
    await runTool(node, 'types of renderer', [tsc, '-p', inRoot('renderer/tsconfig.json')]),
    await runTool(node, 'types of browser tests', [tsc, '-p', inRoot('test/tsconfig.json')]),
    await runTool(node, 'types of everything else', [tsc, '-p', inRoot('tsconfig.json')]),
    await runTool(node, 'lint and format', [biome, 'check', '--error-on-warnings', inRoot('.')]),
  ];
  for (const rule of RULES) {
    const counts = await runNodeTests(node, [inRoot(`test/rules/${rule}.test.ts`)], {
      quiet: true,
    });
    steps.push({ name: rule, ...counts });
  }
  return steps;
}

/**
 * @param {readonly Step[]} steps
 * @returns {number} exit code
 */
export function printSteps(steps) {
  for (const { name, passed, failed, output } of steps) {
    const count = passed + failed > 1 ? `  ${passed} of ${passed + failed} rules` : '';
    process.stdout.write(`${failed === 0 ? 'ok' : 'FAILED'}  ${name}${count}\n`);
    if (failed > 0) process.stdout.write(`${output.trimEnd()}\n`);
  }
  return steps.some((step) => step.failed > 0) ? 1 : 0;
}

/** @returns {Promise<Step>} */
async function runTool(node, name, args) {
  const { code, output } = await runQuietly(node, args, { timeoutMs: STEP_MS_MAX });
  return { name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output };
}
