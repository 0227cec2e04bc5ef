import process from 'node:process';
import { decodeValue } from '../../core/protocol/decode-json.ts';
import {
  type RehearsalRequest,
  type TwinCommand,
  type TwinEvent,
  type TwinRequest,
  twinEventSchema,
} from '../../core/protocol/twin-control.ts';
import type { ChosenSettings } from '../../core/protocol/twin-settings.ts';
import { createForkSpawner } from '../host/fork-spawner.ts';
import type { ChildExit, Spawner } from '../host/spawner.ts';

/** A run that was told to stop reports by then, or is ended without a report. */
const STOP_MS_MAX = 800;
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

type LastWord = 'done' | 'paired' | 'rehearsed';
type SeedOutcome = Extract<TwinEvent, { type: 'seed-done' }>['outcome'];

/** How a process of the twin ended: with its own last word, or without one. */
export type TwinEnd<Word extends LastWord> =
  | Extract<TwinEvent, { type: Word | 'refused' }>
  /** It was told to stop before it had anything to report. */
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly detail: string };
export type TwinOutcome = TwinEnd<'done'>;

/** What is to be told on the way to the last word. */
interface Heard {
  /** It is under way: told to stop from now on, it has something to report. */
  readonly onRunning?: () => void;
  readonly onSeed?: (outcome: SeedOutcome) => void;
}

/** Runs the twin once. */
export function runTwinProcess(
  request: TwinRequest,
  onRunning: () => void,
  spawner: Spawner = createForkSpawner(),
): Promise<TwinOutcome> {
  return talkToTwin({ type: 'run', request }, 'done', { onRunning }, spawner);
}

/** Runs it twice, side by side: under its own settings and under others. */
export function runPairProcess(
  request: TwinRequest,
  against: ChosenSettings,
  onRunning: () => void,
): Promise<TwinEnd<'paired'>> {
  const command: TwinCommand = { type: 'run-pair', request, against };
  return talkToTwin(command, 'paired', { onRunning }, createForkSpawner());
}

/** Rehearses a draft; what each seed came to is told as soon as it is known. */
export function runRehearsalProcess(
  request: RehearsalRequest,
  onSeed: (outcome: SeedOutcome) => void,
  spawner: Spawner = createForkSpawner(),
): Promise<TwinEnd<'rehearsed'>> {
  return talkToTwin({ type: 'rehearse', request }, 'rehearsed', { onSeed }, spawner);
}

/**
 * Runs the twin in a process of its own: the planes meet this one only over its channel. A signal to
 * stop is handed on, so that what was done by then is reported.
 */
function talkToTwin<Word extends LastWord>(
  command: TwinCommand,
  lastWord: Word,
  { onRunning, onSeed }: Heard,
  spawner: Spawner,
): Promise<TwinEnd<Word>> {
  const child = spawner.spawn('twin');
  const tell = (told: TwinCommand) => child.send(told);
  return new Promise((resolve) => {
    let outcome: TwinEnd<Word> | null = null;
    let deadline: NodeJS.Timeout | null = null;
    let isStopAsked = false;
    const stop = () => {
      isStopAsked = true;
      tell({ type: 'stop' });
      deadline ??= setTimeout(() => {
        outcome ??= { type: 'stopped' };
        child.sigkill();
      }, STOP_MS_MAX);
    };
    for (const signal of STOP_SIGNALS) process.on(signal, stop);
    child.onMessage((message) => {
      const event = decodeValue(twinEventSchema, message);
      if (!event.ok) {
        outcome ??= { type: 'failed', detail: event.error.detail };
        // Nobody waits for what it may still say.
        child.sigkill();
      } else if (event.value.type === 'ready') tell(command);
      else if (event.value.type === 'running') onRunning?.();
      else if (event.value.type === 'seed-done') onSeed?.(event.value.outcome);
      else if (isLastWord(event.value, lastWord)) outcome ??= event.value;
      else outcome ??= { type: 'failed', detail: 'it answered something else than was asked' };
    });
    child.onExit((exit) => {
      if (deadline !== null) clearTimeout(deadline);
      for (const signal of STOP_SIGNALS) process.off(signal, stop);
      // The signal goes to the whole group: a child that cannot hear it yet ends of it, without a word.
      outcome ??= isStopAsked ? { type: 'stopped' } : { type: 'failed', detail: endInWords(exit) };
      resolve(outcome);
    });
  });
}

function endInWords({ lastWords, signal, code }: ChildExit): string {
  if (lastWords !== null) return lastWords;
  if (signal !== null) return `its process was ended by ${signal}.`;
  return `its process ended with exit code ${code ?? 'unknown'} and gave no reason.`;
}

function isLastWord<Word extends LastWord>(
  event: TwinEvent,
  lastWord: Word,
): event is Extract<TwinEvent, { type: Word | 'refused' }> {
  return event.type === lastWord || event.type === 'refused';
}
