import { answerSuite, type SuiteAnswer } from '../../core/gateway/suite/answer-suite.ts';
import { compareSuite, type SuiteComparison } from '../../core/gateway/suite/compare-suite.ts';
import { readSuiteTable } from '../../core/gateway/suite/read-suites.ts';
import type { SuiteRequest } from '../../core/gateway/suite/suite-request.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { problemLines } from '../host/first-config.ts';
import {
  type CommandError,
  type CommandOutput,
  checkFileOption,
  type OfflineCommand,
  type OfflineInput,
  type Options,
  readRevision,
  textOption,
  untold,
} from './command.ts';
import { cellNotes, errorNotes, type LoadedConfig, loadConfig, loadText } from './load-config.ts';
import { count, plain, table } from './text.ts';

/** Asks a config the requests of its suites. */
export const suiteRun: OfflineCommand = {
  name: ['suite', 'run'],
  usage: '[-f FILE] [--against N|head|draft] [--compare FILE] [--fail-on-change] [--cell C]',
  summary: 'ask a config the requests of its suites',
  help: [
    'With -f no console is needed: the suites in FILE are asked of the config in FILE. Without it the',
    'running console’s head is asked its own suites, or what --against names.',
    '',
    '  --against N|head|draft  the config to ask; with -f, the suites are those of FILE',
    '  --compare FILE          the config from before: lists the requests that now end otherwise',
    '  --fail-on-change        with --compare: such a request makes it exit with 1',
    '  --cell C                as a node of this cell would answer; flags may differ by cell',
    '',
    'Exit codes: 0 every expectation holds, 1 one does not, or the config has errors, 2 usage,',
    '3 there is nothing to ask, or it cannot be read.',
  ],
  options: {
    file: { type: 'string', short: 'f' },
    against: { type: 'string' },
    compare: { type: 'string' },
    'fail-on-change': { type: 'boolean' },
    cell: { type: 'string' },
  },
  positionals: 0,
  check(_positionals, options) {
    const noFile = options.file === undefined ? null : checkFileOption(options);
    if (noFile !== null) return noFile;
    const against = textOption(options, 'against');
    if (against !== undefined && !['head', 'draft'].includes(against)) {
      if (readRevision(against) === null) return `${against} is neither head, draft nor a revision`;
    }
    const compare = textOption(options, 'compare');
    if (compare === '-' && textOption(options, 'file') === '-') {
      return '-f and --compare cannot both read the standard input';
    }
    if (compare === undefined && options['fail-on-change'] === true) {
      return '--fail-on-change needs --compare FILE';
    }
    return null;
  },
  async runOffline(input) {
    const { options } = input;
    const configs = await loadConfigs(input);
    if (!configs.ok) return configs;
    const { asked, suites, before } = configs.value;
    const { requests, leftOut } = readSuiteTable(suites.parsed);
    if (requests.length === 0) {
      if (asked.errors.length > 0) return unaskable(asked);
      return err({ exit: 3, detail: `${suites.name} holds no RequestSuite with a request in it.` });
    }
    const context = { cell: textOption(options, 'cell') ?? '', atMs: Date.now() };
    const notes = [
      ...errorNotes(asked),
      ...(before === null ? [] : errorNotes(before)),
      ...cellNotes(asked, context.cell),
    ];
    if (leftOut > 0) notes.push(leftOutNote(leftOut));
    const report = { asked, requests, notes, leftOut };
    if (before === null) return answered(report, answerSuite(asked.gateway, requests, context));
    const comparisons = compareSuite(before.gateway, asked.gateway, requests, context);
    return compared(report, comparisons, options['fail-on-change'] === true);
  },
};

interface Report {
  readonly asked: LoadedConfig;
  readonly requests: readonly SuiteRequest[];
  readonly notes: readonly string[];
  readonly leftOut: number;
}

interface SuiteConfigs {
  readonly asked: LoadedConfig;
  /** Where the suites are from. */
  readonly suites: LoadedConfig;
  readonly before: LoadedConfig | null;
}

async function loadConfigs(input: OfflineInput): Promise<Result<SuiteConfigs, CommandError>> {
  const { options } = input;
  const path = textOption(options, 'file');
  const against = textOption(options, 'against');
  const wanted = against === undefined ? 'resources or problems' : 'suites';
  const file = path === undefined ? null : await loadConfig(path, wanted);
  if (file !== null && !file.ok) return file;
  const named =
    file === null || against !== undefined ? await loadNamed(input, against ?? 'head') : file;
  if (!named.ok) return named;
  const comparePath = textOption(options, 'compare');
  const before = comparePath === undefined ? null : await loadConfig(comparePath);
  if (before !== null && !before.ok) return before;
  return ok({
    asked: named.value,
    suites: file?.value ?? named.value,
    before: before?.value ?? null,
  });
}

/** The running console's head, draft or a revision. */
async function loadNamed(
  { connect }: { readonly connect: OfflineInput['connect']; readonly options: Options },
  named: string,
): Promise<Result<LoadedConfig, CommandError>> {
  const client = await connect();
  if (!client.ok) return err({ exit: 3, detail: client.error.detail });
  if (named === 'draft') {
    const draft = await client.value.request('get-draft', {});
    if (!draft.ok) return untold(draft.error);
    if (draft.value === null) return err({ exit: 3, detail: 'There is no draft.' });
    return loadText({ name: 'the draft', text: draft.value.text }, 'resources or problems');
  }
  const revision = readRevision(named);
  const config = await client.value.request('get-config', revision === null ? {} : { revision });
  if (!config.ok) return untold(config.error);
  if (config.value.revision === null) return err({ exit: 3, detail: 'Nothing is published yet.' });
  return loadText({ name: `r${config.value.revision}`, text: config.value.text });
}

/** A config with errors is bad news whether or not a suite can be read out of it. */
function unaskable({ name, errors }: LoadedConfig): Result<CommandOutput, CommandError> {
  const what = errors.length === 1 ? 'an error' : `${count(errors.length)} errors`;
  return ok({
    json: { config: name, ok: false, errors, failed: 0, leftOut: 0, requests: [] },
    text: `${problemLines(name, errors)}\n${plain(name)} has ${what}, and no request of a suite could be read.`,
    exit: 1,
  });
}

function leftOutNote(leftOut: number): string {
  return `${count(leftOut)} requests are beyond the bounds of suites and were not asked.`;
}

function answered(
  { asked, notes, leftOut }: Report,
  answers: readonly SuiteAnswer[],
): Result<CommandOutput, CommandError> {
  const failed = answers.filter(({ verdict }) => verdict === 'fail').length;
  const rows = answers.map(({ request, verdict, label, detail }) => ({
    ...named(request),
    verdict,
    outcome: label,
    detail,
  }));
  const exit = failed > 0 || asked.errors.length > 0 || leftOut > 0 ? 1 : 0;
  return ok({
    json: {
      config: asked.name,
      ok: exit === 0,
      errors: asked.errors,
      failed,
      leftOut,
      requests: rows,
    },
    text: [
      table(
        [{ title: 'RESULT' }, { title: 'REQUEST' }, { title: 'ASKED' }, { title: 'OUTCOME' }],
        rows.map((row) => [
          MARKS[row.verdict],
          `${row.suite}: ${row.name}`,
          `${row.method} ${row.url}`,
          row.outcome,
        ]),
      ),
      ...failureLines(answers),
      countText(answers),
    ].join('\n'),
    notes,
    exit,
  });
}

function compared(
  { asked, notes, leftOut }: Report,
  comparisons: readonly SuiteComparison[],
  failsOnChange: boolean,
): Result<CommandOutput, CommandError> {
  const failed = comparisons.filter(({ verdict }) => verdict === 'fail').length;
  const changed = comparisons.filter((comparison) => comparison.changed);
  const isBad = failed > 0 || asked.errors.length > 0 || leftOut > 0;
  const exit = isBad || (failsOnChange && changed.length > 0) ? 1 : 0;
  const changes = changed.flatMap(({ request, before, after }) => [
    `~ ${plain(`${request.suite}: ${request.name}  ${request.method} ${request.url}`)}`,
    `    ${plain(before ?? 'nothing published')} → ${plain(after)}`,
  ]);
  return ok({
    json: {
      config: asked.name,
      ok: exit === 0,
      errors: asked.errors,
      failed,
      leftOut,
      changed: changed.length,
      requests: comparisons.map(({ request, verdict, before, after, detail, ...rest }) => ({
        ...named(request),
        verdict,
        before,
        outcome: after,
        changed: rest.changed,
        detail,
      })),
    },
    text: [
      ...changes,
      ...failureLines(comparisons),
      `${count(changed.length)} of ${count(comparisons.length)} requests change their outcome.`,
      countText(comparisons),
    ].join('\n'),
    notes,
    exit,
  });
}

const MARKS: Readonly<Record<SuiteAnswer['verdict'], string>> = {
  pass: 'pass',
  fail: 'FAIL',
  none: '-',
};

type Judged = Pick<SuiteAnswer, 'request' | 'verdict' | 'detail'>;

function failureLines(answers: readonly Judged[]): readonly string[] {
  return answers
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ request, detail }) => plain(`FAIL ${request.suite}: ${request.name}: ${detail}`));
}

function countText(answers: readonly Judged[]): string {
  const of = (verdict: SuiteAnswer['verdict']) =>
    count(answers.filter((answer) => answer.verdict === verdict).length);
  return `${of('pass')} pass, ${of('fail')} fail, ${of('none')} without an expectation.`;
}

function named({ suite, name, method, url }: SuiteRequest) {
  return { suite, name, method, url };
}
