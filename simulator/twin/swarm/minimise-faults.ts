import { runSeed, type SwarmMutation } from './run-seed.ts';
import type { SwarmPhase } from './swarm-failure.ts';
import type { SwarmPlan } from './swarm-plan.ts';

/** Runs that one failing seed may cost. */
export const MINIMISE_RUNS_MAX = 60;

/** A plan with some of its faults, by their places in it. */
export function withFaults(plan: SwarmPlan, kept: readonly number[]): SwarmPlan {
  return { ...plan, faults: plan.faults.filter((_, index) => kept.includes(index)) };
}

export interface Minimised {
  /** Places, in the plan's list, of the faults without which it does not fail. */
  readonly kept: readonly number[];
  readonly runs: number;
  /** Whether each of them was tried; else the runs were over, or somebody stopped it. */
  readonly isWhole: boolean;
}

/**
 * Drops faults by halves, then by quarters, and so on to single ones, as long as the seed still fails
 * in the same phase. The plan itself must fail.
 */
export async function minimiseFaults(
  plan: SwarmPlan,
  phase: SwarmPhase,
  signal: AbortSignal | null,
  createMutation: () => SwarmMutation = () => ({}),
): Promise<Minimised> {
  let kept = plan.faults.map((_, index) => index);
  let runs = 0;
  let size = Math.ceil(kept.length / 2);
  while (size >= 1) {
    let from = 0;
    let dropped = false;
    while (from < kept.length) {
      if (runs >= MINIMISE_RUNS_MAX) return { kept, runs, isWhole: false };
      const fewer = [...kept.slice(0, from), ...kept.slice(from + size)];
      const outcome = await runSeed(withFaults(plan, fewer), signal, createMutation());
      runs += 1;
      if (outcome.state === 'stopped') return { kept, runs, isWhole: false };
      if (outcome.failure?.phase === phase) {
        kept = fewer;
        dropped = true;
      } else from += size;
    }
    // Single faults are tried again until none can go.
    if (size > 1) size = Math.floor(size / 2);
    else if (!dropped) break;
  }
  return { kept, runs, isWhole: true };
}
