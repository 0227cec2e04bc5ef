import { changedInWords } from '../../core/config/changed-in-words.ts';
import { splitDocuments } from '../../core/gateway/split-documents.ts';
import { err } from '../../core/lib/result.ts';
import type { ResourceChange, RevisionRow } from '../../core/protocol/console-model.ts';
import { TEXT_CHARS_MAX } from '../../core/protocol/limits.ts';
import { readNumber } from '../host/serve-options.ts';
import { type Command, done, readRevision, refused, textOption } from './command.ts';
import { readConfigInput } from './read-config-input.ts';
import { count, duration, instant, plain, table } from './text.ts';

const HISTORY_MAX = 500;
const HISTORY_DEFAULT = 50;

const publish: Command = {
  name: ['publish'],
  usage: '-f FILE -m MESSAGE [--base N] [--allow-empty]',
  summary: 'publish a config as the new head',
  options: {
    file: { type: 'string', short: 'f' },
    message: { type: 'string', short: 'm' },
    base: { type: 'string' },
    'allow-empty': { type: 'boolean' },
  },
  positionals: 0,
  check(_positionals, options) {
    if (textOption(options, 'file') === undefined) return '-f FILE is missing';
    const message = textOption(options, 'message');
    if (message === undefined) return '-m MESSAGE is missing';
    const wrong = checkMessage(message);
    if (wrong !== null) return wrong;
    const base = textOption(options, 'base');
    return base === undefined || readRevision(base) !== null ? null : `${base} is not a revision`;
  },
  async run({ client, options }) {
    const name = textOption(options, 'file') ?? '';
    const file = await readConfigInput(name);
    if (!file.ok) return err({ exit: 1, detail: file.error.detail });
    const { text } = file.value;
    if (options['allow-empty'] !== true && splitDocuments(text).length === 0) {
      return err({ exit: 1, detail: emptyDetail(file.value.name) });
    }
    const base = readRevision(textOption(options, 'base'));
    const answer = await client.request('publish', {
      text,
      message: textOption(options, 'message') ?? '',
      ...(base === null ? {} : { base }),
      ...(options['allow-empty'] === true ? { allowEmpty: true } : {}),
    });
    if (!answer.ok) return refused(answer.error, file.value.name);
    const { revision, changed, removed } = answer.value;
    const warnings = answer.value.problems.map(
      ({ line, column, severity, message }) =>
        `${plain(file.value.name)}:${line}:${column}: ${severity}: ${plain(message)}`,
    );
    const said = `r${revision} published; ${changedInWords(changed, removed)}.`;
    return done(answer.value, [said, ...warnings].join('\n'));
  },
};

function emptyDetail(name: string): string {
  return `${name} holds no document, and publishing it would remove every resource; say --allow-empty to mean it.`;
}

/** Null when the console would take it. */
export function checkMessage(message: string): string | null {
  const { length } = message.trim();
  if (length === 0) return '-m MESSAGE is empty';
  if (length <= TEXT_CHARS_MAX) return null;
  return `-m MESSAGE has ${length} characters; at most ${TEXT_CHARS_MAX} are kept`;
}

const history: Command = {
  name: ['history'],
  usage: '[--limit N]',
  summary: 'revisions, newest first',
  options: { limit: { type: 'string' } },
  positionals: 0,
  check(_positionals, options) {
    const bounds = { min: 1, max: HISTORY_MAX };
    const limit = readNumber('--limit', textOption(options, 'limit'), HISTORY_DEFAULT, bounds);
    return limit.ok ? null : limit.error;
  },
  async run({ client, options }) {
    const limit = Number(textOption(options, 'limit') ?? HISTORY_DEFAULT);
    const answer = await client.request('list-revisions', { limit });
    if (!answer.ok) return refused(answer.error);
    const { revisions, complete } = answer.value;
    const note = complete ? '' : '\nThe control plane is down: this is what the console remembers.';
    return done(answer.value, `${historyTable(revisions)}${note}`);
  },
};

function historyTable(rows: readonly RevisionRow[]): string {
  return table(
    [
      { title: 'REVISION', align: 'right' },
      { title: 'PUBLISHED' },
      { title: 'AUTHOR' },
      { title: 'CHANGED', align: 'right' },
      { title: 'REACHED', align: 'right' },
      { title: 'T99', align: 'right' },
      { title: 'MESSAGE' },
    ],
    rows.map((row) => [
      `r${row.revision}`,
      instant(row.publishedAtMs),
      row.author,
      count(row.changed),
      row.convergence === null ? '-' : `${row.convergence.reached}/${row.convergence.nodes}`,
      row.convergence?.t99Ms == null ? '-' : duration(row.convergence.t99Ms),
      row.message,
    ]),
  );
}

const diff: Command = {
  name: ['diff'],
  usage: 'A B',
  summary: 'what revision B changes of revision A',
  options: {},
  positionals: 2,
  check: (positionals) => {
    const wrong = positionals.find((text) => readRevision(text) === null);
    return wrong === undefined ? null : `${wrong} is not a revision`;
  },
  async run({ client, positionals }) {
    const [from, to] = positionals.map(readRevision);
    const answer = await client.request('diff-revisions', { from: from ?? 0, to: to ?? 0 });
    if (!answer.ok) return refused(answer.error);
    const { changes } = answer.value;
    const json = { from: answer.value.from, to: answer.value.to, changes };
    return done(json, changes.length === 0 ? 'No difference.' : changes.map(changeText).join('\n'));
  },
};

const CHANGE_MARKS: Readonly<Record<ResourceChange['change'], string>> = {
  added: '+',
  removed: '-',
  changed: '~',
  'text-only': '#',
};

/** The kind was of no known kind when the other revision was published. */
const FORCE_WORDS: Readonly<Record<'begins' | 'ends', string>> = {
  begins: ' (not in force before: its kind was not known then)',
  ends: ' (no longer in force: its kind was not known then)',
};

function changeText(change: ResourceChange): string {
  const fields = change.fields.map(({ pointer, before, after }) => {
    const was = before === null ? 'absent' : plain(before);
    const is = after === null ? 'absent' : plain(after);
    return `    ${plain(pointer)}: ${was} → ${is}`;
  });
  return [`${CHANGE_MARKS[change.change]} ${plain(change.key)}${noteOf(change)}`, ...fields].join(
    '\n',
  );
}

function noteOf({ change, inForce }: ResourceChange): string {
  if (inForce !== undefined) return FORCE_WORDS[inForce];
  return change === 'text-only' ? ' (text only)' : '';
}

const rollback: Command = {
  name: ['rollback'],
  usage: 'N [-m MESSAGE] [--allow-empty]',
  summary: 'publish the content of revision N as a new revision',
  options: { message: { type: 'string', short: 'm' }, 'allow-empty': { type: 'boolean' } },
  positionals: 1,
  check([text], options) {
    if (readRevision(text) === null) return `${text} is not a revision`;
    const message = textOption(options, 'message');
    return message === undefined ? null : checkMessage(message);
  },
  async run({ client, positionals, options }) {
    const to = readRevision(positionals[0]) ?? 0;
    const message = textOption(options, 'message');
    const answer = await client.request('rollback', {
      to,
      ...(message === undefined ? {} : { message }),
      ...(options['allow-empty'] === true ? { allowEmpty: true } : {}),
    });
    if (!answer.ok) return refused(answer.error);
    return done(answer.value, `r${answer.value.revision} published with the content of r${to}.`);
  },
};

const adopt: Command = {
  name: ['adopt'],
  usage: '',
  summary: 'take over what a fleet serves that is ahead of a restored control plane',
  options: {},
  positionals: 0,
  async run({ client }) {
    const answer = await client.request('adopt-fleet', {});
    if (!answer.ok) return refused(answer.error);
    return done(answer.value, `r${answer.value.revision} published with what the fleet serves.`);
  },
};

export const configCommands: readonly Command[] = [publish, history, diff, rollback, adopt];
