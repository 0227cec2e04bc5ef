import { ok, type Result } from '../../../core/lib/result.ts';
import type { RehearsalRequest, TwinEvent } from '../../../core/protocol/twin-control.ts';
import type { SeedOutcome } from '../../../core/rehearsal/seed-outcome.ts';
import { SERVICE_TIMES_SOURCE } from '../service-times.ts';
import { prepareRehearsal, type Rehearsal } from './prepare-rehearsal.ts';
import type { RehearsalRefusal } from './rehearsal-refusal.ts';
import { RehearsedSeed } from './rehearsed-seed.ts';

/** Steps between two looks at the clock. One can be a whole publish, so they are few. */
const STEPS_PER_LOOK = 64;
/** Work without giving way, milliseconds, if no one step takes longer. */
const WORK_MS_MAX = 20;

export type RehearsalEnd = Omit<Extract<TwinEvent, { type: 'rehearsed' }>, 'type'>;

/**
 * Runs one seed after the other, giving way to whatever else the process has to do, until all that were
 * asked for are done, the budget is spent, or `signal` is aborted: then the seed under way is not
 * counted. At least one seed is run, however small the budget.
 */
export async function runRehearsalGently(
  request: RehearsalRequest,
  signal: AbortSignal,
  onSeed: (outcome: SeedOutcome) => void,
): Promise<Result<RehearsalEnd, RehearsalRefusal>> {
  const startedMs = performance.now();
  const elapsedMs = () => performance.now() - startedMs;
  const rehearsal = prepareRehearsal(request);
  if (!rehearsal.ok) return rehearsal;
  const { firstSeed, seedsMax, budgetMs } = request;
  let seeds = 0;
  while (seeds < seedsMax && !signal.aborted) {
    if (seeds > 0 && budgetMs !== null && elapsedMs() >= budgetMs) break;
    const outcome = await rehearseSeed(rehearsal.value, firstSeed + seeds, signal);
    if (outcome === null) break;
    onSeed(outcome);
    seeds += 1;
  }
  const isStopped = signal.aborted;
  return ok({
    seeds,
    isStopped,
    serviceTimes: SERVICE_TIMES_SOURCE,
    faults: [...rehearsal.value.faults.chosenWords],
    notes: [...rehearsal.value.notes],
    wallMs: elapsedMs(),
  });
}

/** Null: it was stopped in the middle. */
async function rehearseSeed(
  rehearsal: Rehearsal,
  seed: number,
  signal: AbortSignal,
): Promise<SeedOutcome | null> {
  const run = new RehearsedSeed(rehearsal, seed);
  for (let isOver = false; !isOver; ) {
    const lookedMs = performance.now();
    do isOver = run.work(STEPS_PER_LOOK);
    while (!isOver && performance.now() - lookedMs < WORK_MS_MAX);
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) return null;
  }
  return run.outcome();
}
