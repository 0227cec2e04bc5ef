import type { Lineage } from '../../core/config/ids.ts';
import type { ConsoleResults } from '../../core/protocol/console-api.ts';
import type { Belief, ConvergenceSummary } from '../../core/protocol/control-plane-control.ts';
import { type ActualSpread, compareForecast } from '../../core/rehearsal/compare-forecast.ts';
import type { ForecastComparison, KeptForecast } from '../../core/rehearsal/kept-forecast.ts';
import type { ControlPlaneLink } from './control-plane-link.ts';
import type { EventLog } from './event-log.ts';
import type { FleetModel } from './fleet-model.ts';
import { type ForecastKeeper, hasChosenFaults, hasEnded } from './forecast-keeper.ts';
import type { ForecastRow } from './store/forecast-rows.ts';

export interface ForecastFollowerInput {
  readonly model: FleetModel;
  readonly events: EventLog;
  readonly controlPlane: Pick<ControlPlaneLink, 'request'>;
  readonly forecasts: ForecastKeeper;
  /** Of the history that is looked at; null before any was heard of. */
  readonly lineage: () => Lineage | null;
}

/** An event is a warning when T99 took this many times the greatest that was predicted … */
const FAR_ABOVE_TIMES = 3;
/** … and so much longer that a person would notice. */
const FAR_ABOVE_MS = 1_000;

/** Holds forecasts against what comes of them. */
export class ForecastFollower {
  readonly #input: ForecastFollowerInput;
  #isAsking = false;
  /** The newest settled revision when one was last asked for; gone with the row. */
  readonly #askedAt = new WeakMap<ForecastRow, number>();

  constructor(input: ForecastFollowerInput) {
    this.#input = input;
  }

  /** What was predicted, beside what is known now; null: it was not rehearsed. */
  async read(revision: number): Promise<ConsoleResults['get-forecast']> {
    const { forecasts, lineage } = this.#input;
    const row = forecasts.read(lineage(), revision);
    if (row === null) return null;
    const { kept } = row;
    const heard = await this.#ask(row);
    const asked = heard === null ? null : withKeptCurve(heard, row.actual);
    // Late ones may still arrive after it was told how it came out.
    if (asked !== null && row.actual !== null && asked.reached !== row.actual.reached) {
      forecasts.ended(row, asked);
    }
    const actual = asked ?? row.actual ?? this.#remembered(row);
    if (actual === null) return { kept, comparison: null, actual };
    return { kept, comparison: compareForecast(kept.forecast, actual, hasEnded(actual)), actual };
  }

  /** Says once how a rehearsed revision came out, when its convergence has ended. */
  async believed(belief: Belief): Promise<void> {
    const { forecasts } = this.#input;
    if (this.#isAsking || belief.head === null) return;
    const ripe = forecasts.open(belief.head.lineage).filter((row) => this.#isRipe(row, belief));
    if (ripe.length === 0) return;
    this.#isAsking = true;
    try {
      for (const row of ripe) {
        const actual = await this.#ask(row);
        if (actual === null || !hasEnded(actual)) continue;
        forecasts.ended(row, actual);
        this.#say(row, actual);
      }
    } finally {
      this.#isAsking = false;
    }
  }

  /** Beliefs tell of the newest revision and of late ones: once the newest has settled, its forerunners are asked for. */
  #isRipe(row: ForecastRow, { convergence, late }: Belief): boolean {
    const { revision } = row;
    if (late.some((summary) => summary.revision === revision)) return true;
    if (convergence === null || !hasEnded(convergence)) return false;
    if (convergence.revision === revision) return true;
    if (convergence.revision < revision) return false;
    if (this.#askedAt.get(row) === convergence.revision) return false;
    this.#askedAt.set(row, convergence.revision);
    return true;
  }

  async #ask(row: ForecastRow): Promise<ActualSpread | null> {
    const { controlPlane, model } = this.#input;
    const { revision } = row;
    const answer = await controlPlane.request({ method: 'get-convergence', revision });
    if (!answer.ok) return null;
    const { belief } = model;
    const isHead = belief?.head?.revision === revision && belief.head.lineage === row.lineage;
    const nodesRejecting = isHead ? belief.counts.rejected : (row.actual?.nodesRejecting ?? null);
    return { ...answer.value, nodesRejecting };
  }

  /** What is remembered of it has no curve. */
  #remembered({ revision }: ForecastRow): ActualSpread | null {
    const known = this.#input.model.revisions.rows.find((row) => row.revision === revision);
    const summary = known?.convergence ?? null;
    return summary === null ? null : { ...summary, curve: [], nodesRejecting: null };
  }

  #say({ kept }: ForecastRow, actual: ActualSpread): void {
    const comparison = compareForecast(kept.forecast, actual, true);
    const isJudged = !hasChosenFaults(kept.forecast);
    const verdict = isAll(comparison) ? 'as rehearsed' : 'beside its rehearsal';
    this.#input.events.add({
      kind: 'note',
      severity: isJudged && isFarOff(kept, actual, comparison) ? 'warning' : 'info',
      title: `r${kept.revision} ${isJudged ? verdict : 'was rehearsed with chosen faults'}: ${comparison.summary}`,
      detail: [...chosenWords(kept), ...reachedWords(kept, actual), ...kept.changedSince].join(' '),
      subject: `r${kept.revision}`,
    });
  }
}

/** A control plane that was started anew knows the quantiles of a curve alone; the whole was kept when it ended. */
function withKeptCurve(heard: ActualSpread, kept: ActualSpread | null): ActualSpread {
  if (kept === null || kept.curve.length <= heard.curve.length) return heard;
  return { ...heard, curve: kept.curve };
}

/** Of all that the console shows beside its prediction, nothing is outside. */
function isAll({ figures }: ForecastComparison): boolean {
  return figures.every(({ verdict }) => verdict === 'within' || verdict === 'open');
}

function verdictOf({ figures }: ForecastComparison, name: string): string | null {
  return figures.find((figure) => figure.name === name)?.verdict ?? null;
}

/** Calm about a band that was missed: only what took far longer, reached fewer or was refused by more is a warning. */
function isFarOff(
  { forecast }: KeptForecast,
  { t99Ms }: ConvergenceSummary,
  comparison: ForecastComparison,
): boolean {
  if (verdictOf(comparison, 'reached') === 'below') return true;
  if (verdictOf(comparison, 'nodesRejecting') === 'above') return true;
  const { high } = forecast.t99;
  if (high === null) return false;
  if (t99Ms === null) return true;
  return t99Ms > high * FAR_ABOVE_TIMES && t99Ms - high >= FAR_ABOVE_MS;
}

/** What broke in the rehearsal alone explains a difference. */
function chosenWords({ forecast }: KeptForecast): string[] {
  const [first, ...more] = forecast.faults;
  if (first === undefined) return [];
  const others = more.length === 0 ? '' : `, and ${more.length} more`;
  return [
    `It was rehearsed with a fault that was chosen for that: ${first}${others}. So how it came out is not held against the prediction.`,
  ];
}

function reachedWords(
  { forecast }: KeptForecast,
  { reached, nodes }: ConvergenceSummary,
): string[] {
  const { low, high } = forecast.reached;
  if (reached === nodes && low === high && low === forecast.nodes) return [];
  const predicted = low === high ? `${low ?? 0}` : `${low ?? 0} to ${high ?? 0}`;
  return [
    `${reached} of ${nodes} nodes reached it; ${predicted} of ${forecast.nodes} were predicted.`,
  ];
}
