import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onDispose } from '../../core/lib/disposable.ts';
import type { ChildExit, ChildHandle, ChildModule, Spawner } from './spawner.ts';

const LAST_WORDS_CHARS_MAX = 4_000;

const MODULE_PATHS: Readonly<Record<ChildModule, string>> = {
  'control-plane': fileURLToPath(new URL('../control-plane/main.ts', import.meta.url)),
  simulator: fileURLToPath(new URL('../../simulator/live/main.ts', import.meta.url)),
  twin: fileURLToPath(new URL('../../simulator/twin/main.ts', import.meta.url)),
};

/** Children of this very process, run by the same Node. They end when this process does. */
export function createForkSpawner(
  modulePaths: Readonly<Record<ChildModule, string>> = MODULE_PATHS,
): Spawner {
  return {
    spawn(module) {
      const child = fork(modulePaths[module], [], {
        execPath: process.execPath,
        execArgv: [],
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      });
      return handleOf(child);
    },
  };
}

function handleOf(child: ChildProcess): ChildHandle {
  let errorOutput = '';
  let exit: ChildExit | null = null;
  const exitListeners = new Set<(exit: ChildExit) => void>();
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    errorOutput = (errorOutput + text).slice(-LAST_WORDS_CHARS_MAX);
  });
  const end = (code: number | null, signal: string | null) => {
    if (exit !== null) return;
    exit = { code, signal, lastWords: lastWordsOf(errorOutput) };
    for (const listener of [...exitListeners]) listener(exit);
    exitListeners.clear();
  };
  child.once('close', end);
  // A process that could not be started has no `close`.
  child.on('error', (error) => {
    errorOutput += `\n${error.message}`;
    if (child.pid === undefined) end(null, null);
  });
  return {
    get pid() {
      return child.pid;
    },
    send(message) {
      if (!child.connected || typeof message !== 'object' || message === null) return;
      child.send(message, () => {});
    },
    onMessage(listener) {
      child.on('message', listener);
      return onDispose(() => child.off('message', listener));
    },
    onExit(listener) {
      if (exit !== null) {
        listener(exit);
        return onDispose(() => {});
      }
      exitListeners.add(listener);
      return onDispose(() => exitListeners.delete(listener));
    },
    sigkill() {
      // Through the handle, so that a pid used anew by another process is never hit.
      if (exit === null) child.kill('SIGKILL');
    },
  };
}

/** The line that names the error, without its stack. */
export function lastWordsOf(errorOutput: string): string | null {
  const lines = errorOutput.split('\n').map((line) => line.trim());
  const named = lines.filter((line) => /^[A-Za-z]*Error\b/.test(line)).at(-1);
  const last = lines.filter((line) => line !== '' && !line.startsWith('at ')).at(-1);
  return (named ?? last ?? null)?.slice(0, 300) ?? null;
}
