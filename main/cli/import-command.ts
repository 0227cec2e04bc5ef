import type { ConsoleClient } from '../../client/console-client.ts';
import { changedInWords } from '../../core/config/changed-in-words.ts';
import { mergeConfigs } from '../../core/config/merge-configs.ts';
import { splitDocuments } from '../../core/gateway/split-documents.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
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
import { draftProblems } from './draft-problems.ts';
import { readConfigInput } from './read-config-input.ts';
import { count, plain } from './text.ts';

/** Resources named of one sort; the rest is counted. `--json` has them all. */
const NAMED_MAX = 50;
/** Times that the draft is read again because somebody else saved it in between. */
const ATTEMPTS_MAX = 5;

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
    '  --allow-empty    FILE, or with -m the result, may hold no resource that nodes serve',
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
    for (let attempt = 1; ; attempt += 1) {
      const taken = await takeIn(client, options, { name, text });
      if (taken !== 'draft-changed') return taken;
      // Whoever saved in between loses nothing: the file is merged into what they saved.
      if (attempt === ATTEMPTS_MAX) return err({ exit: 1, detail: BUSY_DRAFT });
    }
  },
};

const BUSY_DRAFT =
  'The draft was saved from elsewhere again and again meanwhile, so nothing was imported. Try again when nobody edits it.';

type Taken = Result<CommandOutput, CommandError>;

/** Once through: read the base, merge, save or publish. */
async function takeIn(
  client: ConsoleClient,
  options: Options,
  file: { readonly name: string; readonly text: string },
): Promise<Taken | 'draft-changed'> {
  const base = await readBase(client, options);
  if (!base.ok) return base;
  const mode = options.replace === true ? 'replace' : 'merge';
  const merged = mergeConfigs(base.value.text, file.text, mode);
  if (!merged.ok) return err({ exit: 1, detail: `${file.name}: ${merged.error}` });
  const allowEmpty = options['allow-empty'] === true;
  const preview = { base: base.value, merged: merged.value, fileName: file.name, allowEmpty };
  if (options['dry-run'] === true) return ok(dryRunOutput(preview));
  const message = textOption(options, 'message');
  return message === undefined ? save(client, preview) : publish(client, preview, message);
}

type Merged = Extract<ReturnType<typeof mergeConfigs>, { ok: true }>['value'];

interface Base {
  /** `r12`, `the draft on r12`, `nothing published` */
  readonly name: string;
  readonly revision: number | null;
  readonly isDraft: boolean;
  /** `savedAtMs` of the draft that is there for this revision; null when there is none. */
  readonly heldAtMs: number | null;
  readonly text: string;
}

interface Preview {
  readonly base: Base;
  readonly merged: Merged;
  readonly fileName: string;
  /** A result without any resource that nodes serve is meant. */
  readonly allowEmpty: boolean;
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
    const { base: revision, savedAtMs: heldAtMs, text } = draft;
    return ok({ name, revision, isDraft: true, heldAtMs, text });
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
  const own = await client.request('get-draft', { base: revision });
  if (!own.ok) return refused(own.error);
  // A draft that came in between is not one that may give way.
  const mayGiveWay = options['discard-draft'] === true;
  const heldAtMs = mayGiveWay ? (own.value?.savedAtMs ?? null) : null;
  return ok({ name, revision, isDraft: false, heldAtMs, text });
}

async function saveDraft(
  client: ConsoleClient,
  { base, merged }: Preview,
): Promise<ConsoleRefusal | null> {
  const { revision, heldAtMs: expected } = base;
  const draft = { text: merged.text, base: revision, expected };
  const saved = await client.request('save-draft', draft);
  return saved.ok ? null : saved.error;
}

function dryRunOutput({ base, merged }: Preview): CommandOutput {
  const { errors, lines } = draftProblems(merged.text);
  const said = `On ${base.name}; nothing was changed.`;
  const text = [...previewLines(merged), said, ...lines].join('\n');
  return { json: { ...jsonOf(base, merged, null), errors }, text };
}

async function save(client: ConsoleClient, preview: Preview): Promise<Taken | 'draft-changed'> {
  const { base, merged } = preview;
  const refusal = await saveDraft(client, preview);
  if (refusal?.reason === 'draft-changed') return 'draft-changed';
  if (refusal !== null) return refused(refusal);
  const { errors, lines } = draftProblems(merged.text);
  const said = `Saved as the draft, made from ${base.name}.`;
  return ok({
    json: { ...jsonOf(base, merged, null), errors },
    text: [...previewLines(merged), said, ...lines].join('\n'),
  });
}

async function publish(
  client: ConsoleClient,
  preview: Preview,
  message: string,
): Promise<Taken | 'draft-changed'> {
  const { base, merged } = preview;
  const { text } = merged;
  // Saved first, so that nothing of it is lost where publishing is refused.
  if (base.isDraft) {
    const refusal = await saveDraft(client, preview);
    if (refusal?.reason === 'draft-changed') return 'draft-changed';
    if (refusal !== null) return refused(refusal);
  }
  const answer = await client.request('publish', {
    text,
    base: base.revision,
    message,
    ...(preview.allowEmpty ? { allowEmpty: true } : {}),
  });
  if (!answer.ok) return refused(answer.error, 'result');
  const { revision, changed, removed } = answer.value;
  const said = `r${revision} published; ${changedInWords(changed, removed)}.`;
  return ok({
    json: jsonOf(base, merged, answer.value),
    text: [...previewLines(merged), said].join('\n'),
  });
}

function jsonOf(
  base: Base,
  { added, changed, same, kept, removed }: Merged,
  published: PublishOutcome | null,
) {
  const from = { revision: base.revision, draft: base.isDraft };
  return { base: from, added, changed, same, kept, removed, published };
}

function previewLines({ added, changed, same, kept, removed }: Merged): readonly string[] {
  return [
    ...named('+', added),
    ...named('~', changed),
    ...named('-', removed),
    `${count(added.length)} added, ${count(changed.length)} changed, ${count(same.length)} the same, ${count(removed.length)} removed, ${count(kept.length)} kept.`,
  ];
}

function named(mark: string, keys: readonly string[]): readonly string[] {
  const lines = keys.slice(0, NAMED_MAX).map((key) => `${mark} ${plain(key)}`);
  if (keys.length > NAMED_MAX) lines.push(`${mark} and ${count(keys.length - NAMED_MAX)} more`);
  return lines;
}
