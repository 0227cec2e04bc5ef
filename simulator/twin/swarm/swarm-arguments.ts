import { parseArgs } from 'node:util';
import { repeatedOption, unreadOptions } from '../../../core/lib/option-problems.ts';
import { err, ok, type Result } from '../../../core/lib/result.ts';
import { SCHEDULED_FAULTS_MAX } from '../twin-fault.ts';
import type { SwarmOptions } from './run-swarm.ts';
import { drawPlan } from './swarm-plan.ts';

const DEFAULT_SEEDS = 100;
const SEEDS_MAX = 10_000_000;
const SEED_MAX = 2 ** 31 - 1;

export const SWARM_USAGE =
  'usage: npm run swarm -- [--seeds N] [--from S] [--only none|I,J,…] [--json]';

export interface SwarmCommand extends SwarmOptions {
  readonly json: boolean;
}

/** Reads the command line; the error is one sentence. */
export function readSwarmArguments(args: readonly string[]): Result<SwarmCommand, string> {
  let values: ReturnType<typeof parse>['values'];
  try {
    const parsed = parse(args);
    const repeated = repeatedOption(parsed.tokens, {});
    if (repeated !== null) return err(`${repeated}.`);
    values = parsed.values;
  } catch (error) {
    return err(`${unreadOptions(error)}.`);
  }
  const seeds = wholeNumber('seeds', values.seeds, DEFAULT_SEEDS, 1, SEEDS_MAX);
  if (!seeds.ok) return seeds;
  const from = wholeNumber('from', values.from, 1, 0, SEED_MAX);
  if (!from.ok) return from;
  if (from.value + seeds.value - 1 > SEED_MAX) {
    return err(`The last seed would be over ${SEED_MAX}; choose a smaller --from or --seeds.`);
  }
  const only = readOnly(values.only);
  if (!only.ok) return only;
  if (only.value !== null && seeds.value !== 1) {
    return err('--only is for one seed; give --seeds 1 with it.');
  }
  const missing = missingPlace(from.value, only.value ?? []);
  if (missing !== null) return err(missing);
  return ok({
    seeds: seeds.value,
    from: from.value,
    only: only.value,
    json: values.json === true,
  });
}

/** A place that names no fault would replay something else, and hold. Null: all are there. */
function missingPlace(seed: number, only: readonly number[]): string | null {
  if (only.length === 0) return null;
  const drawn = drawPlan(seed).faults.length;
  const missing = only.find((place) => place >= drawn);
  if (missing === undefined) return null;
  return `--only ${missing} is not there: seed ${seed} draws ${drawn} faults, and the first is 0.`;
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string' },
      from: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'boolean' },
    },
    tokens: true,
  });
}

function wholeNumber(
  name: string,
  text: string | undefined,
  byDefault: number,
  min: number,
  max: number,
): Result<number, string> {
  if (text === undefined) return ok(byDefault);
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return ok(value);
  return err(`--${name} is a whole number from ${min} to ${max}, not “${text}”.`);
}

function readOnly(text: string | undefined): Result<readonly number[] | null, string> {
  if (text === undefined) return ok(null);
  if (text === 'none') return ok([]);
  const places = text.split(',');
  if (places.length <= SCHEDULED_FAULTS_MAX && places.every((place) => /^\d{1,4}$/.test(place))) {
    return ok(places.map(Number));
  }
  return err('--only is “none”, or places of faults such as 0,3,4.');
}
