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
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { type Extension, Prec } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { runAction } from '../actions/registry.ts';
import { changedLines } from './changed-lines.ts';
import { cursorInSight } from './cursor-in-sight.ts';
import { editorLook } from './editor-look.ts';

/** What the editor of the draft is made of, but for what listens to it. */
export function editorExtensions(): Extension {
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
    changedLines(),
    drawSelection(),
    // The column is narrow: a long comment must not push everything else out of sight.
    EditorView.lineWrapping,
    cursorInSight(),
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
  ];
}

/** Takes the key even when nothing can be published, so that it never breaks a line instead. */
function askToPublish(): boolean {
  runAction('draft.publish');
  return true;
}

function foldMarker(open: boolean): HTMLElement {
  const marker = document.createElement('span');
  // Drawn, because not every font has triangles.
  marker.className = open ? 'hf-fold hf-fold-open' : 'hf-fold';
  marker.setAttribute('aria-hidden', 'true');
  return marker;
}
