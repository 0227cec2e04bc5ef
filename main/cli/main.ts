import process from 'node:process';
import { parseServeOptions, SERVE_USAGE } from '../host/serve-options.ts';
import type { Command } from './command.ts';
import { configCommands } from './config-commands.ts';
import { fleetCommands } from './fleet-commands.ts';
import { processCommands } from './process-commands.ts';
import { rehearse } from './rehearse-command.ts';
import { runCommand, usageOf } from './run-command.ts';
import { plainLines } from './text.ts';
import { twin } from './twin-command.ts';
import { workbenchCommands } from './workbench-commands.ts';

/**
 * Entry of the `holdfast` command. Exit codes: 0 done, 1 refused or not fine, 2 usage, 3 it could not
 * be told.
 */

const COMMANDS: readonly Command[] = [
  ...fleetCommands,
  ...configCommands,
  ...workbenchCommands,
  twin,
  rehearse,
  ...processCommands,
];

// Whoever reads along may stop reading; that is no mishap of the command.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

const HELP_COLUMN = 38;

process.exitCode = await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<number> {
  const [first] = args;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    await write(helpText());
    return first === undefined ? 2 : 0;
  }
  if (first === 'serve') return runServe(args.slice(1));
  const command = COMMANDS.find(({ name }) => name.every((word, index) => args[index] === word));
  if (command === undefined) {
    complain(noCommandText(args));
    complain('Usage: holdfast COMMAND; “holdfast help” lists them.');
    return 2;
  }
  const result = await runCommand(command, args.slice(command.name.length));
  if (result.ok) {
    const { text, notes, exit } = result.value;
    for (const note of notes) complain(note);
    return (await write(text === '' || text.endsWith('\n') ? text : `${text}\n`)) ? exit : 1;
  }
  complain(result.error.detail);
  if (result.error.exit === 2) complain(`Usage: ${usageOf(command)}`);
  return result.error.exit;
}

async function runServe(args: readonly string[]): Promise<number> {
  const options = parseServeOptions(args);
  if (!options.ok) {
    complain(options.error);
    complain(`Usage: ${SERVE_USAGE}`);
    return 2;
  }
  try {
    // Loaded here alone: the other commands need neither SQLite nor a server.
    const { serve } = await import('./serve.ts');
    // Whatever is still open must not keep a console alive that was told to stop.
    process.exit(await serve(options.value));
  } catch (error) {
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    complain(`The console ended on an unexpected error: ${why}`);
    process.exit(1);
  }
}

function noCommandText(args: readonly string[]): string {
  const optionAt = args.findIndex((arg) => arg.startsWith('-'));
  if (optionAt === 0) return `A command comes first, before ${args[0]}.`;
  const [first = ''] = args;
  const longer = COMMANDS.filter(({ name }) => name.length > 1 && name[0] === first);
  if (longer.length > 0) {
    const names = longer.map(({ name }) => name.join(' ')).join(', ');
    return `“${first}” takes a second word: ${names}.`;
  }
  const words = args.slice(0, optionAt < 0 ? 2 : Math.min(optionAt, 2));
  return `There is no command ${words.join(' ')}.`;
}

function complain(line: string): void {
  process.stderr.write(`${plainLines(line)}\n`);
}

/**
 * Settles when the text is handed over, so that a pipe gets all of it. False when it is lost, except
 * to a reader that went away.
 */
function write(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error) => {
      const isLost = error != null && !('code' in error && error.code === 'EPIPE');
      if (isLost) complain(`The output cannot be written: ${error.message}.`);
      resolve(!isLost);
    });
  });
}

function helpText(): string {
  const rows = COMMANDS.map((command) => {
    const words = [...command.name, command.usage].filter((word) => word !== '').join(' ');
    // A long usage has a line of its own.
    const gap =
      words.length < HELP_COLUMN
        ? words.padEnd(HELP_COLUMN)
        : `${words}\n${' '.repeat(HELP_COLUMN + 2)}`;
    return `  ${gap}${command.summary}`;
  });
  return [
    `Usage: ${SERVE_USAGE}`,
    '       holdfast COMMAND [--data DIR] [--json]',
    '',
    ...rows,
    '',
    '“holdfast COMMAND --help” says more of one.',
    'Exit codes: 0 done; 1 refused, or not fine; 2 usage; 3 it could not be told (validate, suite run,',
    'route, rehearse). An answer is on the standard output, also one that is bad news; what keeps a command from',
    'answering, a refusal too, is on the error output.',
    '',
  ].join('\n');
}
