import type { parseArgs } from 'node:util';
import type { ConsoleClient } from '../../client/console-client.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import { refusalHeadline } from '../host/first-config.ts';

type OptionConfig = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;
export type Options = Readonly<Record<string, string | boolean | undefined>>;

/** Why a command did not do what it was asked. */
export type CommandError =
  | { readonly exit: 2; readonly detail: string }
  | { readonly exit: 1; readonly detail: string };

/** What a command prints: the same answer for people and for programs. */
export interface CommandOutput {
  readonly json: unknown;
  readonly text: string;
}

/** A subcommand that asks a running console. */
export interface Command {
  /** `['fleet', 'resize']` */
  readonly name: readonly string[];
  /** After the name, for instance `N`. */
  readonly usage: string;
  readonly summary: string;
  readonly options: OptionConfig;
  readonly positionals: number;
  /** Checks arguments before anything is connected; null when they are fine. */
  readonly check?: (positionals: readonly string[], options: Options) => string | null;
  readonly run: (input: CommandInput) => Promise<Result<CommandOutput, CommandError>>;
}

export interface CommandInput {
  readonly client: ConsoleClient;
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
  const resources = refusal.resources ?? [];
  if (resources.length > 0) lines.push(`Resources: ${resources.join(', ')}`);
  return err({ exit: 1, detail: lines.join('\n') });
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
