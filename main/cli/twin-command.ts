import process from 'node:process';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { CELLS_MAX, INVENTORY_NODES_MAX } from '../../core/protocol/limits.ts';
import { nodeIdSchema } from '../../core/protocol/primitives.ts';
import {
  TWIN_PUBLISH_EVERY_MS_MIN,
  TWIN_PUBLISHES_MAX,
  TWIN_SEED_MAX,
  type TwinRequest,
} from '../../core/protocol/twin-control.ts';
import { type ChosenSettings, TWIN_SETTING_KEYS } from '../../core/protocol/twin-settings.ts';
import { readFirstConfig } from '../host/first-config.ts';
import {
  type CommandError,
  type CommandOutput,
  type OfflineCommand,
  type Options,
  textOption,
} from './command.ts';
import { timeOption, wholeOption } from './measured-options.ts';
import { pairText } from './pair-text.ts';
import { readConfigInput } from './read-config-input.ts';
import { readFaultsInput } from './read-faults-input.ts';
import { readTwinSettings, settingLines } from './read-twin-settings.ts';
import { runPairProcess, runTwinProcess, type TwinOutcome } from './run-twin-process.ts';
import { count } from './text.ts';
import { twinText } from './twin-text.ts';

const DEFAULT_NODES = 100;
const DEFAULT_CELLS = 4;
const DEFAULT_FOR_MS = 600_000;
const DEFAULT_SEED = 1;
/** Who waits so long is told that waiting can be ended. */
const STILL_RUNNING_AFTER_MS = 2_000;
const STILL_RUNNING = 'Running. Ctrl-C ends it and reports what was done by then.\n';

/** Runs a fleet and its control plane in virtual time, without a console, and says what came of it. */
export const twin: OfflineCommand = {
  name: ['twin'],
  usage:
    '[--nodes N] [--cells C] [--for 10m] [--seed S] [--config FILE] [--publish-every 1m] [--faults FILE] ' +
    '[--set NAME=VALUE,…] [--against NAME=VALUE,…]',
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
    '  --set NAME=VALUE,…  settings other than those by default',
    '  --against NAME=VALUE,…',
    '                      runs the same seed, faults and publishes under these settings as well,',
    '                      and says what is different',
    '',
    'Settings:',
    ...settingLines(),
    'Times are written as 200ms, 90s or 5m, of links also as 500us; or as whole numbers with the unit in',
    'the name, as in the JSON: heartbeatMs=5000.',
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
    set: { type: 'string' },
    against: { type: 'string' },
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
    const faultsText = readFaultsInput(textOption(options, 'faults'));
    if (!faultsText.ok) return faultsText;
    const { against, ...numbers } = plan.value;
    const request = { ...numbers, configText: configText.value, faultsText: faultsText.value };
    let waiting: NodeJS.Timeout | null = null;
    const onRunning = () => {
      waiting = setTimeout(() => process.stderr.write(STILL_RUNNING), STILL_RUNNING_AFTER_MS);
    };
    const result =
      against === null
        ? await runOnce(request, onRunning)
        : await runTwice(request, against, onRunning);
    if (waiting !== null) clearTimeout(waiting);
    return result.ok ? result : err(withFile(result.error, textOption(options, 'faults') ?? ''));
  },
};

async function runOnce(
  request: TwinRequest,
  onRunning: () => void,
): Promise<Result<CommandOutput, Unreported>> {
  const outcome = await runTwinProcess(request, onRunning);
  if (outcome.type !== 'done') return unreported(outcome);
  const { report, why } = outcome;
  const chosen = TWIN_SETTING_KEYS.filter((key) => request.settings[key] !== undefined);
  return ok({
    json: why === null ? report : { ...report, why },
    text: twinText(report, why, chosen),
    exit: report.isWhole ? 0 : 1,
  });
}

async function runTwice(
  request: TwinRequest,
  against: ChosenSettings,
  onRunning: () => void,
): Promise<Result<CommandOutput, Unreported>> {
  const outcome = await runPairProcess(request, against, onRunning);
  if (outcome.type !== 'paired') return unreported(outcome);
  const { pair } = outcome;
  const isWhole = pair.first.isWhole && pair.second.isWhole;
  return ok({ json: pair, text: pairText(pair), exit: isWhole ? 0 : 1 });
}

interface Unreported extends CommandError {
  /** What is wrong is in the faults file. */
  readonly isOfFaults?: boolean;
}

/** The file of `--faults` is named where it is what cannot be used; the twin knows its text alone. */
function withFile({ isOfFaults, ...error }: Unreported, path: string): CommandError {
  return isOfFaults === true ? { ...error, detail: `--faults ${path}: ${error.detail}` } : error;
}

function unreported(outcome: Exclude<TwinOutcome, { type: 'done' }>): Result<never, Unreported> {
  switch (outcome.type) {
    case 'refused': {
      const isOfFaults = outcome.reason === 'unusable-faults';
      return err({ exit: 2, detail: outcome.detail, isOfFaults });
    }
    case 'stopped':
      return err({ exit: 1, detail: 'Stopped before there was anything to report.' });
    case 'failed':
      return err({ exit: 1, detail: `The twin failed: ${outcome.detail}` });
  }
}

interface Plan extends Omit<TwinRequest, 'configText' | 'faultsText'> {
  /** Null: it is run once. */
  readonly against: ChosenSettings | null;
}

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
  for (const name of ['config', 'faults']) {
    if (textOption(options, name) === '') return err(`--${name} names no file`);
  }
  const why = whyOption(options, forMs);
  if (!why.ok) return why;
  const settings = settingsOption(options, 'set');
  if (!settings.ok) return settings;
  const against = settingsOption(options, 'against');
  if (!against.ok) return against;
  if (why.value !== null && against.value !== null) {
    return err('--why is for one run; leave out --against, or --why');
  }
  return ok({
    nodes: nodes.value,
    cells: cells.value,
    seed: seed.value,
    durationMs: forMs,
    publishEveryMs,
    settings: settings.value ?? {},
    why: why.value,
    against: against.value,
  });
}

function whyOption(options: Options, forMs: number): Result<Plan['why'], string> {
  const nodeId = textOption(options, 'why');
  const at = timeOption(options, 'at', 0);
  if (!at.ok) return at;
  if (nodeId === undefined) {
    return at.value === null ? ok(null) : err('--at needs --why NODE');
  }
  if (!nodeIdSchema.safeParse(nodeId).success) {
    return err(`--why takes a node such as eu-west/edge-0001, not “${nodeId}”`);
  }
  const atMs = at.value ?? forMs;
  if (atMs > forMs) return err('--at is after the end of the run');
  return ok({ nodeId, atMs });
}

/** Null when the option is not given. */
function settingsOption(options: Options, name: string): Result<ChosenSettings | null, string> {
  const text = textOption(options, name);
  return text === undefined ? ok(null) : readTwinSettings(name, text);
}

async function readConfig(path: string | undefined): Promise<Result<string, CommandError>> {
  const file = path === undefined ? readFirstConfig(null) : await readConfigInput(path);
  return file.ok ? ok(file.value.text) : err({ exit: 2, detail: `--config ${file.error.detail}` });
}
