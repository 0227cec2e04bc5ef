import type { ConsoleClient } from '../../client/console-client.ts';
import { mergeConfigs } from '../../core/config/merge-configs.ts';
import { splitDocuments } from '../../core/gateway/split-documents.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import type { PublishOutcome } from '../../core/protocol/console-model.ts';
import {
  type CommandError,
  type CommandOutput,
  type ConsoleCommand,
  checkFileOption,
  type Options,
  refused,
  textOption,
} from './command.ts';
import { checkMessage } from './config-commands.ts';
import { readConfigInput } from './read-config-input.ts';
import { count, plain } from './text.ts';

/** Resources named of one sort; the rest is counted. `--json` has them all. */
const NAMED_MAX = 50;

/** Takes a file into the draft, or publishes it, and says first what that does. */
export const importConfig: ConsoleCommand = {
  name: ['import'],
  usage:
    '-f FILE [--merge | --replace] [--dry-run] [-m MESSAGE] [--into-draft | --discard-draft] [--allow-empty]',
  summary: 'take a file into the draft, or publish it, with a preview',
  help: [
    'The base is the head, and the result is saved as the draft.',
    '',
    '  --merge          resources of FILE are added or replace those of the same name; all others are',
    '                   kept (this is what happens without it)',
    '  --replace        what FILE does not hold is removed',
    '  --dry-run        prints what would change, and changes nothing',
    '  -m MESSAGE       publishes the result instead of saving it; the draft is untouched',
    '  --into-draft     the base is the draft that there is',
    '  --discard-draft  the draft that there is gives way',
    '  --allow-empty    with --replace: an empty FILE may remove every resource',
    '',
    'Where a draft exists already, it is refused to save over it without one of these two.',
  ],
  options: {
    file: { type: 'string', short: 'f' },
    merge: { type: 'boolean' },
    replace: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    message: { type: 'string', short: 'm' },
    'into-draft': { type: 'boolean' },
    'discard-draft': { type: 'boolean' },
    'allow-empty': { type: 'boolean' },
  },
  positionals: 0,
  check(_positionals, options) {
    const noFile = checkFileOption(options);
    if (noFile !== null) return noFile;
    if (options.merge === true && options.replace === true) {
      return '--merge and --replace exclude each other';
    }
    if (options['into-draft'] === true && options['discard-draft'] === true) {
      return '--into-draft and --discard-draft exclude each other';
    }
    const message = textOption(options, 'message');
    if (message === undefined) return null;
    if (options['discard-draft'] === true) return '-m leaves the draft; drop --discard-draft';
    return checkMessage(message);
  },
  async run({ client, options }) {
    const file = await readConfigInput(textOption(options, 'file') ?? '');
    if (!file.ok) return err({ exit: 1, detail: file.error.detail });
    const { name, text } = file.value;
    if (options['allow-empty'] !== true && splitDocuments(text).length === 0) {
      return err({ exit: 1, detail: `${name} holds no document, so there is nothing to import.` });
    }
    const base = await readBase(client, options);
    if (!base.ok) return base;
    const merged = mergeConfigs(
      base.value.text,
      text,
      options.replace === true ? 'replace' : 'merge',
    );
    if (!merged.ok) return err({ exit: 1, detail: `${name}: ${merged.error}` });
    const preview = { base: base.value, merged: merged.value, fileName: name };
    if (options['dry-run'] === true) return ok(dryRunOutput(preview));
    const message = textOption(options, 'message');
    return message === undefined ? save(client, preview) : publish(client, preview, message);
  },
};

type Merged = Extract<ReturnType<typeof mergeConfigs>, { ok: true }>['value'];

interface Base {
  /** `r12`, `the draft on r12`, `nothing published` */
  readonly name: string;
  readonly revision: number | null;
  readonly isDraft: boolean;
  readonly text: string;
}

interface Preview {
  readonly base: Base;
  readonly merged: Merged;
  readonly fileName: string;
}

/** Refuses where a draft would be lost that nobody spoke of. */
async function readBase(
  client: ConsoleClient,
  options: Options,
): Promise<Result<Base, CommandError>> {
  const held = await client.request('get-draft', {});
  if (!held.ok) return refused(held.error);
  const draft = held.value;
  if (draft !== null && options['into-draft'] === true) {
    const name = draft.base === null ? 'the draft' : `the draft on r${draft.base}`;
    return ok({ name, revision: draft.base, isDraft: true, text: draft.text });
  }
  const savesOver =
    options['dry-run'] !== true &&
    textOption(options, 'message') === undefined &&
    options['discard-draft'] !== true;
  if (draft !== null && savesOver) {
    const on = draft.base === null ? '' : ` on r${draft.base}`;
    const detail = `There is a draft${on} already, and it was kept. Say --into-draft to import into it, --discard-draft to give it up, or -m MESSAGE to publish on the head.`;
    return err({ exit: 1, detail });
  }
  const head = await client.request('get-config', {});
  if (!head.ok) return refused(head.error);
  const { revision, text } = head.value;
  const name = revision === null ? 'nothing published' : `r${revision}`;
  return ok({ name, revision, isDraft: false, text });
}

function dryRunOutput({ base, merged }: Preview): CommandOutput {
  const text = [...previewLines(merged), `On ${base.name}; nothing was changed.`].join('\n');
  return { json: jsonOf(base, merged, null), text };
}

async function save(
  client: ConsoleClient,
  { base, merged }: Preview,
): Promise<Result<CommandOutput, CommandError>> {
  const saved = await client.request('save-draft', { text: merged.text, base: base.revision });
  if (!saved.ok) return refused(saved.error);
  return ok({
    json: jsonOf(base, merged, null),
    text: [...previewLines(merged), `Saved as the draft, made from ${base.name}.`].join('\n'),
  });
}

async function publish(
  client: ConsoleClient,
  { base, merged }: Preview,
  message: string,
): Promise<Result<CommandOutput, CommandError>> {
  const { text } = merged;
  // Saved first, so that nothing of it is lost where publishing is refused.
  if (base.isDraft) {
    const saved = await client.request('save-draft', { text, base: base.revision });
    if (!saved.ok) return refused(saved.error);
  }
  const answer = await client.request('publish', { text, base: base.revision, message });
  if (!answer.ok) return refused(answer.error, 'result');
  const said = `r${answer.value.revision} published; ${count(answer.value.changed)} resources changed.`;
  return ok({
    json: jsonOf(base, merged, answer.value),
    text: [...previewLines(merged), said].join('\n'),
  });
}

function jsonOf(
  base: Base,
  { added, changed, kept, removed }: Merged,
  published: PublishOutcome | null,
) {
  const from = { revision: base.revision, draft: base.isDraft };
  return { base: from, added, changed, kept, removed, published };
}

function previewLines({ added, changed, kept, removed }: Merged): readonly string[] {
  return [
    ...named('+', added),
    ...named('~', changed),
    ...named('-', removed),
    `${count(added.length)} added, ${count(changed.length)} changed, ${count(removed.length)} removed, ${count(kept.length)} kept.`,
  ];
}

function named(mark: string, keys: readonly string[]): readonly string[] {
  const lines = keys.slice(0, NAMED_MAX).map((key) => `${mark} ${plain(key)}`);
  if (keys.length > NAMED_MAX) lines.push(`${mark} and ${count(keys.length - NAMED_MAX)} more`);
  return lines;
}
