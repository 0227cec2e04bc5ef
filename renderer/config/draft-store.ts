import { create } from 'zustand';
import type { ConfigText } from '../../core/protocol/console-model.ts';
import type { NodeRejection } from '../../core/protocol/control-plane-control.ts';
import type { ConfigAnalysis, ConfigPreview } from '../workers/config-worker-messages.ts';
import type { SaveState } from './draft-saver.ts';

export type ConfigTab = 'yaml' | 'diff';
export type ConfigDialog =
  | { readonly kind: 'publish' }
  | {
      readonly kind: 'open-file';
      readonly name: string;
      readonly text: string;
      readonly preview: ConfigPreview;
    };

/** Text that was put into the editor from elsewhere than the keyboard. */
export interface PlacedText {
  /** Grows with every placing. */
  readonly version: number;
  readonly text: string;
  /** Whether undo brings back what was there: an opened file, yes; another's draft, no. */
  readonly undoable: boolean;
}

export interface EditorJump {
  readonly seq: number;
  readonly line: number;
  readonly column: number;
  /** Whether the keyboard goes there too. */
  readonly focus: boolean;
}

export interface DraftState {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly failure: string;
  readonly head: ConfigText | null;
  /** The revision that the draft was made from. */
  readonly base: number | null;
  readonly hasDraft: boolean;
  readonly placed: PlacedText;
  readonly save: SaveState;
  readonly analysis: ConfigAnalysis | null;
  /** Whether the newest text is still to be looked at. */
  readonly analyzing: boolean;
  /** Why the text could not be looked at, in words. */
  readonly analysisFailure: string | null;
  /** Of the newest text: null while unknown, and while the control plane is down. */
  readonly rejectingNodes: readonly NodeRejection[] | null;
  /** Why the draft's base cannot be read, in words; null when it can or is the head. */
  readonly baseFailure: string | null;
  readonly publishing: boolean;
  readonly tab: ConfigTab;
  readonly dialog: ConfigDialog | null;
  readonly selectedKey: string | null;
  /** A place that the editor is asked to show; grows by `seq`. */
  readonly jump: EditorJump | null;
}

export const useDraft = create<DraftState>()(() => ({
  phase: 'loading',
  failure: '',
  head: null,
  base: null,
  hasDraft: false,
  placed: { version: 0, text: '', undoable: false },
  save: { kind: 'none' },
  analysis: null,
  analyzing: false,
  analysisFailure: null,
  rejectingNodes: null,
  baseFailure: null,
  publishing: false,
  tab: 'yaml',
  dialog: null,
  selectedKey: null,
  jump: null,
}));

/** Shows a line in the editor. */
export function jumpToLine(at: {
  readonly line: number;
  readonly column?: number;
  readonly focus: boolean;
}): void {
  useDraft.setState((state) => ({
    tab: 'yaml',
    jump: { seq: (state.jump?.seq ?? 0) + 1, column: 1, ...at },
  }));
}

export function showConfigDialog(dialog: ConfigDialog | null): void {
  useDraft.setState({ dialog });
}

/** Whether the head moved on after the draft was begun. */
export function hasDiverged(state: DraftState): boolean {
  return (
    state.hasDraft &&
    !state.publishing &&
    state.head !== null &&
    state.head.revision !== null &&
    state.base !== state.head.revision
  );
}
