import { err, ok, type Result } from '../../core/lib/result.ts';
import {
  CONSOLE_REHEARSAL_SEEDS_MAX,
  type ConsoleRefusal,
  type ConsoleResults,
  type RehearsalProgress,
} from '../../core/protocol/console-api.ts';
import type { Forecast } from '../../core/rehearsal/forecast.ts';
import { makeForecast } from '../../core/rehearsal/make-forecast.ts';
import { isTooLarge, TOO_LARGE_DETAIL } from './config-texts.ts';
import { fleetFactsOf } from './fleet-facts.ts';
import type { FleetModel } from './fleet-model.ts';
import type { FleetShapeReader } from './fleet-shape-reader.ts';
import type { ForecastKeeper } from './forecast-keeper.ts';
import { CONVERGENCE_DEADLINE_MS } from './limits.ts';
import { REHEARSAL_BUDGET_MS, REHEARSAL_FIRST_SEED } from './rehearsal-limits.ts';
import { type RehearsalEnd, RehearsalProcess } from './rehearsal-process.ts';
import type { Spawner } from './spawner.ts';

export interface RehearserInput {
  readonly spawner: Spawner;
  readonly nowMs: () => number;
  readonly model: FleetModel;
  readonly shapes: FleetShapeReader;
  readonly forecasts: ForecastKeeper;
  readonly onProgress: () => void;
}

export interface RehearsalWish {
  readonly text: string;
  readonly faultsText?: string | undefined;
  readonly budgetMs?: number | undefined;
  readonly horizonMs?: number | undefined;
  readonly seedsMax?: number | undefined;
}

type Outcome = Result<ConsoleResults['rehearse'], ConsoleRefusal>;

/** A publish that goes on until the control plane itself would call it late. */
const HORIZON_MS = CONVERGENCE_DEADLINE_MS;

const BUSY: ConsoleRefusal = {
  reason: 'already-running',
  detail: 'A rehearsal is running already; wait for it, or stop it.',
};

const NOT_ONE_SEED: ConsoleRefusal = {
  reason: 'timeout',
  detail:
    'Not one seed was done in the time that there was; rehearse again when the machine has less to do, and stop it only once a seed is done.',
};

/** What the control plane would refuse a publish of the draft for, as the twin found. */
const PUBLISH_REFUSALS = [
  'invalid-config',
  'nothing-to-publish',
  'removes-everything',
  'storage-failed',
] as const satisfies readonly ConsoleRefusal['reason'][];

/** Rehearses a draft on a copy of the fleet, in a process of its own. One at a time. */
export class Rehearser {
  readonly #input: RehearserInput;
  #running: { readonly startedAtMs: number; readonly budgetMs: number } | null = null;
  #process: RehearsalProcess | null = null;
  #isCancelled = false;

  constructor(input: RehearserInput) {
    this.#input = input;
  }

  /** Null: none is running. */
  get progress(): RehearsalProgress | null {
    if (this.#running === null) return null;
    const { startedAtMs, budgetMs } = this.#running;
    const elapsedMs = Math.max(0, this.#input.nowMs() - startedAtMs);
    return { seedsDone: this.#process?.outcomes.length ?? 0, elapsedMs, budgetMs };
  }

  /** Never rejects. `gone` tells that nobody waits for the answer any more: then it ends at once. */
  async rehearse(wish: RehearsalWish, gone: AbortSignal): Promise<Outcome> {
    if (this.#running !== null) return err(BUSY);
    // It is the twin's process that reads the text: a large one would hold up everybody here.
    if (isTooLarge(wish.text)) return err({ reason: 'too-large', detail: TOO_LARGE_DETAIL });
    const { nowMs, onProgress } = this.#input;
    this.#isCancelled = false;
    this.#running = { startedAtMs: nowMs(), budgetMs: wish.budgetMs ?? REHEARSAL_BUDGET_MS };
    const cancel = () => this.cancel();
    gone.addEventListener('abort', cancel);
    onProgress();
    try {
      return await this.#run(wish, this.#running.budgetMs);
    } finally {
      gone.removeEventListener('abort', cancel);
      this.#process = null;
      this.#running = null;
      onProgress();
    }
  }

  /** The one that runs answers with what it has done. False: none is running. */
  stop(): boolean {
    if (this.#running === null) return false;
    if (this.#process === null) this.#isCancelled = true;
    else this.#process.stop();
    return true;
  }

  /** Ends the one that runs: nobody needs it any more. */
  cancel(): void {
    this.#isCancelled = true;
    this.#process?.kill();
  }

  /** Settles when no process of it is left. */
  async close(): Promise<void> {
    this.cancel();
    await this.#process?.ended;
  }

  async #run(wish: RehearsalWish, budgetMs: number): Promise<Outcome> {
    const { shapes, spawner, model, forecasts, nowMs } = this.#input;
    const reading = await shapes.read();
    if (!reading.ok) return reading;
    if (this.#isCancelled) return err(NOT_ONE_SEED);
    const facts = fleetFactsOf(model);
    const { text, faultsText, seedsMax } = wish;
    const process = new RehearsalProcess({
      spawner,
      budgetMs,
      request: {
        shape: reading.value.shape,
        draftText: text,
        faultsText: faultsText ?? null,
        firstSeed: REHEARSAL_FIRST_SEED,
        seedsMax: seedsMax ?? CONSOLE_REHEARSAL_SEEDS_MAX,
        budgetMs,
        horizonMs: wish.horizonMs ?? HORIZON_MS,
      },
    });
    this.#process = process;
    const end = await process.ended;
    const refusal = refusalOf(end, process.outcomes.length);
    if (refusal !== null) return err(refusal);
    const forecast = this.#forecastOf(process, end, wish);
    if (!this.#isCancelled) forecasts.rehearsed({ text, forecast, facts, atMs: nowMs() });
    const isStopped = end.type !== 'rehearsed' || end.isStopped;
    const notes = [...reading.value.notes, ...(end.type === 'rehearsed' ? end.notes : [])];
    return ok({ forecast, isStopped, notes, record: forecasts.record() });
  }

  #forecastOf({ outcomes }: RehearsalProcess, end: RehearsalEnd, wish: RehearsalWish): Forecast {
    const whole = end.type === 'rehearsed' ? end : null;
    const untold = wish.faultsText === undefined ? [] : ['those that were chosen'];
    return makeForecast({
      outcomes,
      horizonMs: wish.horizonMs ?? HORIZON_MS,
      serviceTimes: whole?.serviceTimes ?? 'not told: the twin was ended before its last word',
      faults: whole?.faults ?? untold,
      wallMs: whole?.wallMs ?? this.progress?.elapsedMs ?? 0,
    });
  }
}

/** Null where there is something to tell. */
function refusalOf(end: RehearsalEnd, seeds: number): ConsoleRefusal | null {
  if (end.type === 'refused') {
    const reason = PUBLISH_REFUSALS.find((known) => known === end.reason) ?? 'rehearsal-failed';
    return { reason, detail: end.detail };
  }
  if (end.type === 'failed') {
    const detail = `The rehearsal was not finished: ${end.why}. Nothing real was touched; rehearse again.`;
    return { reason: 'rehearsal-failed', detail };
  }
  return seeds === 0 ? NOT_ONE_SEED : null;
}
