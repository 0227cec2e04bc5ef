import { describeTwinFault, type ScheduledFault } from '../twin-fault.ts';
import { minimiseFaults, withFaults } from './minimise-faults.ts';
import { runSeed, type SeedFailure, type SwarmMutation } from './run-seed.ts';
import { drawPlan, type SwarmPlan } from './swarm-plan.ts';

/** Failing seeds after which a run ends: more tell nothing new. */
export const FAILURES_MAX = 20;

export interface SwarmOptions {
  readonly seeds: number;
  readonly from: number;
  /** Places of the faults that are kept of each seed's list; null: all. */
  readonly only: readonly number[] | null;
}

export interface FailedSeed extends SeedFailure {
  readonly seed: number;
  readonly nodes: number;
  readonly traceHash: string;
  /** Faults that it needs to fail, and how many were drawn. */
  readonly faults: readonly (ScheduledFault & { readonly index: number; readonly words: string })[];
  readonly faultsDrawn: number;
  /** Whether no single one of the faults can be left out. */
  readonly isMinimal: boolean;
  readonly replay: string;
  /** With the faults above alone. */
  readonly replayMinimised: string;
}

export interface SwarmReport {
  readonly seeds: number;
  readonly from: number;
  /** Seeds that were run to their end, or to a failure. */
  readonly ran: number;
  readonly isStopped: boolean;
  readonly failures: readonly FailedSeed[];
  readonly virtualMs: number;
  readonly wallMs: number;
  readonly seedsPerMinute: number;
}

/** Runs seed after seed. Told to stop, it ends within a slice of a run and reports what was done. */
export async function runSwarm(
  options: SwarmOptions,
  signal: AbortSignal,
  heard: (failed: FailedSeed) => void,
  createMutation: () => SwarmMutation = () => ({}),
): Promise<SwarmReport> {
  const startedMs = performance.now();
  const failures: FailedSeed[] = [];
  let ran = 0;
  let virtualMs = 0;
  let isStopped = false;
  for (let seed = options.from; seed < options.from + options.seeds; seed += 1) {
    const drawn = drawPlan(seed);
    const plan = options.only === null ? drawn : withFaults(drawn, options.only);
    const outcome = await runSeed(plan, signal, createMutation());
    virtualMs += outcome.virtualMs;
    if (outcome.state === 'stopped') {
      isStopped = true;
      break;
    }
    ran += 1;
    if (outcome.failure === null) continue;
    const { failure, traceHash } = outcome;
    const failed = await tell(drawn, { failure, traceHash, options, signal, createMutation });
    failures.push(failed);
    heard(failed);
    if (failures.length >= FAILURES_MAX) break;
  }
  const wallMs = performance.now() - startedMs;
  const seedsPerMinute = wallMs > 0 ? (ran * 60_000) / wallMs : 0;
  const { seeds, from } = options;
  return { seeds, from, ran, isStopped, failures, virtualMs, wallMs, seedsPerMinute };
}

async function tell(
  drawn: SwarmPlan,
  {
    failure,
    traceHash,
    options,
    signal,
    createMutation,
  }: {
    readonly failure: SeedFailure;
    readonly traceHash: string;
    readonly options: SwarmOptions;
    readonly signal: AbortSignal;
    readonly createMutation: () => SwarmMutation;
  },
): Promise<FailedSeed> {
  const { seed, nodes, faults } = drawn;
  const given = options.only ?? faults.map((_, index) => index);
  const plan = withFaults(drawn, given);
  const least = await minimiseFaults(plan, failure.phase, signal, createMutation);
  const places = faults.map((_, index) => index).filter((index) => given.includes(index));
  const kept = least.kept.flatMap((at) => places[at] ?? []);
  const replay = `npm run swarm -- --seeds 1 --from ${seed}`;
  return {
    ...failure,
    seed,
    nodes,
    traceHash,
    faults: kept.flatMap((index) => {
      const scheduled = faults[index];
      if (scheduled === undefined) return [];
      return { ...scheduled, index, words: describeTwinFault(scheduled.fault) };
    }),
    faultsDrawn: faults.length,
    isMinimal: least.isWhole,
    replay: options.only === null ? replay : `${replay} --only ${listed(options.only)}`,
    replayMinimised: `${replay} --only ${listed(kept)}`,
  };
}

function listed(places: readonly number[]): string {
  return places.length === 0 ? 'none' : places.join(',');
}
