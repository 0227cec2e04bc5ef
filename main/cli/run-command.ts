import { readFileSync } from 'node:fs';
import { join, resolve as resolvePath } from 'node:path';
import { parseArgs } from 'node:util';
import { createConsoleClient } from '../../client/console-client.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { ADDRESS_FILE, defaultDataDirectory, readConsoleAddress } from '../host/console-address.ts';
import { EMPTY_DATA_DETAIL } from '../host/serve-options.ts';
import type { Command, CommandError, Options } from './command.ts';
import { jsonText } from './text.ts';

interface ParsedCommand {
  readonly positionals: readonly string[];
  readonly options: Options;
}

/** Parses, connects, asks and gives what is to be printed. */
export async function runCommand(
  command: Command,
  args: readonly string[],
): Promise<Result<string, CommandError>> {
  const parsed = parseCommand(command, args);
  if (!parsed.ok) return err({ exit: 2, detail: parsed.error });
  const { positionals, options } = parsed.value;
  const data = options.data;
  const dataDir =
    typeof data === 'string' ? data : defaultDataDirectory(process.platform, process.env);
  const address = readConsoleAddress(dataDir);
  if (address === null) return err(unreadable(dataDir) ?? notRunning(dataDir));
  const client = createConsoleClient({ ...address, WebSocket, reconnect: false });
  try {
    const isOpen = await new Promise<boolean>((resolve) => {
      client.onConnection((state) => {
        if (state !== 'connecting') resolve(state === 'open');
      });
    });
    if (!isOpen) return err(notRunning(dataDir));
    const output = await command.run({ client, positionals, options });
    if (!output.ok) return output;
    return ok(options.json === true ? jsonText(output.value.json) : output.value.text);
  } finally {
    client.close();
  }
}

/** `holdfast fleet resize N [--data DIR] [--json]` */
export function usageOf(command: Command): string {
  const words = ['holdfast', ...command.name, command.usage].filter((word) => word !== '');
  return `${words.join(' ')} [--data DIR] [--json]`;
}

function parseCommand(command: Command, args: readonly string[]): Result<ParsedCommand, string> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...command.options, data: { type: 'string' }, json: { type: 'boolean' } },
      allowPositionals: true,
      strict: true,
    });
    if (positionals.length !== command.positionals) {
      const words = command.positionals === 1 ? '1 argument' : `${command.positionals} arguments`;
      return err(`expected ${words}, got ${positionals.length}`);
    }
    const options: Record<string, string | boolean | undefined> = {};
    for (const [name, value] of Object.entries(values)) {
      if (!Array.isArray(value)) options[name] = value;
    }
    if (options.data === '') return err(EMPTY_DATA_DETAIL);
    const wrong = command.check?.(positionals, options) ?? null;
    return wrong === null ? ok({ positionals, options }) : err(wrong);
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
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
