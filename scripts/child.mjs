import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ROOT } from './pick-node.mjs';

/** Given to every Node that is started: stripping types is still called experimental by some. */
const NODE_FLAGS = ['--disable-warning=ExperimentalWarning'];
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Starts `node FLAGS FILE ARGS` with the picked Node first in PATH. The child ends with this process,
 * however this process ends: it holds one end of a channel, and goes when the other end is gone.
 *
 * @param {string} node
 * @param {readonly string[]} args
 * @param {{ stdio?: 'inherit' | 'pipe', env?: Record<string, string>, cwd?: string }} [options]
 */
export function spawnNode(node, args, options = {}) {
  const stdio = options.stdio ?? 'inherit';
  return spawn(
    node,
    [...NODE_FLAGS, '--import', fileUrl('scripts/exit-with-parent.mjs'), ...args],
    {
      cwd: options.cwd ?? ROOT,
      stdio: [stdio === 'inherit' ? 'inherit' : 'ignore', stdio, stdio, 'ipc'],
      env: {
        ...process.env,
        ...options.env,
        PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
        HOLDFAST_EXIT_WITH_PARENT: '1',
      },
    },
  );
}

/**
 * Waits for a child; signals that this process gets meanwhile are handed on.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>} exit code, 128 + n after a signal
 */
export function exitOf(child) {
  const handlers = FORWARDED.map((signal) => {
    const handler = () => {
      // A terminal sends Ctrl-C to the child as well; a second one would read as impatience.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(/** @type {NodeJS.Signals} */ (signal));
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  return new Promise((resolve) => {
    const settle = (code) => {
      for (const { signal, handler } of handlers) process.off(signal, handler);
      resolve(code);
    };
    child.once('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      settle(127);
    });
    child.once('exit', (code, signal) => settle(code ?? 128 + (SIGNAL_NUMBERS[signal ?? ''] ?? 0)));
  });
}

/**
 * Runs a tool to its end and keeps what it said.
 *
 * @param {string} node
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, timeoutMs: number, priority?: number }} options `priority` as
 *   in `os.setPriority`
 * @returns {Promise<{ code: number, output: string }>}
 */
export async function runQuietly(node, args, options) {
  const child = spawnNode(node, args, { stdio: 'pipe', env: { NO_COLOR: '1', ...options.env } });
  if (options.priority !== undefined && child.pid !== undefined) {
    setPriority(child.pid, options.priority);
  }
  let output = '';
  const keep = (chunk) => {
    output = `${output}${chunk}`.slice(-OUTPUT_CHARS_MAX);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const timer = setTimeout(() => {
    keep(`\nstopped after ${options.timeoutMs} ms\n`);
    child.kill('SIGKILL');
  }, options.timeoutMs);
  const closed = new Promise((resolve) => child.once('close', resolve));
  const code = await exitOf(child);
  // The pipes end with the last process that holds them, which may be one that was left behind.
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 1_000).unref())]);
  clearTimeout(timer);
  return { code, output };
}

/** Output kept of one tool: enough for its last errors. */
const OUTPUT_CHARS_MAX = 200_000;
const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** @param {string} path relative to the repository */
function fileUrl(path) {
  return new URL(path, `file://${ROOT}/`).href;
}

/** @param {readonly string[]} parts */
export function inRoot(...parts) {
  return join(ROOT, ...parts);
}
