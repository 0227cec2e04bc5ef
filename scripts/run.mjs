import { exitOf, inRoot, spawnNode } from './child.mjs';
import { endWithNpm } from './end-with-npm.mjs';
import { pickNode } from './pick-node.mjs';

// Entry of every npm script. Starts under Node 20, and goes on under the Node that was picked.

const USAGE =
  'usage: node scripts/run.mjs start|test|check|bench|calibrate|swarm|build|format [ARGS]';
const COMMANDS = ['start', 'test', 'check', 'bench', 'calibrate', 'swarm', 'build', 'format'];

/** Of the commands that are programs of their own. */
const ENTRIES = {
  bench: 'bench/main.ts',
  calibrate: 'bench/calibrate/main.ts',
  swarm: 'simulator/twin/swarm/main.ts',
};

const [command = '', ...args] = process.argv.slice(2);
if (!COMMANDS.includes(command)) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}
const picked = pickNode();
if ('problem' in picked) {
  process.stderr.write(`${picked.problem}\n`);
  process.exit(1);
}
endWithNpm();
if (picked.path !== process.execPath) {
  const child = spawnNode(picked.path, [inRoot('scripts/run.mjs'), command, ...args], {
    cwd: process.cwd(),
  });
  process.exit(await exitOf(child));
}
process.exit(await run(picked.path));

/**
 * @param {string} node
 * @returns {Promise<number>}
 */
async function run(node) {
  if (command === 'start') return (await import('./start.mjs')).start(node, args);
  if (command === 'test') return (await import('./test.mjs')).test(node, args);
  if (command === 'build') return (await import('./build.mjs')).build(node);
  if (command === 'check') {
    const { check, printSteps } = await import('./check.mjs');
    return printSteps(await check(node));
  }
  if (command === 'format') {
    const args = ['check', '--write', '--linter-enabled=false', inRoot('.')];
    return exitOf(spawnNode(node, [inRoot('node_modules/@biomejs/biome/bin/biome'), ...args]));
  }
  return exitOf(spawnNode(node, [inRoot(ENTRIES[command]), ...args]));
}
