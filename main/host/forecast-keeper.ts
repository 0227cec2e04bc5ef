import { createHash } from 'node:crypto';
import type { Lineage, Revision, RootHash } from '../../core/config/ids.ts';
import { withoutFullStop } from '../../core/lib/sentence.ts';
import type { RowForecast } from '../../core/protocol/console-model.ts';
import type { ConvergenceSummary } from '../../core/protocol/control-plane-control.ts';
import { type ActualSpread, compareForecast } from '../../core/rehearsal/compare-forecast.ts';
import type { Forecast } from '../../core/rehearsal/forecast.ts';
import { type TrackRecord, trackRecordOf } from '../../core/rehearsal/track-record.ts';
import { changesBetween, type FleetFacts } from './fleet-facts.ts';
import {
  KEPT_DETAIL_CHARS_MAX,
  KEPT_FAULT_CHARS_MAX,
  KEPT_FAULTS_MAX,
  REHEARSALS_REMEMBERED_MAX,
} from './rehearsal-limits.ts';
import type { ConsoleStore } from './store/console-store.ts';
import type { ForecastRow } from './store/forecast-rows.ts';
import { FORECASTS_KEPT_MAX } from './store/forecast-table.ts';

/** A rehearsal whose text may yet be published. */
export interface RememberedRehearsal {
  readonly text: string;
  readonly forecast: Forecast;
  /** The fleet that it was made on. */
  readonly facts: FleetFacts;
  readonly atMs: number;
}

type Rehearsal = Omit<RememberedRehearsal, 'text'> & { readonly textHash: string };

type RowKey = Pick<ForecastRow, 'lineage' | 'revision' | 'rootHash'>;

/** A new head. */
export interface PublishedHead {
  readonly lineage: Lineage;
  readonly revision: Revision;
  readonly rootHash: RootHash;
  readonly text: string;
  /** The fleet, with the head before this one. */
  readonly facts: FleetFacts;
}

export interface ForecastKeeperInput {
  readonly store: Pick<
    ConsoleStore,
    'forecasts' | 'saveForecast' | 'dropForecast' | 'deleteForecasts'
  >;
  /** Whether it is of the history that is looked at: what a restore undid waits here for being put back. */
  readonly isOfHistory: (row: ForecastRow) => boolean;
  /** The file would not take it: said, for nobody waits for it. */
  readonly onLost: (revision: Revision, why: string) => void;
}

/**
 * Remembers what was rehearsed, keeps it with the revision that was then published from exactly that text, and beside it
 * what came of that.
 */
export class ForecastKeeper {
  readonly #input: ForecastKeeperInput;
  /** Newest first. */
  #rehearsals: readonly Rehearsal[] = [];
  /** As in the file, of whatever history; newest first. */
  #rows: readonly ForecastRow[];

  constructor(input: ForecastKeeperInput) {
    this.#input = input;
    this.#rows = input.store.forecasts();
  }

  rehearsed({ text, forecast, facts, atMs }: RememberedRehearsal): void {
    const textHash = hashOf(text);
    const { head } = facts;
    const hasFaults = forecast.faults.length > 0;
    // One of a kind: of a text, on a head, with or without faults of one's own.
    const others = this.#rehearsals.filter(
      (other) =>
        other.textHash !== textHash ||
        other.facts.head?.rootHash !== head?.rootHash ||
        other.forecast.faults.length > 0 !== hasFaults,
    );
    const rehearsal = { textHash, forecast: boundedForecast(forecast), facts, atMs };
    this.#rehearsals = [rehearsal, ...others].slice(0, REHEARSALS_REMEMBERED_MAX);
  }

  /** Keeps the forecast of exactly this text, if there is one; what came of the same content before a restore is void. */
  published(head: PublishedHead): void {
    const { lineage, revision, rootHash, facts } = head;
    const rehearsal = this.#rehearsalOf(hashOf(head.text), facts);
    if (rehearsal === null) {
      this.#drop(head);
      return;
    }
    const kept = {
      revision,
      forecast: rehearsal.forecast,
      rehearsedAtMs: rehearsal.atMs,
      changedSince: changesBetween(rehearsal.facts, facts),
    };
    this.#save({ lineage, revision, rootHash, kept, actual: null });
  }

  /** Null: it was not rehearsed. */
  read(lineage: Lineage | null, revision: number): ForecastRow | null {
    const isAsked = (row: ForecastRow) => row.revision === revision && row.lineage === lineage;
    return this.#rows.find((row) => isAsked(row) && this.#input.isOfHistory(row)) ?? null;
  }

  /** Those whose convergence has not ended yet, newest first. */
  open(lineage: Lineage): readonly ForecastRow[] {
    const isOpen = (row: ForecastRow) => row.lineage === lineage && row.actual === null;
    return this.#rows.filter((row) => isOpen(row) && this.#input.isOfHistory(row));
  }

  /** What came of a revision, as it is when its convergence ends. */
  ended(row: ForecastRow, actual: ActualSpread): void {
    if (this.read(row.lineage, row.revision)?.rootHash !== row.rootHash) return;
    this.#save({ ...row, actual });
  }

  /** How far publishes on this machine were from their forecasts, whatever their history; null: none came to its end. */
  record(): TrackRecord | null {
    return trackRecordOf(
      this.#rows.map(({ kept, actual }) => ({
        forecast: kept.forecast,
        actualT99Ms: actual?.t99Ms ?? null,
      })),
    );
  }

  /** In short, for a row of the history. */
  inShort(
    lineage: Lineage | null,
    revision: number,
    convergence: ConvergenceSummary | null,
  ): RowForecast | null {
    const row = this.read(lineage, revision);
    if (row === null) return null;
    const { forecast } = row.kept;
    // What was broken for the rehearsal alone, the publish was spared.
    if (hasChosenFaults(forecast)) return { t99: forecast.t99, withinT99: null, withFaults: true };
    const actual = convergence ?? row.actual;
    if (actual === null) return { t99: forecast.t99, withinT99: null };
    const spread = { ...actual, curve: [], nodesRejecting: null };
    const { figures } = compareForecast(forecast, spread, hasEnded(actual));
    const verdict = figures.find(({ name }) => name === 't99')?.verdict ?? 'open';
    return { t99: forecast.t99, withinT99: verdict === 'open' ? null : verdict === 'within' };
  }

  /** Everything begins anew. */
  forget(): void {
    this.#rehearsals = [];
    this.#rows = [];
    try {
      this.#input.store.deleteForecasts();
    } catch {
      // They are of a history that is gone, and nobody asks for them.
    }
  }

  /** Best what was rehearsed on the very head and without faults of one's own; of these the newest. */
  #rehearsalOf(textHash: string, { head }: FleetFacts): Rehearsal | null {
    const ofText = this.#rehearsals.filter((rehearsal) => rehearsal.textHash === textHash);
    const unforced = ofText.filter(({ forecast }) => forecast.faults.length === 0);
    const candidates = unforced.length > 0 ? unforced : ofText;
    const ofHead = candidates.find(({ facts }) => facts.head?.rootHash === head?.rootHash);
    return ofHead ?? candidates[0] ?? null;
  }

  #drop(head: RowKey): void {
    const others = this.#rows.filter((row) => !isSame(row, head));
    if (others.length === this.#rows.length) return;
    this.#rows = others;
    try {
      this.#input.store.dropForecast(head);
    } catch {
      // On a full disk it lies there, and is told again after the next start.
    }
  }

  #save(row: ForecastRow): void {
    const place = this.#rows.findIndex((known) => isSame(known, row));
    this.#rows =
      place < 0 ? [row, ...this.#rows].slice(0, FORECASTS_KEPT_MAX) : this.#rows.with(place, row);
    try {
      this.#input.store.saveForecast(row);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#input.onLost(row.revision, withoutFullStop(why));
    }
  }
}

function isSame(row: RowKey, { lineage, revision, rootHash }: RowKey): boolean {
  return row.lineage === lineage && row.revision === revision && row.rootHash === rootHash;
}

/** Its figures are of another fleet than any that is published to. */
export function hasChosenFaults({ faults }: Forecast): boolean {
  return faults.length > 0;
}

/** The curve goes no further: every node has it, or its deadline has passed. */
export function hasEnded({ t100Ms, late }: ConvergenceSummary): boolean {
  return t100Ms !== null || late;
}

/** Texts in it come from nodes and from people: cut, so that a kept forecast is about 100 kB at most. */
function boundedForecast(forecast: Forecast): Forecast {
  return {
    ...forecast,
    rejections: forecast.rejections.map((rejection) => ({
      ...rejection,
      detail: rejection.detail.slice(0, KEPT_DETAIL_CHARS_MAX),
    })),
    faults: forecast.faults
      .slice(0, KEPT_FAULTS_MAX)
      .map((words) => words.slice(0, KEPT_FAULT_CHARS_MAX)),
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
