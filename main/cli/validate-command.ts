import { parseConfig } from '../../core/gateway/parse-config.ts';
import type { Problem } from '../../core/gateway/problem.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import type { NodeRejection } from '../../core/protocol/control-plane-control.ts';
import {
  type CommandError,
  type CommandOutput,
  checkFileOption,
  type OfflineCommand,
  type OfflineInput,
  textOption,
  untold,
} from './command.ts';
import { readConfigInput } from './read-config-input.ts';
import { count, plain } from './text.ts';

/** Checks a config without a console; with `--nodes` it asks one who would reject it. */
export const validate: OfflineCommand = {
  name: ['validate'],
  usage: '-f FILE [--strict] [--nodes]',
  summary: 'check a config: shape, meaning, references',
  help: [
    'Needs no running console, except for --nodes. “-f -” reads the standard input.',
    '',
    '  --strict  warnings count as errors',
    '  --nodes   asks the running console which nodes would reject the config',
    '',
    'Exit codes: 0 no errors, 1 errors or rejecting nodes, 2 usage, 3 the file cannot be read, is empty, or',
    'nobody can tell about the nodes.',
  ],
  options: {
    file: { type: 'string', short: 'f' },
    strict: { type: 'boolean' },
    nodes: { type: 'boolean' },
  },
  positionals: 0,
  check: (_positionals, options) => checkFileOption(options),
  async runOffline(input) {
    const { options } = input;
    const file = await readConfigInput(textOption(options, 'file') ?? '');
    if (!file.ok) return err({ exit: 3, detail: file.error.detail });
    const { name, text } = file.value;
    const parsed = parseConfig(text);
    const { problems } = parsed;
    // Most likely whatever should have made the config did not: no success to gate on.
    if (parsed.documents.length === 0 && problems.length === 0) {
      return err({ exit: 3, detail: `${name} holds no document, so there is nothing to check.` });
    }
    const rejecting = options.nodes === true ? await rejectingNodes(input, text) : ok(null);
    if (!rejecting.ok) return rejecting;
    const rejections = rejecting.value;
    const tally = tallyOf(problems);
    const isFine =
      tally.errors === 0 &&
      (options.strict !== true || tally.warnings === 0) &&
      (rejections === null || rejections.length === 0);
    const lines = [
      ...problems.flatMap((problem) => problemText(name, problem)),
      ...(rejections ?? []).map(rejectionText),
      summaryText(name, parsed.documents.length, tally, rejections),
    ];
    return ok<CommandOutput>({
      json: {
        file: name,
        ok: isFine,
        documents: parsed.documents.length,
        ...tally,
        problems,
        rejectingNodes: rejections,
      },
      text: lines.join('\n'),
      exit: isFine ? 0 : 1,
    });
  },
};

async function rejectingNodes(
  { connect }: OfflineInput,
  text: string,
): Promise<Result<readonly NodeRejection[], CommandError>> {
  const client = await connect();
  if (!client.ok) return err({ exit: 3, detail: client.error.detail });
  const answer = await client.value.request('validate', { text });
  if (!answer.ok) return untold(answer.error);
  const { rejectingNodes: rejections } = answer.value;
  if (rejections !== null) return ok(rejections);
  const detail = 'The control plane is down, so nobody can tell which nodes would reject it.';
  return err({ exit: 3, detail });
}

interface Tally {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

function tallyOf(problems: readonly Problem[]): Tally {
  const of = (severity: Problem['severity']) =>
    problems.filter((problem) => problem.severity === severity).length;
  return { errors: of('error'), warnings: of('warning'), infos: of('info') };
}

function problemText(name: string, problem: Problem): readonly string[] {
  const { line, column, severity, message, fix } = problem;
  const text = `${plain(name)}:${line}:${column}: ${severity}: ${plain(message)}`;
  return fix === undefined ? [text] : [text, `    fix: ${plain(fix.title)}`];
}

function rejectionText({ agentVersion, resource, detail, nodes }: NodeRejection): string {
  const who = nodes === 1 ? '1 node' : `${count(nodes)} nodes`;
  return plain(`${who} of agent ${agentVersion} would reject ${resource}: ${detail}`);
}

function summaryText(
  name: string,
  documents: number,
  { errors, warnings }: Tally,
  rejections: readonly NodeRejection[] | null,
): string {
  const parts = [
    documents === 1 ? '1 document' : `${count(documents)} documents`,
    errors === 1 ? '1 error' : `${count(errors)} errors`,
    warnings === 1 ? '1 warning' : `${count(warnings)} warnings`,
  ];
  if (rejections?.length === 0) parts.push('no node would reject it');
  return `${plain(name)}: ${parts.join(', ')}.`;
}
