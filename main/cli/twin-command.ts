import { err, ok, type Result } from '../../core/lib/result.ts';
import { CELLS_MAX, INVENTORY_NODES_MAX } from '../../core/protocol/limits.ts';
import {
  TWIN_DURATION_MS_MAX,
  TWIN_FAULTS_CHARS_MAX,
  TWIN_PUBLISH_EVERY_MS_MIN,
  TWIN_PUBLISHES_MAX,
  TWIN_SEED_MAX,
  type TwinRequest,
} from '../../core/protocol/twin-control.ts';
import { readFileBytes, readFirstConfig } from '../host/first-config.ts';
import {
  type CommandError,
  type CommandOutput,
  type OfflineCommand,
  type Options,
  textOption,
} from './command.ts';
import { readConfigInput } from './read-config-input.ts';
import { readDuration } from './read-duration.ts';
import { runTwinProcess } from './run-twin-process.ts';
import { count } from './text.ts';
import { twinText } from './twin-text.ts';

const DEFAULT_NODES = 100;
const DEFAULT_CELLS = 4;
const DEFAULT_FOR_MS = 600_000;
const DEFAULT_SEED = 1;

/** Runs a fleet and its control plane in virtual time, without a console, and says what came of it. */
export const twin: OfflineCommand = {
  name: ['twin'],
  usage:
    '[--nodes N] [--cells C] [--for 10m] [--seed S] [--config FILE] [--publish-every 1m] [--faults FILE]',
  summary: 'run a fleet in virtual time: same code, same seed, same result',
  help: [
    'Needs no running console, and touches none. The same options and seed give the same run and the',
    'same trace hash on every machine.',
    '',
    `  --nodes N           nodes of the fleet, ${DEFAULT_NODES} when not given`,
    `  --cells C           cells of the fleet, ${DEFAULT_CELLS} when not given`,
    '  --for TIME          how much virtual time, for instance 90s, 10m or 1h30m; 10m when not given',
    `  --seed S            a whole number; ${DEFAULT_SEED} when not given`,
    '  --config FILE       the config to begin with; the sample shop when not given',
    '  --publish-every T   publishes a change of one resource of its own each time this has passed',
    '  --faults FILE       what to break, and when: a JSON list, see docs/TWIN.md',
    '  --why NODE --at T   also says why a node was stale at an instant',
    '',
    'Exit codes: 0 run to its end, 1 stopped before, 2 usage, or a file that cannot be used.',
  ],
  options: {
    nodes: { type: 'string' },
    cells: { type: 'string' },
    for: { type: 'string' },
    seed: { type: 'string' },
    config: { type: 'string' },
    'publish-every': { type: 'string' },
    faults: { type: 'string' },
    why: { type: 'string' },
    at: { type: 'string' },
  },
  positionals: 0,
  check: (_positionals, options) => {
    const plan = planOf(options);
    return plan.ok ? null : plan.error;
  },
  async runOffline({ options }) {
    const plan = planOf(options);
    if (!plan.ok) return err({ exit: 2, detail: plan.error });
    const configText = await readConfig(textOption(options, 'config'));
    if (!configText.ok) return configText;
    const faultsText = readFaults(textOption(options, 'faults'));
    if (!faultsText.ok) return faultsText;
    const outcome = await runTwinProcess({
      ...plan.value,
      configText: configText.value,
      faultsText: faultsText.value,
    });
    switch (outcome.type) {
      case 'done': {
        const { report, why } = outcome;
        return ok<CommandOutput>({
          json: why === null ? report : { ...report, why },
          text: twinText(report, why),
          exit: report.isWhole ? 0 : 1,
        });
      }
      case 'refused':
        return err({ exit: 2, detail: outcome.detail });
      case 'stopped':
        return err({ exit: 1, detail: 'Stopped before there was anything to report.' });
      case 'failed':
        return err({ exit: 1, detail: `The twin failed: ${outcome.detail}` });
    }
  },
};

type Plan = Omit<TwinRequest, 'configText' | 'faultsText'>;

/** The numbers of a run; the error is one sentence. */
function planOf(options: Options): Result<Plan, string> {
  const nodes = wholeOption(options, 'nodes', DEFAULT_NODES, 1, INVENTORY_NODES_MAX);
  if (!nodes.ok) return nodes;
  const cells = wholeOption(options, 'cells', Math.min(DEFAULT_CELLS, nodes.value), 1, CELLS_MAX);
  if (!cells.ok) return cells;
  if (cells.value > nodes.value) {
    return err(`--cells ${cells.value} is more than the fleet has nodes, ${nodes.value}`);
  }
  const seed = wholeOption(options, 'seed', DEFAULT_SEED, 0, TWIN_SEED_MAX);
  if (!seed.ok) return seed;
  const durationMs = timeOption(options, 'for', 1);
  if (!durationMs.ok) return durationMs;
  const forMs = durationMs.value ?? DEFAULT_FOR_MS;
  const every = timeOption(options, 'publish-every', TWIN_PUBLISH_EVERY_MS_MIN);
  if (!every.ok) return every;
  const publishEveryMs = every.value;
  if (publishEveryMs !== null && forMs / publishEveryMs > TWIN_PUBLISHES_MAX) {
    return err(
      `a run publishes at most ${count(TWIN_PUBLISHES_MAX)} times; choose a longer --publish-every`,
    );
  }
  const why = whyOption(options, forMs);
  if (!why.ok) return why;
  return ok({
    nodes: nodes.value,
    cells: cells.value,
    seed: seed.value,
    durationMs: forMs,
    publishEveryMs,
    why: why.value,
  });
}

function whyOption(options: Options, forMs: number): Result<Plan['why'], string> {
  const nodeId = textOption(options, 'why');
  const at = timeOption(options, 'at', 0);
  if (!at.ok) return at;
  if (nodeId === undefined) {
    return at.value === null ? ok(null) : err('--at needs --why NODE');
  }
  const atMs = at.value ?? forMs;
  if (atMs > forMs) return err('--at is after the end of the run');
  return ok({ nodeId, atMs });
}

function wholeOption(
  options: Options,
  name: string,
  byDefault: number,
  min: number,
  max: number,
): Result<number, string> {
  const text = textOption(options, name);
  if (text === undefined) return ok(byDefault);
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return ok(value);
  return err(`--${name} takes a whole number from ${count(min)} to ${count(max)}, not “${text}”`);
}

/** Milliseconds; null when the option is not given. */
function timeOption(options: Options, name: string, minMs: number): Result<number | null, string> {
  const text = textOption(options, name);
  if (text === undefined) return ok(null);
  const ms = readDuration(text);
  if (ms === null)
    return err(`--${name} takes a length of time such as 90s, 10m or 1h30m, not “${text}”`);
  if (ms < minMs) return err(`--${name} ${text} is too short; at least ${minMs} ms`);
  return ms <= TWIN_DURATION_MS_MAX ? ok(ms) : err(`--${name} ${text} is too long; at most 365d`);
}

async function readConfig(path: string | undefined): Promise<Result<string, CommandError>> {
  const file = path === undefined ? readFirstConfig(null) : await readConfigInput(path);
  return file.ok ? ok(file.value.text) : err({ exit: 2, detail: file.error.detail });
}

function readFaults(path: string | undefined): Result<string | null, CommandError> {
  if (path === undefined) return ok(null);
  const bytes = readFileBytes(path);
  if (!bytes.ok) return err({ exit: 2, detail: bytes.error.detail });
  const text = Buffer.from(bytes.value).toString('utf8');
  if (text.length > TWIN_FAULTS_CHARS_MAX) {
    return err({ exit: 2, detail: `${path}: a faults file may have at most 1 MiB.` });
  }
  return ok(text);
}
