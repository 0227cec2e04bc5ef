import { readFileSync } from 'node:fs';
import { join, resolve as resolvePath } from 'node:path';
import { parseArgs } from 'node:util';
import { type ConsoleClient, createConsoleClient } from '../../client/console-client.ts';
import { repeatedOption, unreadOptions } from '../../core/lib/option-problems.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { ADDRESS_FILE, defaultDataDirectory, readConsoleAddress } from '../host/console-address.ts';
import { EMPTY_DATA_DETAIL } from '../host/serve-options.ts';
import type { Command, CommandError, CommandOutput, Options } from './command.ts';
import { jsonText } from './text.ts';

interface ParsedCommand {
  readonly positionals: readonly string[];
  readonly options: Options;
}

/** What is to be written, and how the process ends. */
export interface Printed {
  readonly text: string;
  readonly notes: readonly string[];
  readonly exit: 0 | 1 | 3;
}

/** Parses, connects where the command needs it, asks and gives what is to be printed. */
export async function runCommand(
  command: Command,
  args: readonly string[],
): Promise<Result<Printed, CommandError>> {
  const parsed = parseCommand(command, args);
  if (!parsed.ok) return err({ exit: 2, detail: parsed.error });
  const { positionals, options } = parsed.value;
  if (options.help === true) return ok({ text: helpOf(command), notes: [], exit: 0 });
  const connection = new LazyConnection(dataDirectoryOf(options));
  try {
    const output = await runWith(command, connection, { positionals, options });
    if (!output.ok) return output;
    const { json, text, notes = [], exit = 0 } = output.value;
    return ok({ text: options.json === true ? jsonText(json) : text, notes, exit });
  } finally {
    connection.close();
  }
}

async function runWith(
  command: Command,
  connection: LazyConnection,
  parsed: ParsedCommand,
): Promise<Result<CommandOutput, CommandError>> {
  if ('runOffline' in command) {
    return command.runOffline({ connect: () => connection.open(), ...parsed });
  }
  const client = await connection.open();
  return client.ok ? command.run({ client: client.value, ...parsed }) : client;
}

/** The console that runs on a data directory, asked for at the first need of it. */
class LazyConnection {
  readonly #dataDir: string;
  #client: ConsoleClient | null = null;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  async open(): Promise<Result<ConsoleClient, CommandError>> {
    if (this.#client !== null) return ok(this.#client);
    const address = readConsoleAddress(this.#dataDir);
    if (address === null) return err(unreadable(this.#dataDir) ?? notRunning(this.#dataDir));
    const client = createConsoleClient({ ...address, WebSocket, reconnect: false });
    this.#client = client;
    const isOpen = await new Promise<boolean>((resolve) => {
      client.onConnection((state) => {
        if (state !== 'connecting') resolve(state === 'open');
      });
    });
    return isOpen ? ok(client) : err(notRunning(this.#dataDir));
  }

  close(): void {
    this.#client?.close();
  }
}

function dataDirectoryOf({ data }: Options): string {
  return typeof data === 'string' ? data : defaultDataDirectory(process.platform, process.env);
}

/** `holdfast fleet resize N [--data DIR] [--json]` */
export function usageOf(command: Command): string {
  const words = ['holdfast', ...command.name, command.usage].filter((word) => word !== '');
  return `${words.join(' ')} [--data DIR] [--json]`;
}

function helpOf(command: Command): string {
  const { summary, help = [] } = command;
  const said = `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
  return [`Usage: ${usageOf(command)}`, '', said, ...help].join('\n');
}

function parseCommand(command: Command, args: readonly string[]): Result<ParsedCommand, string> {
  try {
    const known = {
      ...command.options,
      data: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      options: known,
      allowPositionals: true,
      strict: true,
      tokens: true,
    });
    if (values.help === true) return ok({ positionals, options: { help: true } });
    const repeated = repeatedOption(tokens, known);
    if (repeated !== null) return err(repeated);
    if (positionals.length !== command.positionals) {
      const words = command.positionals === 1 ? '1 argument' : `${command.positionals} arguments`;
      return err(`expected ${words}, got ${positionals.length}`);
    }
    const options: Record<string, Options[string]> = {};
    for (const [name, value] of Object.entries(values)) {
      options[name] = Array.isArray(value) ? value.map(String) : value;
    }
    if (options.data === '') return err(EMPTY_DATA_DETAIL);
    const wrong = command.check?.(positionals, options) ?? null;
    return wrong === null ? ok({ positionals, options }) : err(wrong);
  } catch (error) {
    return err(unreadOptions(error));
  }
}

/** A console may run where its address is not ours to read; null when there is no such file. */
function unreadable(dataDir: string): CommandError | null {
  const path = join(resolvePath(dataDir), ADDRESS_FILE);
  try {
    readFileSync(path);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    const who = code === 'EACCES' ? ' Only the user who started that console can use it.' : '';
    return { exit: 1, detail: `${path} cannot be read (${code}).${who}` };
  }
}

function notRunning(dataDir: string): CommandError {
  return {
    exit: 1,
    detail: `No console runs on ${dataDir}. Start one with: holdfast serve --data ${dataDir}`,
  };
}
