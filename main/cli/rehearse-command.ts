import { err, ok, type Result } from '../../core/lib/result.ts';
import type { ConsoleResults } from '../../core/protocol/console-api.ts';
import { CELLS_MAX, INVENTORY_NODES_MAX } from '../../core/protocol/limits.ts';
import {
  REHEARSAL_HORIZON_MS_MAX,
  REHEARSAL_SEEDS_MAX,
  type RehearsalRequest,
  TWIN_SEED_MAX,
} from '../../core/protocol/twin-control.ts';
import { makeForecast } from '../../core/rehearsal/make-forecast.ts';
import { plannedShape } from '../../core/rehearsal/planned-shape.ts';
import {
  DEFAULT_REHEARSAL_LIMITS,
  judgeForecast,
  type RehearsalLimits,
} from '../../core/rehearsal/rehearsal-limits.ts';
import type { SeedOutcome } from '../../core/rehearsal/seed-outcome.ts';
import { takerTimesOf } from '../../core/rehearsal/taker-times.ts';
import { trackRecordText } from '../../core/rehearsal/track-record.ts';
import {
  type CommandError,
  type CommandOutput,
  checkFileOption,
  type OfflineCommand,
  type OfflineInput,
  type Options,
  textOption,
  untold,
} from './command.ts';
import { timeOption, wholeOption } from './measured-options.ts';
import { PatienceKeeper } from './patience-keeper.ts';
import { readConfigInput } from './read-config-input.ts';
import { readFaultsInput } from './read-faults-input.ts';
import { rehearsalText } from './rehearsal-text.ts';
import { runRehearsalProcess } from './run-twin-process.ts';

const DEFAULT_SEEDS = 100;
const DEFAULT_FIRST_SEED = 1;
const DEFAULT_HORIZON_MS = 60_000;
const HORIZON_MS_MIN = 1_000;
const DEFAULT_T99_MS = DEFAULT_REHEARSAL_LIMITS.t99MsMax ?? DEFAULT_HORIZON_MS;
const DEFAULT_CELLS = 4;
/** Nodes refused or requests lost, that a limit can allow. */
const COUNT_LIMIT_MAX = 1_000_000_000;

/** Publishes a draft on a copy of a fleet in virtual time, seed after seed, and holds it against limits. */
export const rehearse: OfflineCommand = {
  name: ['rehearse'],
  usage:
    '-f FILE [--nodes N [--cells C] [--base FILE]] [--seeds 100] [--seed S] [--faults FILE] [--for 60s] ' +
    '[--t99 TIME] [--t100 TIME] [--lag TIME] [--reject N] [--lost N] [--allow-empty]',
  summary: 'what publishing a config would come to, tried in virtual time; nothing real is touched',
  help: [
    'Without --nodes it is tried on a copy of the fleet of the running console, as that fleet is now:',
    'what each node serves, who is down, and which faults are in force. With --nodes no console is',
    'needed, and the fleet is all up.',
    '',
    '  -f FILE             the config that would be published; - for the standard input',
    '  --nodes N           nodes of a fleet that is only planned, each on a machine of its own',
    `  --cells C           its cells, ${DEFAULT_CELLS} when not given`,
    '  --base FILE         what that fleet serves when the config is published; when not given it serves',
    '                      nothing, and the config is its first: pushes are full, and no request is lost',
    `  --seeds N           how often it is tried, each time with another seed; ${DEFAULT_SEEDS} when not given`,
    `  --seed S            the first seed; ${DEFAULT_FIRST_SEED} when not given`,
    '  --allow-empty       the config may leave nodes with nothing to serve, as for publish',
    '  --faults FILE       what breaks, and when after the publish: a JSON list, see docs/TWIN.md',
    '  --for TIME          how much virtual time after the publish; 60s when not given',
    '',
    'Limits, each of which every seed must keep to:',
    '  --t99 TIME          99 % of the nodes acknowledge it within; when not given 30s, or --for if that',
    '                      is less',
    '  --t100 TIME         all nodes acknowledge it within; not asked when not given',
    '  --lag TIME          longest that any node serves without it; not asked when not given',
    '  --reject N          nodes that may reject it; 0 when not given. With more, --t99 and --t100 are those',
    '                      of the nodes that do not reject it',
    '  --lost N            how many more requests fail, are refused or match nothing than would have',
    '                      done so without the publish; 0 when not given',
    '',
    'Exit codes: 0 within the limits, or nothing to publish; 1 not within, or a config that would be',
    'refused; 2 usage, or another file that cannot be used, or one that cannot be read; 3 could not tell:',
    'no console, the twin failed, or stopped before all seeds were done while those that were done kept to',
    'the limits.',
  ],
  options: {
    file: { type: 'string', short: 'f' },
    nodes: { type: 'string' },
    cells: { type: 'string' },
    base: { type: 'string' },
    seeds: { type: 'string' },
    seed: { type: 'string' },
    faults: { type: 'string' },
    for: { type: 'string' },
    t99: { type: 'string' },
    t100: { type: 'string' },
    lag: { type: 'string' },
    reject: { type: 'string' },
    lost: { type: 'string' },
    'allow-empty': { type: 'boolean' },
  },
  positionals: 0,
  check(_positionals, options) {
    const wrong = checkFileOption(options);
    if (wrong !== null) return wrong;
    if (textOption(options, 'file') === '-' && textOption(options, 'base') === '-') {
      return '-f and --base cannot both be the standard input';
    }
    const plan = planOf(options);
    return plan.ok ? null : plan.error;
  },
  async runOffline({ options, connect }) {
    const plan = planOf(options);
    if (!plan.ok) return err({ exit: 2, detail: plan.error });
    const draft = await readText(textOption(options, 'file') ?? '', '-f');
    if (!draft.ok) return draft;
    const faultsText = readFaultsInput(textOption(options, 'faults'));
    if (!faultsText.ok) return faultsText;
    const reading = await shapeOf(plan.value, textOption(options, 'base'), connect);
    if (!reading.ok) return reading;
    const { shape, notes, record } = reading.value;
    const soFar = record === null ? [] : [trackRecordText(record)];
    const { seedsMax, firstSeed, horizonMs } = plan.value;
    const request: RehearsalRequest = {
      shape,
      draftText: draft.value,
      allowEmpty: options['allow-empty'] === true,
      faultsText: faultsText.value,
      firstSeed,
      seedsMax,
      budgetMs: null,
      horizonMs,
    };
    const output = await run(plan.value, request, textOption(options, 'faults') ?? '');
    return output.ok
      ? ok({ ...output.value, notes: [...notes, ...soFar, ...(output.value.notes ?? [])] })
      : output;
  },
};

async function run(
  { limits, fleet }: Plan,
  request: RehearsalRequest,
  faultsPath: string,
): Promise<Result<CommandOutput, CommandError>> {
  const startedMs = performance.now();
  const outcomes: SeedOutcome[] = [];
  const patience = new PatienceKeeper();
  const end = await runRehearsalProcess(request, (outcome) => {
    outcomes.push(outcome);
    patience.seedDone();
  });
  patience.end();
  if (end.type === 'refused') {
    // The twin knows the faults' text alone, not its file.
    const isOfFaults = end.reason === 'unusable-faults';
    if (isOfFaults) return err({ exit: 2, detail: `--faults ${faultsPath}: ${end.detail}` });
    return refused(end, fleet !== null);
  }
  const failed = end.type === 'failed' ? [`The twin failed: ${end.detail}`] : [];
  if (outcomes.length === 0) {
    if (end.type === 'failed') return err({ exit: 3, detail: failed.join() });
    return err({ exit: 3, detail: 'Stopped before a seed was done, so nobody can tell.' });
  }
  const whole = end.type === 'rehearsed' ? end : null;
  const forecast = makeForecast({
    outcomes,
    horizonMs: request.horizonMs,
    serviceTimes: whole?.serviceTimes ?? 'not told: the twin was ended before its last word',
    faults: whole?.faults ?? (request.faultsText === null ? [] : ['those that were chosen']),
    wallMs: whole?.wallMs ?? performance.now() - startedMs,
  });
  const verdicts = judgeForecast(forecast, limits, takerTimesOf(outcomes));
  const isWithin = verdicts.every((verdict) => verdict.isWithin);
  const isStopped = outcomes.length < request.seedsMax;
  const seeds = outcomes.map(({ seed, t99Ms, t100Ms, traceHash }) => ({
    seed,
    t99Ms,
    t100Ms,
    traceHash,
  }));
  const asked = { isWithin, isStopped, seedsAsked: request.seedsMax, refusal: null };
  return ok({
    json: { ...asked, limits: verdicts, forecast, seeds },
    text: rehearsalText({ forecast, verdicts, seedsAsked: request.seedsMax, isStopped }),
    exit: exitOf(isWithin, isStopped),
    notes: whole?.notes ?? failed,
  });
}

/**
 * That the draft would be refused is what was asked. What is wrong with another file is for whoever wrote it
 * to mend; with the console's own fleet it is not.
 */
function refused(
  { reason, detail }: { readonly reason?: string | undefined; readonly detail: string },
  isPlanned: boolean,
): Result<CommandOutput, CommandError> {
  if (reason === 'nothing-to-publish') return ok(NOTHING_TO_PUBLISH);
  if (reason === undefined) return err({ exit: 2, detail });
  if (reason !== 'unusable-shape') return ok(refusedDraft(reason, detail));
  return isPlanned
    ? err({ exit: 2, detail: `--base cannot be used. ${detail}` })
    : err({ exit: 3, detail: `The fleet of the console cannot be copied. ${detail}` });
}

function refusedDraft(reason: string, detail: string): CommandOutput {
  const text =
    reason === 'removes-everything' ? `${detail}\nSay --allow-empty to mean it.` : detail;
  return { json: { ...NO_SEEDS, isWithin: false, refusal: { reason, detail } }, text, exit: 1 };
}

/** One seed beyond a limit is proof; that none was yet is not, when not all were run. */
function exitOf(isWithin: boolean, isStopped: boolean): 0 | 1 | 3 {
  if (!isWithin) return 1;
  return isStopped ? 3 : 0;
}

const NO_SEEDS = {
  isStopped: false,
  seedsAsked: 0,
  limits: [],
  forecast: null,
  seeds: [],
} as const;

/** Whoever gates a job on it has changed nothing that is published. */
const NOTHING_TO_PUBLISH: CommandOutput = {
  json: { ...NO_SEEDS, isWithin: true, refusal: null },
  text: 'Nothing to rehearse: the head holds just this already.',
};

interface Plan {
  /** Null: that of the running console. */
  readonly fleet: { readonly nodes: number; readonly cells: number } | null;
  readonly seedsMax: number;
  readonly firstSeed: number;
  readonly horizonMs: number;
  readonly limits: RehearsalLimits;
}

/** The error is one sentence. */
function planOf(options: Options): Result<Plan, string> {
  const fleet = fleetOption(options);
  if (!fleet.ok) return fleet;
  const seeds = wholeOption(options, 'seeds', DEFAULT_SEEDS, 1, REHEARSAL_SEEDS_MAX);
  if (!seeds.ok) return seeds;
  const firstSeed = wholeOption(options, 'seed', DEFAULT_FIRST_SEED, 0, TWIN_SEED_MAX);
  if (!firstSeed.ok) return firstSeed;
  if (firstSeed.value + seeds.value - 1 > TWIN_SEED_MAX) {
    return err(`the last seed would be over ${TWIN_SEED_MAX}; choose a smaller --seed or --seeds`);
  }
  const horizon = timeOption(options, 'for', HORIZON_MS_MIN);
  if (!horizon.ok) return horizon;
  const horizonMs = horizon.value ?? DEFAULT_HORIZON_MS;
  if (horizonMs > REHEARSAL_HORIZON_MS_MAX) return err('--for is too long; at most 1h');
  const limits = limitsOption(options, horizonMs);
  if (!limits.ok) return limits;
  const numbers = { seedsMax: seeds.value, firstSeed: firstSeed.value, horizonMs };
  return ok({ fleet: fleet.value, ...numbers, limits: limits.value });
}

function fleetOption(options: Options): Result<Plan['fleet'], string> {
  if (textOption(options, 'nodes') === undefined) {
    const needing = ['cells', 'base'].find((name) => textOption(options, name) !== undefined);
    if (needing === undefined) return ok(null);
    return err(`--${needing} is for a planned fleet; say its size with --nodes N`);
  }
  const nodes = wholeOption(options, 'nodes', 1, 1, INVENTORY_NODES_MAX);
  if (!nodes.ok) return nodes;
  const cells = wholeOption(options, 'cells', Math.min(DEFAULT_CELLS, nodes.value), 1, CELLS_MAX);
  if (!cells.ok) return cells;
  if (cells.value > nodes.value) {
    return err(`--cells ${cells.value} is more than the fleet has nodes, ${nodes.value}`);
  }
  return ok({ nodes: nodes.value, cells: cells.value });
}

function limitsOption(options: Options, horizonMs: number): Result<RehearsalLimits, string> {
  const t99 = timeOption(options, 't99', 1);
  if (!t99.ok) return t99;
  const t100 = timeOption(options, 't100', 1);
  if (!t100.ok) return t100;
  const lag = timeOption(options, 'lag', 1);
  if (!lag.ok) return lag;
  for (const [name, { value }] of Object.entries({ t99, t100 })) {
    if (value !== null && value > horizonMs) return err(beyondHorizon(options, name));
  }
  // Who never has it lacks it for as long as is rehearsed, which must be beyond the limit.
  if (lag.value !== null && lag.value >= horizonMs) return err(beyondHorizon(options, 'lag'));
  const rejecting = wholeOption(options, 'reject', 0, 0, COUNT_LIMIT_MAX);
  if (!rejecting.ok) return rejecting;
  const lost = wholeOption(options, 'lost', 0, 0, COUNT_LIMIT_MAX);
  if (!lost.ok) return lost;
  return ok({
    ...DEFAULT_REHEARSAL_LIMITS,
    t99MsMax: t99.value ?? Math.min(DEFAULT_T99_MS, horizonMs),
    t100MsMax: t100.value,
    nodesRejectingMax: rejecting.value,
    requestsLostMax: lost.value,
    lagMsMax: lag.value,
  });
}

function beyondHorizon(options: Options, name: string): string {
  const limit = textOption(options, name) ?? '';
  return `--${name} ${limit} is not less than what is rehearsed after the publish, so that nobody can tell; choose a longer --for`;
}

async function shapeOf(
  { fleet }: Plan,
  base: string | undefined,
  connect: OfflineInput['connect'],
): Promise<Result<ConsoleResults['get-fleet-shape'], CommandError>> {
  if (fleet !== null) {
    const text = base === undefined ? ok(null) : await readText(base, '--base');
    if (!text.ok) return text;
    return ok({
      shape: plannedShape(fleet.nodes, fleet.cells, text.value),
      notes: [],
      record: null,
    });
  }
  const client = await connect();
  if (!client.ok) {
    const detail = `${client.error.detail}\nWith --nodes N no console is needed.`;
    return err({ exit: 3, detail });
  }
  const answer = await client.value.request('get-fleet-shape', {});
  return answer.ok ? answer : untold(answer.error);
}

async function readText(path: string, option: string): Promise<Result<string, CommandError>> {
  const file = await readConfigInput(path);
  return file.ok ? ok(file.value.text) : err({ exit: 2, detail: `${option} ${file.error.detail}` });
}
