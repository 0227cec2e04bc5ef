import { create } from 'zustand';
import type { ConfigText, DraftDelta, ResourceTouch } from '../../core/protocol/console-model.ts';
import type { NodeRejection } from '../../core/protocol/control-plane-control.ts';
import type {
  ConfigAnalysis,
  ConfigPreview,
  RequestComparison,
} from '../workers/config-worker-messages.ts';
import type { DraftEditor } from './draft-editor.ts';
import type { SaveState } from './draft-saver.ts';
import type { LiveDocument } from './live-document.ts';

export type ConfigTab = 'yaml' | 'diff' | 'try';
/** What of the draft is in sight: the form, the text, or both. */
export type ConfigPanes = 'form' | 'both' | 'text';
export type ConfigDialog =
  | { readonly kind: 'publish' }
  | { readonly kind: 'drafts' }
  /** Resources that draft and head both changed. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'rename'; readonly key: string }
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
  /** Whether the line counts in the text of the last analysis, which typing may have moved. */
  readonly analyzed: boolean;
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
  /** Whether the draft was saved elsewhere while this text was typed, and nobody has chosen yet. */
  readonly savedElsewhere: boolean;
  readonly analysis: ConfigAnalysis | null;
  /** Whether the newest text is still to be looked at. */
  readonly analyzing: boolean;
  /** Why the text could not be looked at, in words. */
  readonly analysisFailure: string | null;
  /** Of the second pass; null until it has looked at a text. */
  readonly comparison: RequestComparison | null;
  /** Whether the comparison is of an older text. */
  readonly comparing: boolean;
  /** Of the newest text: null while unknown, and while the control plane is down. */
  readonly rejectingNodes: readonly NodeRejection[] | null;
  /** What publishing the newest text would send; null while nobody can tell. */
  readonly delta: DraftDelta | null;
  /** Who last touched each resource of the head, by key. */
  readonly blame: ReadonlyMap<string, ResourceTouch>;
  /** Why the draft's base cannot be read, in words; null when it can or is the head. */
  readonly baseFailure: string | null;
  readonly publishing: boolean;
  readonly tab: ConfigTab;
  readonly dialog: ConfigDialog | null;
  /** Null until the editor, which is heavy, has been loaded. */
  readonly editor: DraftEditor | null;
  /** The document that is open in form and text, as the text of this moment has it. */
  readonly live: LiveDocument | null;
  readonly selectedKey: string | null;
  /** Part of the selected resource that the form is asked to show; grows by `seq`. */
  readonly reveal: { readonly seq: number; readonly pointer: string } | null;
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
  savedElsewhere: false,
  analysis: null,
  analyzing: false,
  analysisFailure: null,
  comparison: null,
  comparing: false,
  rejectingNodes: null,
  delta: null,
  blame: new Map(),
  baseFailure: null,
  publishing: false,
  tab: 'yaml',
  dialog: null,
  editor: null,
  live: null,
  selectedKey: null,
  reveal: null,
  jump: null,
}));

/** Shows a line in the editor, and with it its resource in the form. */
export function jumpToLine(at: {
  readonly line: number;
  readonly column?: number;
  readonly focus: boolean;
  readonly analyzed?: boolean;
}): void {
  useDraft.setState((state) => ({
    tab: at.focus ? 'yaml' : state.tab === 'diff' ? 'yaml' : state.tab,
    jump: { seq: (state.jump?.seq ?? 0) + 1, column: 1, analyzed: true, ...at },
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
