import { fork } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { decodeValue } from '../../core/protocol/decode-json.ts';
import {
  type TwinCommand,
  type TwinEvent,
  type TwinRequest,
  twinEventSchema,
} from '../../core/protocol/twin-control.ts';

const TWIN_MODULE = fileURLToPath(new URL('../../simulator/twin/main.ts', import.meta.url));
/** A run that was told to stop reports by then, or is ended without a report. */
const STOP_MS_MAX = 800;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const LAST_WORDS_CHARS_MAX = 2_000;

/** How a run ended: with its own last word, or without one. */
export type TwinOutcome =
  | Exclude<TwinEvent, { type: 'ready' }>
  /** It was told to stop before it had anything to report. */
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly detail: string };

/**
 * Runs the twin in a process of its own: the planes meet this one only over its channel. A signal to
 * stop is handed on, so that what was done by then is reported.
 */
export function runTwinProcess(request: TwinRequest): Promise<TwinOutcome> {
  const child = fork(TWIN_MODULE, [], {
    execPath: process.execPath,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const tell = (command: TwinCommand) => {
    if (child.connected) child.send(command, () => undefined);
  };
  return new Promise((resolve) => {
    let outcome: TwinOutcome | null = null;
    let errorOutput = '';
    let deadline: NodeJS.Timeout | null = null;
    const stop = () => {
      tell({ type: 'stop' });
      deadline ??= setTimeout(() => {
        outcome ??= { type: 'stopped' };
        child.kill('SIGKILL');
      }, STOP_MS_MAX);
    };
    for (const signal of STOP_SIGNALS) process.on(signal, stop);
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => {
      errorOutput = (errorOutput + text).slice(-LAST_WORDS_CHARS_MAX);
    });
    child.on('message', (message) => {
      const event = decodeValue(twinEventSchema, message);
      if (!event.ok) outcome ??= { type: 'failed', detail: event.error.detail };
      else if (event.value.type === 'ready') tell({ type: 'run', request });
      else outcome ??= event.value;
    });
    child.on('error', (error) => {
      outcome ??= { type: 'failed', detail: error.message };
    });
    child.once('close', () => {
      if (deadline !== null) clearTimeout(deadline);
      for (const signal of STOP_SIGNALS) process.off(signal, stop);
      resolve(outcome ?? { type: 'failed', detail: errorOutput.trim() || 'it gave no reason' });
    });
  });
}
