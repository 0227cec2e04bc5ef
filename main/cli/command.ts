import type { parseArgs } from 'node:util';
import type { ConsoleClient } from '../../client/console-client.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import { refusalHeadline } from '../host/first-config.ts';

type OptionConfig = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;
export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** Why a command did not do what it was asked: 1 refused, 2 usage, 3 it could not be told. */
export interface CommandError {
  readonly exit: 1 | 2 | 3;
  readonly detail: string;
}

/** What a command prints: the same answer for people and for programs. */
export interface CommandOutput {
  readonly json: unknown;
  readonly text: string;
  /** For the error output, beside the answer. */
  readonly notes?: readonly string[];
  /** 1 and 3 where the answer itself is bad news; 0 when absent. */
  readonly exit?: 0 | 1 | 3;
}

interface CommandWords {
  /** `['fleet', 'resize']` */
  readonly name: readonly string[];
  /** After the name, for instance `N`. */
  readonly usage: string;
  readonly summary: string;
  /** What `--help` says besides usage and summary, one line each. */
  readonly help?: readonly string[];
  readonly options: OptionConfig;
  readonly positionals: number;
  /** Checks arguments before anything is connected; null when they are fine. */
  readonly check?: (positionals: readonly string[], options: Options) => string | null;
}

/** A subcommand that asks a running console. */
export interface ConsoleCommand extends CommandWords {
  readonly run: (input: CommandInput) => Promise<Result<CommandOutput, CommandError>>;
}

/** A subcommand that needs no console, or only for some of its options. */
export interface OfflineCommand extends CommandWords {
  readonly runOffline: (input: OfflineInput) => Promise<Result<CommandOutput, CommandError>>;
}

export type Command = ConsoleCommand | OfflineCommand;

export interface CommandInput {
  readonly client: ConsoleClient;
  readonly positionals: readonly string[];
  readonly options: Options;
}

export interface OfflineInput {
  /** Connects at the first call; the runner closes it. */
  readonly connect: () => Promise<Result<ConsoleClient, CommandError>>;
  readonly positionals: readonly string[];
  readonly options: Options;
}

export function done(json: unknown, text: string): Result<CommandOutput, CommandError> {
  return ok({ json, text });
}

/** A refusal of the console, with everything it names. */
export function refused(refusal: ConsoleRefusal, fileName?: string): Result<never, CommandError> {
  const lines = [refusalHeadline(refusal)];
  for (const problem of refusal.problems ?? []) {
    if (problem.severity !== 'error') continue;
    const where = fileName === undefined ? 'line ' : `${fileName}:`;
    lines.push(`${where}${problem.line}:${problem.column}: ${problem.message}`);
  }
  if (refusal.reason === 'removes-everything') lines.push('Say --allow-empty to mean it.');
  const resources = refusal.resources ?? [];
  if (resources.length > 0) lines.push(`Resources: ${resources.join(', ')}`);
  return err({ exit: 1, detail: lines.join('\n') });
}

/** The same where a refusal only means that nobody can tell. */
export function untold(refusal: ConsoleRefusal): Result<never, CommandError> {
  return err({ exit: 3, detail: refusalHeadline(refusal) });
}

/** `12` or `r12`; null when it is neither. */
export function readRevision(text: string | undefined): number | null {
  const match = /^r?(\d{1,15})$/.exec(text ?? '');
  return match?.[1] === undefined ? null : Number(match[1]);
}

export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** Null when `-f` names something. */
export function checkFileOption(options: Options): string | null {
  const file = textOption(options, 'file');
  if (file === undefined) return '-f FILE is missing';
  return file === '' ? '-f FILE is empty' : null;
}

/** All values of an option that may be given several times. */
export function listOption(options: Options, name: string): readonly string[] {
  const value = options[name];
  return typeof value === 'object' ? value : [];
}
