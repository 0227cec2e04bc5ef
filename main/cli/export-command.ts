import { resolve } from 'node:path';
import process from 'node:process';
import type { ConsoleClient } from '../../client/console-client.ts';
import { utf8Length } from '../../core/config/utf8-length.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import {
  type CommandError,
  type CommandOutput,
  type ConsoleCommand,
  readRevision,
  refused,
  textOption,
} from './command.ts';
import { count, plainLines } from './text.ts';
import { writeWholeFile } from './write-whole-file.ts';

interface Exported {
  /** `r12`, `the draft on r12` */
  readonly name: string;
  readonly revision: number | null;
  readonly isDraft: boolean;
  readonly text: string;
}

/** Writes a revision or the draft as Gateway API YAML, comments and all. */
export const exportConfig: ConsoleCommand = {
  name: ['export'],
  usage: '[--revision N | --draft] [-o FILE] [--force]',
  summary: 'a revision or the draft as Gateway API YAML',
  help: [
    'Without --revision and --draft it is the head. The text is as it was written, with its',
    'comments, in UTF-8 without a byte order mark. Without -o it goes to the standard output.',
    '',
    '  -o FILE   writes a file; one that exists is kept unless --force is given',
  ],
  options: {
    revision: { type: 'string' },
    draft: { type: 'boolean' },
    output: { type: 'string', short: 'o' },
    force: { type: 'boolean' },
  },
  positionals: 0,
  check(_positionals, options) {
    const revision = textOption(options, 'revision');
    if (revision !== undefined && options.draft === true) {
      return '--revision and --draft exclude each other';
    }
    if (textOption(options, 'output') === '') return '-o FILE is empty';
    return revision === undefined || readRevision(revision) !== null
      ? null
      : `${revision} is not a revision`;
  },
  async run({ client, options }) {
    const revision = readRevision(textOption(options, 'revision'));
    const exported =
      options.draft === true ? await readDraft(client) : await readPublished(client, revision);
    if (!exported.ok) return exported;
    const { name, text, isDraft } = exported.value;
    const bytes = utf8Length(text);
    const json = { revision: exported.value.revision, draft: isDraft, bytes };
    const output = textOption(options, 'output');
    if (output === undefined) return ok({ json: { ...json, text }, text: harmless(text) });
    const path = resolve(output);
    const written = writeNew(path, text, options.force === true);
    if (!written.ok) return written;
    return ok<CommandOutput>({
      json: { ...json, path },
      text: `${path}: ${name}, ${count(bytes)} bytes.`,
    });
  },
};

/** The newest draft of whoever runs the console. */
async function readDraft(client: ConsoleClient): Promise<Result<Exported, CommandError>> {
  const answer = await client.request('get-draft', {});
  if (!answer.ok) return refused(answer.error);
  const draft = answer.value;
  if (draft === null) return err({ exit: 1, detail: 'There is no draft.' });
  const name = draft.base === null ? 'the draft' : `the draft on r${draft.base}`;
  return ok({ name, revision: draft.base, isDraft: true, text: draft.text });
}

async function readPublished(
  client: ConsoleClient,
  wanted: number | null,
): Promise<Result<Exported, CommandError>> {
  const answer = await client.request('get-config', wanted === null ? {} : { revision: wanted });
  if (!answer.ok) return refused(answer.error);
  const { revision, text } = answer.value;
  if (revision === null) return err({ exit: 1, detail: 'Nothing is published yet.' });
  return ok({ name: `r${revision}`, revision, isDraft: false, text });
}

/**
 * A config was checked to be text, but a comment may hold anything: for a terminal what could move
 * the cursor is left to `-o`. To a pipe or a file every byte goes as it is.
 */
function harmless(text: string): string {
  return process.stdout.isTTY === true ? plainLines(text) : text;
}

function writeNew(path: string, text: string, mayReplace: boolean): Result<null, CommandError> {
  try {
    writeWholeFile(path, text, mayReplace);
    return ok(null);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const detail =
      why === 'EEXIST'
        ? `${path} exists and was kept; say --force to write over it.`
        : `${path} cannot be written (${why}).`;
    return err({ exit: 1, detail });
  }
}
