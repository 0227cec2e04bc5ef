import { err, ok, type Result } from '../../core/lib/result.ts';
import { MICROS_PER_SECOND, type Micros, micros } from '../../core/ports/clock.ts';
import type { PairReport } from '../../core/protocol/twin-control.ts';
import type { ChosenSettings } from '../../core/protocol/twin-settings.ts';
import { withSettings } from './apply-settings.ts';
import { figuresOf, publishesOf } from './pair-figures.ts';
import { type Parting, partingOf, prefixOf, type TracePrefix } from './pair-parting.ts';
import { WORK_MS_MAX } from './run-twin.ts';
import type { TwinOptions } from './twin-options.ts';
import { reportOf } from './twin-report.ts';
import { TwinWorld } from './twin-world.ts';

/** Both runs are this far and no further before the hashes of their traces are compared. */
const STRETCH_US = MICROS_PER_SECOND;
/** Steps between two looks at the clock, and at whether to stop. */
const STEPS_PER_LOOK = 8;
/** Entries that each run keeps to tell where they parted, at most a stretch of them: about 10 MB. */
const ENTRIES_MAX = 262_144;
/** Neither its faults nor its draft begin by themselves, and its clock is not at nought: both runs would be empty. */
const NO_PAIR_OF_STARTED =
  'A fleet that has been running already cannot be run under two settings; begin with an empty store, or rehearse it twice.';

/**
 * The same seed, faults and publishes under two settings, and what is different. Streams are split by
 * what draws from them, so that what one setting adds to one part leaves the chances of all others as they are.
 * The error is a sentence on settings that do not go together.
 */
export function runPair(
  options: TwinOptions,
  first: ChosenSettings,
  second: ChosenSettings,
): Result<PairReport, string> {
  const run = PairRun.begin(options, first, second);
  if (!run.ok) return run;
  for (const _look of run.value.work());
  return ok(run.value.report());
}

/**
 * The same, giving way to whatever else the process has to do, which `onWay` tells each time. Ends early
 * once `signal` is aborted.
 */
export async function runPairGently(
  options: TwinOptions,
  first: ChosenSettings,
  second: ChosenSettings,
  signal: AbortSignal,
  onWay: () => void = () => undefined,
): Promise<Result<PairRun, string>> {
  const run = PairRun.begin(options, first, second);
  if (!run.ok) return run;
  let lookedMs = performance.now();
  for (const _look of run.value.work()) {
    if (performance.now() - lookedMs < WORK_MS_MAX) continue;
    onWay();
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) break;
    lookedMs = performance.now();
  }
  return run;
}

/** Two worlds that are run side by side, a stretch of virtual time each in turn. */
export class PairRun {
  readonly first: TwinWorld;
  readonly second: TwinWorld;
  readonly #startedMs = performance.now();
  readonly #firstMs = new Stopwatch();
  readonly #secondMs = new Stopwatch();
  #parting: Parting | null = null;

  private constructor(first: TwinOptions, second: TwinOptions) {
    this.first = this.#firstMs.time(() => new TwinWorld(first));
    this.second = this.#secondMs.time(() => new TwinWorld(second));
  }

  static begin(
    options: TwinOptions,
    first: ChosenSettings,
    second: ChosenSettings,
  ): Result<PairRun, string> {
    if (options.start !== null) return err(NO_PAIR_OF_STARTED);
    const [one, other] = [withSettings(options, first), withSettings(options, second)];
    if (!one.ok) return err(one.error);
    if (!other.ok) return err(other.error);
    return ok(new PairRun(traced(one.value), traced(other.value)));
  }

  /** Yields every few steps until both have come to their end; a config that is refused is not run. */
  *work(): Generator<undefined> {
    const end = micros(this.first.options.durationUs);
    if (this.first.publishes.length === 0 && this.first.refusals.length > 0) return;
    for (let until = this.first.time.now(); until < end; ) {
      until = micros(Math.min(end, until + STRETCH_US));
      if (this.#parting === null) yield* this.#together(until);
      else {
        yield* onward(this.first, until, this.#firstMs);
        yield* onward(this.second, until, this.#secondMs);
      }
    }
  }

  report(): PairReport {
    const first = reportOf(this.first, this.#firstMs.totalMs);
    const second = reportOf(this.second, this.#secondMs.totalMs);
    return {
      first,
      second,
      parting: this.#parting,
      figures: figuresOf(first, second),
      publishes: publishesOf(first, second),
      wallMs: performance.now() - this.#startedMs,
    };
  }

  /** As long as both do the same, each step is remembered until the end of its stretch. */
  *#together(until: Micros): Generator<undefined> {
    const { first, second } = this;
    const before = yield* followed(first, until, this.#firstMs);
    const after = yield* followed(second, until, this.#secondMs);
    if (first.trace.digest() === second.trace.digest()) return;
    this.#parting = partingOf(
      { world: first, prefixes: before },
      { world: second, prefixes: after },
    );
  }
}

function* onward(world: TwinWorld, until: Micros, watch: Stopwatch): Generator<undefined> {
  while (!watch.time(() => world.runUntil(until, STEPS_PER_LOOK))) yield;
}

function* followed(
  world: TwinWorld,
  until: Micros,
  watch: Stopwatch,
): Generator<undefined, readonly TracePrefix[]> {
  const prefixes = [prefixOf(world)];
  let noted = world.trace.noted;
  for (let isDone = false; !isDone; ) {
    isDone = watch.time(() => world.runUntil(until, 1));
    if (world.trace.noted === noted) continue;
    noted = world.trace.noted;
    prefixes.push(prefixOf(world));
    if (prefixes.length % STEPS_PER_LOOK === 0) yield;
  }
  return prefixes;
}

function traced(options: TwinOptions): TwinOptions {
  return { ...options, traceEntriesMax: Math.max(ENTRIES_MAX, options.traceEntriesMax) };
}

/** Wall time that was spent on one of the two. */
class Stopwatch {
  #totalMs = 0;

  get totalMs(): number {
    return this.#totalMs;
  }

  time<T>(work: () => T): T {
    const startedMs = performance.now();
    try {
      return work();
    } finally {
      this.#totalMs += performance.now() - startedMs;
    }
  }
}
