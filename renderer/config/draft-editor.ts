import { isolateHistory, redo, undo } from '@codemirror/commands';
import { setDiagnostics } from '@codemirror/lint';
import { EditorState, Transaction } from '@codemirror/state';
import { EditorView, type ViewUpdate } from '@codemirror/view';
import type { TextEdit } from '../../core/gateway/edit/edit-op.ts';
import { applyFix } from './apply-fix.ts';
import { compareWithHead } from './changed-lines.ts';
import { type DocumentPlace, documentPlaces } from './document-text.ts';
import { getDraftController } from './draft-session.ts';
import {
  type DraftState,
  type EditorJump,
  jumpToLine,
  type PlacedText,
  useDraft,
} from './draft-store.ts';
import { editorAssist } from './editor/editor-assist.ts';
import { editorExtensions } from './editor-extensions.ts';
import { toDiagnostics } from './editor-problems.ts';
import { firstWorthSeeing } from './first-document.ts';
import { referencesNow } from './form-references.ts';
import { LineMapper } from './line-mapper.ts';
import { keysOf, liveDocumentAt } from './live-document.ts';

/** Quiet time before the form follows what is typed into the text, milliseconds. */
const LIVE_DELAY_MS = 60;
/** Edits of one thing that follow each other within this time are one step of undo, milliseconds. */
const JOIN_MS = 1_000;
const PLACE = 'place';

/**
 * The one editor of the draft. It lasts as long as the page, in sight or not, so that typing, forms,
 * quick fixes and reverts are steps of one history.
 */
export class DraftEditor {
  readonly #view: EditorView;
  readonly #mapper = new LineMapper();
  #placedVersion: number;
  #shownJump = 0;
  #scrollTop = 0;
  #liveTimer: ReturnType<typeof setTimeout> | null = null;
  #lastEdit = { label: '', atMs: 0 };

  constructor() {
    const { placed } = useDraft.getState();
    this.#placedVersion = placed.version;
    this.#view = new EditorView({
      state: EditorState.create({
        doc: placed.text,
        extensions: [
          editorExtensions(),
          editorAssist({ names: referencesNow }),
          EditorView.updateListener.of((update) => this.#updated(update)),
        ],
      }),
    });
    compareWithHead(this.#view, useDraft.getState().head?.text ?? null);
    useDraft.subscribe((state, before) => this.#follow(state, before));
    useDraft.setState({ editor: this });
    const { analysis, jump } = useDraft.getState();
    if (analysis !== null) this.#drawProblems(useDraft.getState());
    if (jump !== null) this.#show(jump);
    else {
      this.refreshLive();
      this.#openFirst(useDraft.getState());
    }
  }

  get view(): EditorView {
    return this.#view;
  }

  text(): string {
    return this.#view.state.doc.toString();
  }

  /** Shows the editor in a place of the page; the returned function takes it out again. */
  attach(parent: HTMLElement): () => void {
    parent.appendChild(this.#view.dom);
    const top = this.#scrollTop;
    this.#view.requestMeasure({
      read: () => null,
      write: () => {
        this.#view.scrollDOM.scrollTop = top;
      },
    });
    return () => {
      this.#scrollTop = this.#view.scrollDOM.scrollTop;
      this.#view.dom.remove();
    };
  }

  /** Edits from a form, a quick fix or a menu: one step of undo, in the offsets of `text()`. */
  apply(edits: readonly TextEdit[], label: string, cursor?: number): void {
    if (edits.length === 0) return;
    const now = performance.now();
    const joins = label === this.#lastEdit.label && now - this.#lastEdit.atMs < JOIN_MS;
    this.#lastEdit = { label, atMs: now };
    const { state } = this.#view;
    const changes = state.changes(edits.map(({ from, to, insert }) => ({ from, to, insert })));
    const shown = cursor ?? changes.mapPos(edits[0]?.from ?? 0);
    this.#view.dispatch({
      changes,
      ...(cursor === undefined ? {} : { selection: { anchor: cursor } }),
      effects: EditorView.scrollIntoView(Math.min(shown, changes.newLength), {
        y: cursor === undefined ? 'nearest' : 'start',
        yMargin: 36,
      }),
      // No user event: completion would take the edit for typing.
      ...(joins ? {} : { annotations: isolateHistory.of('before') }),
    });
    this.refreshLive();
  }

  undo(): void {
    undo(this.#view);
    this.refreshLive();
  }

  redo(): void {
    redo(this.#view);
    this.refreshLive();
  }

  focus(): void {
    this.#view.focus();
  }

  /** The newest text goes to the worker now. */
  submitted(): void {
    this.#mapper.submit(this.#view.state.doc);
  }

  /** A line of the last analysis, in the text of now. */
  lineNow(analyzedLine: number): number {
    return this.#mapper.line(analyzedLine, this.#view.state.doc);
  }

  /** Where a line of the last analysis begins in the text of now. */
  offsetNow(analyzedLine: number): number {
    return this.#view.state.doc.line(this.lineNow(analyzedLine)).from;
  }

  /** The document of a key as the text of now has it; null when it is gone. */
  placeOf(key: string): DocumentPlace | null {
    this.refreshLive();
    const { live, analysis } = useDraft.getState();
    if (live?.key === key) return live;
    const places = documentPlaces(this.text());
    return places[keysOf(places, analysis).indexOf(key)] ?? null;
  }

  /** Reads the document at the cursor anew. */
  refreshLive(): void {
    if (this.#liveTimer !== null) clearTimeout(this.#liveTimer);
    this.#liveTimer = null;
    const { live, selectedKey } = useDraft.getState();
    const next = liveDocumentAt(this.text(), this.#view.state.selection.main.head, live);
    if (next?.key !== selectedKey || next?.source !== live?.source || next?.from !== live?.from) {
      useDraft.setState({ live: next, selectedKey: next?.key ?? null });
    }
  }

  #updated(update: ViewUpdate): void {
    if (update.docChanged) {
      this.#mapper.changed(update.changes);
      if (!update.transactions.some((each) => each.isUserEvent(PLACE))) {
        const { doc } = update.state;
        getDraftController().edited(() => doc.toString());
      }
      this.#refreshLiveSoon();
    } else if (update.selectionSet && this.#hasLeftDocument(update.state)) this.refreshLive();
  }

  #hasLeftDocument(state: EditorState): boolean {
    const { live } = useDraft.getState();
    const { head } = state.selection.main;
    return live === null || head < live.from || head > live.to;
  }

  #refreshLiveSoon(): void {
    if (this.#liveTimer !== null) return;
    this.#liveTimer = setTimeout(() => this.refreshLive(), LIVE_DELAY_MS);
  }

  #follow(state: DraftState, before: DraftState): void {
    if (state.placed !== before.placed && state.placed.version !== this.#placedVersion) {
      this.#placedVersion = state.placed.version;
      this.#place(state.placed);
    }
    if (state.head !== before.head && state.head?.text !== before.head?.text) {
      compareWithHead(this.#view, state.head?.text ?? null);
    }
    if (state.analysis !== before.analysis) {
      this.#mapper.delivered();
      this.#drawProblems(state);
      if (before.analysis === null) this.#openFirst(state);
    }
    if (state.jump !== before.jump && state.jump !== null) this.#show(state.jump);
  }

  #place(placed: PlacedText): void {
    if (this.text() === placed.text) return;
    this.#view.dispatch({
      changes: { from: 0, to: this.#view.state.doc.length, insert: placed.text },
      selection: { anchor: 0 },
      scrollIntoView: true,
      annotations: [Transaction.userEvent.of(PLACE), Transaction.addToHistory.of(placed.undoable)],
    });
    this.refreshLive();
  }

  /** Nobody has chosen anything yet: what the draft changed is worth seeing first, then a route. */
  #openFirst({ analysis, hasDraft, jump }: DraftState): void {
    if (analysis === null || jump !== null || this.#view.state.selection.main.head !== 0) return;
    const first = firstWorthSeeing(analysis, hasDraft);
    if (first !== null) jumpToLine({ line: first.startLine, focus: false });
  }

  #drawProblems({ analysis }: DraftState): void {
    const { doc } = this.#view.state;
    const marks = toDiagnostics(
      this.#mapper.analyzed ?? doc,
      analysis?.problems ?? [],
      (problem, fix) => void applyFix(problem, fix),
    );
    const now = marks.map((mark) => ({
      ...mark,
      from: Math.min(this.#mapper.position(mark.from), doc.length),
      to: Math.min(this.#mapper.position(mark.to), doc.length),
    }));
    this.#view.dispatch(setDiagnostics(this.#view.state, now));
  }

  #show(jump: EditorJump): void {
    if (jump.seq === this.#shownJump) return;
    this.#shownJump = jump.seq;
    const { doc } = this.#view.state;
    const line = jump.analyzed ? this.lineNow(jump.line) : jump.line;
    const target = doc.line(Math.min(Math.max(1, line), doc.lines));
    const position = Math.min(target.from + Math.max(0, jump.column - 1), target.to);
    this.#view.dispatch({
      selection: { anchor: position },
      effects: EditorView.scrollIntoView(position, { y: 'start', yMargin: 36 }),
    });
    this.refreshLive();
    // Its place in the page may only be drawn with the tab that this jump opens.
    if (jump.focus) requestAnimationFrame(() => this.#view.focus());
  }
}

let editor: DraftEditor | null = null;

/** The editor of this page's draft. */
export function getDraftEditor(): DraftEditor {
  editor ??= new DraftEditor();
  return editor;
}
