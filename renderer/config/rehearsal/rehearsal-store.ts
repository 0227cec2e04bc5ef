import { create } from 'zustand';
import type { ConsoleRefusal } from '../../../core/protocol/console-api.ts';
import type { Forecast } from '../../../core/rehearsal/forecast.ts';
import type { TrackRecord } from '../../../core/rehearsal/track-record.ts';
import { chosenFaultLabel, type RehearsalFaultChoice } from './rehearsal-faults.ts';

/** Wall time after which no further seed is begun, milliseconds. */
export const REHEARSAL_BUDGET_MS = 5_000;

/** What is rehearsed: this text on this head. */
export interface RehearsedDraft {
  readonly text: string;
  /** Null: nothing was published yet. */
  readonly head: number | null;
}

/** A finished rehearsal. */
export interface DoneRehearsal {
  readonly kind: 'done';
  readonly draft: RehearsedDraft;
  /** What broke in it. */
  readonly choice: RehearsalFaultChoice;
  readonly forecast: Forecast;
  readonly isStopped: boolean;
  readonly atMs: number;
  /** Faults that were in force in the fleet when it began, in words. */
  readonly inForce: readonly string[];
  /** What the copy of the fleet could not have right, in sentences. */
  readonly notes: readonly string[];
  /** How far publishes were from their forecasts by then; null: nothing is known. */
  readonly record: TrackRecord | null;
}

export type Rehearsal =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'running';
      readonly draft: RehearsedDraft;
      readonly startedAtMs: number;
      readonly isStopping: boolean;
    }
  | DoneRehearsal
  /** By its person, before there was anything to tell. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'refused'; readonly refusal: ConsoleRefusal };

/** The rehearsal of this page. It goes on while the dialog is closed. */
export interface RehearsalState {
  readonly rehearsal: Rehearsal;
  readonly choice: RehearsalFaultChoice;
  /** Whether it is to begin as soon as the draft can be rehearsed. */
  readonly isWanted: boolean;
}

export const useRehearsal = create<RehearsalState>()(() => ({
  rehearsal: { kind: 'none' },
  choice: { id: 'none', cell: null },
  isWanted: false,
}));

/**
 * Why a finished rehearsal no longer says what publishing the draft would do, as one sentence; null
 * while it does.
 */
export function outdatedReason(
  { draft: rehearsed, choice }: Pick<DoneRehearsal, 'draft' | 'choice'>,
  now: RehearsedDraft,
  choiceNow: RehearsalFaultChoice,
): string | null {
  if (rehearsed.text !== now.text) {
    return 'Outdated: the draft has changed since it was rehearsed.';
  }
  if (rehearsed.head !== now.head) {
    const was =
      rehearsed.head === null ? 'nothing was published' : `the head was r${rehearsed.head}`;
    return `Outdated: when it was rehearsed, ${was}.`;
  }
  // Beside another choice the figures would be read as its own.
  const broke = chosenFaultLabel(choice);
  return broke === chosenFaultLabel(choiceNow)
    ? null
    : `Of another choice: it was rehearsed with “${broke}”.`;
}
