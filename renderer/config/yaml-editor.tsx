import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
} from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension, Prec, Transaction } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { runAction } from '../actions/registry.ts';
import classes from './config.module.css';
import { getDraftController } from './draft-session.ts';
import { type EditorJump, type PlacedText, useDraft } from './draft-store.ts';
import { editorLook } from './editor-look.ts';
import { toDiagnostics } from './editor-problems.ts';
import { documentAtLine } from './resource-tree.ts';

// Kept over a change of views, so that undo, folds and the cursor are there on return.
let kept: { readonly state: EditorState; readonly version: number; readonly top: number } | null =
  null;

let shownJump = 0;

/** The editor on the draft's text. */
export function YamlEditor() {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const placed = useDraft((state) => state.placed);
  const analysis = useDraft((state) => state.analysis);
  const jump = useDraft((state) => state.jump);
  const shownVersion = useRef(-1);

  useEffect(() => {
    if (host.current === null) return;
    const created = createEditor(host.current, useDraft.getState().placed);
    view.current = created;
    shownVersion.current = useDraft.getState().placed.version;
    return () => {
      kept = {
        state: created.state,
        version: shownVersion.current,
        top: created.scrollDOM.scrollTop,
      };
      created.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    if (view.current === null || shownVersion.current === placed.version) return;
    shownVersion.current = placed.version;
    placeText(view.current, placed);
  }, [placed]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || analysis === null) return;
    editor.dispatch(
      setDiagnostics(editor.state, toDiagnostics(editor.state.doc, analysis.problems)),
    );
  }, [analysis]);

  useEffect(() => {
    if (view.current === null || jump === null || jump.seq === shownJump) return;
    shownJump = jump.seq;
    showLine(view.current, jump);
  }, [jump]);

  return <div ref={host} className={classes.editor} />;
}

function createEditor(parent: HTMLElement, placed: PlacedText): EditorView {
  if (kept !== null && kept.version === placed.version) {
    const { state, top } = kept;
    const view = new EditorView({ state, parent });
    view.requestMeasure({
      read: () => null,
      write: () => {
        view.scrollDOM.scrollTop = top;
      },
    });
    return view;
  }
  return new EditorView({
    state: EditorState.create({ doc: placed.text, extensions: extensions() }),
    parent,
  });
}

function extensions(): Extension {
  return [
    editorLook(),
    lintGutter(),
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightActiveLine(),
    highlightSpecialChars(),
    history(),
    codeFolding(),
    foldGutter({ markerDOM: foldMarker }),
    drawSelection(),
    indentUnit.of('  '),
    indentOnInput(),
    bracketMatching(),
    highlightSelectionMatches(),
    search({ top: true }),
    yaml(),
    EditorView.contentAttributes.of({
      'aria-label': 'Draft, YAML',
      tabindex: '0',
      'aria-description': 'Escape, then Tab, leaves the editor.',
    }),
    Prec.highest(keymap.of([{ key: 'Mod-Enter', run: askToPublish }])),
    keymap.of([...lintKeymap, ...searchKeymap, ...foldKeymap, ...historyKeymap]),
    keymap.of([indentWithTab, ...defaultKeymap]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.some(isPlacing)) {
        const { doc } = update.state;
        getDraftController().edited(() => doc.toString());
      }
      if (update.docChanged || update.selectionSet) followCursor(update.state);
    }),
  ];
}

/** Takes the key even when nothing can be published, so that it never breaks a line instead. */
function askToPublish(): boolean {
  runAction('draft.publish');
  return true;
}

function foldMarker(open: boolean): HTMLElement {
  const marker = document.createElement('span');
  marker.textContent = open ? '▾' : '▸';
  marker.setAttribute('aria-hidden', 'true');
  return marker;
}

const PLACE = 'place';

function isPlacing(transaction: Transaction): boolean {
  return transaction.isUserEvent(PLACE);
}

function placeText(view: EditorView, placed: PlacedText): void {
  if (view.state.doc.toString() === placed.text) return;
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: placed.text },
    selection: { anchor: 0 },
    scrollIntoView: true,
    annotations: [Transaction.userEvent.of(PLACE), Transaction.addToHistory.of(placed.undoable)],
  });
}

/** The tree shows the resource that the cursor is in. */
function followCursor(state: EditorState): void {
  const line = state.doc.lineAt(state.selection.main.head).number;
  const documents = useDraft.getState().analysis?.documents ?? [];
  const selectedKey = documentAtLine(documents, line)?.key ?? null;
  if (selectedKey !== useDraft.getState().selectedKey) useDraft.setState({ selectedKey });
}

function showLine(view: EditorView, { line, column, focus }: EditorJump): void {
  const target = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
  const position = Math.min(target.from + Math.max(0, column - 1), target.to);
  view.dispatch({
    selection: { anchor: position },
    effects: EditorView.scrollIntoView(position, { y: 'start', yMargin: 36 }),
  });
  if (focus) view.focus();
}
