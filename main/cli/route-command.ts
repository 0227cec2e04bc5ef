import { type Explanation, explain, type MatchSummary } from '../../core/gateway/explain.ts';
import { outcomeLabel, percentTexts } from '../../core/gateway/outcome-label.ts';
import type { GatewayRequest } from '../../core/gateway/route.ts';
import { SHARES_TOTAL } from '../../core/gateway/route-shares.ts';
import { readHeader, requestOfUrl } from '../../core/gateway/suite/request-of-url.ts';
import { readVectors, runVectors } from '../../core/gateway/vectors.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import {
  type CommandError,
  type CommandOutput,
  checkFileOption,
  listOption,
  type OfflineCommand,
  type Options,
  textOption,
} from './command.ts';
import { cellNotes, errorNotes, type LoadedConfig, loadConfig } from './load-config.ts';
import { readConfigInput } from './read-config-input.ts';
import { count, plain } from './text.ts';

/** Runners-up that are printed; `--json` has them all. */
const RUNNERS_UP_SHOWN = 5;

/** Tries one request, or a file of test vectors, without a console. */
export const route: OfflineCommand = {
  name: ['route'],
  usage: "-f FILE (--url U [--method M] [--header 'H: v']… [--cell C] | --vectors FILE)",
  summary: 'what becomes of a request, and why; or test vectors',
  help: [
    'Needs no running console. “-f -” reads the standard input.',
    '',
    '  --url U          http://… or https://…; the port is the scheme’s unless it is given',
    '  --method M       GET without it; -X for short',
    "  --header 'H: v'  may be given several times; -H for short; Host stands in the URL’s place",
    '  --cell C         as a node of this cell would answer',
    '  --vectors FILE   plays each case of a file of test vectors and says pass or fail',
    '',
    'Exit codes: 0 it was told (whatever the outcome), or every case passes; 1 a case fails;',
    '2 usage; 3 a file cannot be read or holds nothing to ask.',
  ],
  options: {
    file: { type: 'string', short: 'f' },
    url: { type: 'string' },
    method: { type: 'string', short: 'X' },
    header: { type: 'string', short: 'H', multiple: true },
    cell: { type: 'string' },
    vectors: { type: 'string' },
  },
  positionals: 0,
  check(_positionals, options) {
    const noFile = checkFileOption(options);
    if (noFile !== null) return noFile;
    const vectors = textOption(options, 'vectors');
    if (vectors === undefined) {
      if (textOption(options, 'url') === undefined) return '--url U or --vectors FILE is missing';
      const request = readRequest(options);
      return request.ok ? null : request.error;
    }
    const other = ['url', 'method', 'header', 'cell'].find((name) => options[name] !== undefined);
    if (other !== undefined) return `--vectors and --${other} exclude each other`;
    const both = vectors === '-' && textOption(options, 'file') === '-';
    return both ? '-f and --vectors cannot both read the standard input' : null;
  },
  async runOffline({ options }) {
    const config = await loadConfig(textOption(options, 'file') ?? '');
    if (!config.ok) return config;
    const vectors = textOption(options, 'vectors');
    if (vectors !== undefined) return playVectors(config.value, vectors);
    const request = readRequest(options);
    if (!request.ok) return err({ exit: 2, detail: request.error });
    const context = { cell: textOption(options, 'cell') ?? '', atMs: Date.now() };
    const explanation = explain(config.value.gateway, request.value, 0, context);
    return ok({
      json: explanation,
      text: explanationText(explanation),
      notes: [...errorNotes(config.value), ...cellNotes(config.value, context.cell)],
    });
  },
};

function readRequest(options: Options): Result<GatewayRequest, string> {
  const headers = new Map<string, { readonly name: string; readonly value: string }>();
  for (const text of listOption(options, 'header')) {
    const header = readHeader(text);
    if (!header.ok) return header;
    const [name, value] = header.value;
    const held = headers.get(name.toLowerCase());
    // Several lines of one header are one, joined (RFC 9110 §5.3).
    const joined = held === undefined ? value : `${held.value}, ${value}`;
    headers.set(name.toLowerCase(), { name: held?.name ?? name, value: joined });
  }
  return requestOfUrl({
    method: textOption(options, 'method') ?? 'GET',
    url: textOption(options, 'url') ?? '',
    headers: Object.fromEntries([...headers.values()].map(({ name, value }) => [name, value])),
  });
}

function explanationText(explanation: Explanation): string {
  const { outcome, listener, listenerReason, winner, runnersUp, steps, shares } = explanation;
  const lines = [plain(outcomeLabel(outcome))];
  if (outcome.kind === 'backend') {
    lines.push(plain(`  backend   ${outcome.backend}${portText(outcome.port)}`));
    lines.push(plain(`  sent as   ${outcome.request.host} ${outcome.request.path}`));
  }
  if (shares.length > 1) {
    const percents = percentTexts(shares.map(({ percent }) => (percent * SHARES_TOTAL) / 100));
    const words = shares.map(({ label }, index) => `${label} ${percents[index]}`);
    lines.push(plain(`  shares    ${words.join(', ')}`));
  }
  const where =
    listener === null
      ? ''
      : `${listener.gateway} ${listener.name} (${listener.scheme} ${listener.port}): `;
  lines.push(plain(`  listener  ${where}${listenerReason}`));
  lines.push(plain(`  rule      ${winner === null ? 'none' : summaryText(winner)}`));
  for (const step of steps) lines.push(plain(`  step      ${step}`));
  for (const { candidate, because } of runnersUp.slice(0, RUNNERS_UP_SHOWN)) {
    lines.push(plain(`  not       ${summaryText(candidate)}: ${because}`));
  }
  const more = runnersUp.length - RUNNERS_UP_SHOWN;
  if (more > 0) lines.push(`  not       and ${count(more)} more; --json has them all`);
  return lines.join('\n');
}

function summaryText({ route: key, rule, ruleName, hostname, condition }: MatchSummary): string {
  const name = ruleName === null ? `rule ${rule + 1}` : `rule ${ruleName}`;
  return `${key}, ${name} (${hostname}: ${condition})`;
}

function portText(port: number | null): string {
  return port === null ? '' : `:${port}`;
}

async function playVectors(
  config: LoadedConfig,
  path: string,
): Promise<Result<CommandOutput, CommandError>> {
  const file = await readConfigInput(path);
  if (!file.ok) return err({ exit: 3, detail: file.error.detail });
  const vectors = readVectors(file.value.text);
  if (!vectors.ok) return err({ exit: 3, detail: `${file.value.name}: ${vectors.error}` });
  const { cases } = runVectors(config.resources, vectors.value);
  if (cases.length === 0) return err({ exit: 3, detail: `${file.value.name} holds no case.` });
  const failed = cases.filter(({ pass }) => !pass).length;
  const lines = cases.flatMap(({ name, pass, got, detail }) => [
    plain(`${pass ? 'pass' : 'FAIL'}  ${name}  got ${got}`),
    ...(pass ? [] : [plain(`      ${detail}`)]),
  ]);
  lines.push(`${count(cases.length - failed)} of ${count(cases.length)} cases pass.`);
  return ok({
    json: {
      vectors: file.value.name,
      ok: failed === 0,
      passed: cases.length - failed,
      failed,
      cases,
    },
    text: lines.join('\n'),
    notes: errorNotes(config),
    exit: failed === 0 ? 0 : 1,
  });
}
