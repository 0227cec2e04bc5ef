import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

// Every colour is a token, so one theme serves dark and light.
const yamlHighlight = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--hf-action)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--hf-added)' },
  { tag: tags.comment, color: 'var(--hf-muted)' },
  { tag: tags.meta, color: 'var(--hf-control-plane)' },
  { tag: [tags.labelName, tags.typeName], color: 'var(--hf-behind-2-text)' },
  { tag: tags.separator, color: 'var(--hf-muted)' },
]);

const wash = (token: string, percent: number) =>
  `color-mix(in srgb, var(${token}) ${percent}%, transparent)`;

const frame = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--hf-text)',
    backgroundColor: 'var(--hf-surface)',
    fontSize: '12.5px',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--hf-mono)', lineHeight: '18px', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--hf-text)', padding: '8px 0' },
  '.cm-line': { padding: '0 8px 0 6px' },
  '.cm-cursor': { borderLeftColor: 'var(--hf-text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: wash('--hf-action', 28) },
  '.cm-activeLine': { backgroundColor: wash('--hf-raised', 60) },
  '.cm-gutters': {
    backgroundColor: 'var(--hf-surface)',
    color: 'var(--hf-muted)',
    border: 'none',
    paddingLeft: '4px',
  },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--hf-text)' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 4px 0 8px', minWidth: '34px' },
  '.cm-foldGutter .cm-gutterElement': { color: 'var(--hf-muted)', cursor: 'pointer' },
  '.hf-fold': {
    display: 'inline-block',
    width: '5px',
    height: '5px',
    margin: '0 3px 2px',
    border: 'solid var(--hf-muted)',
    borderWidth: '0 1px 1px 0',
    transform: 'rotate(-45deg)',
  },
  '.hf-fold-open': { transform: 'translateY(-2px) rotate(45deg)' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--hf-raised)',
    border: '1px solid var(--hf-line)',
    color: 'var(--hf-muted)',
    padding: '0 6px',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: wash('--hf-action', 20),
    outline: 'none',
  },
  '.cm-selectionMatch': { backgroundColor: wash('--hf-behind-2', 18) },
  '.cm-searchMatch': {
    backgroundColor: wash('--hf-behind-2', 28),
    outline: `1px solid ${wash('--hf-behind-2', 60)}`,
  },
  '.cm-searchMatch-selected': { backgroundColor: wash('--hf-behind-2', 55) },
});

const floating = EditorView.theme({
  '.cm-tooltip': {
    backgroundColor: 'var(--hf-raised)',
    color: 'var(--hf-text)',
    border: '1px solid var(--hf-line-strong)',
    borderRadius: '6px',
    boxShadow: 'var(--hf-shadow)',
    maxWidth: '460px',
    fontFamily: 'var(--hf-font)',
    fontSize: '12px',
  },
  '.cm-panels': { backgroundColor: 'var(--hf-raised)', color: 'var(--hf-text)', zIndex: '2' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--hf-line)' },
  '.cm-panel.cm-search': { padding: '6px 28px 6px 8px', fontFamily: 'var(--hf-font)' },
  '.cm-panel.cm-search label': { fontSize: '12px', color: 'var(--hf-muted)' },
  '.cm-panel.cm-search [name=close]': { color: 'var(--hf-text)', fontSize: '16px', right: '8px' },
  '.cm-textfield': {
    backgroundColor: 'var(--hf-surface)',
    border: '1px solid var(--hf-line)',
    borderRadius: '5px',
    color: 'var(--hf-text)',
    padding: '3px 8px',
    fontSize: '12px',
    fontFamily: 'var(--hf-mono)',
  },
  '.cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--hf-surface)',
    border: '1px solid var(--hf-line)',
    borderRadius: '5px',
    color: 'var(--hf-text)',
    fontSize: '12px',
    padding: '3px 10px',
  },
  '.cm-button:active': { backgroundImage: 'none', backgroundColor: 'var(--hf-raised)' },
});

const problemMarks = EditorView.theme({
  '.cm-diagnostic': { padding: '6px 10px', borderLeftWidth: '3px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--hf-bad)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--hf-behind-2)' },
  '.cm-diagnostic-info': { borderLeftColor: 'var(--hf-muted)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--hf-bad) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-warning': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--hf-behind-2) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-lintRange-info': {
    backgroundImage: 'none',
    textDecoration: 'underline dotted var(--hf-muted) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-gutter-lint': { width: '12px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '5px 2px 0' },
  '.cm-lint-marker': { width: '8px', height: '8px' },
  '.cm-lint-marker-error': {
    content: 'none',
    borderRadius: '4px',
    backgroundColor: 'var(--hf-bad)',
  },
  '.cm-lint-marker-warning': {
    content: 'none',
    backgroundColor: 'var(--hf-behind-2)',
    clipPath: 'polygon(50% 0, 100% 100%, 0 100%)',
  },
  '.cm-lint-marker-info': {
    content: 'none',
    borderRadius: '4px',
    border: '1px solid var(--hf-muted)',
  },
});

// The washes are weak enough for every colour of the highlighting to keep its contrast on them;
// what changed within a line is underlined for the same reason.
const changes = EditorView.theme({
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: wash('--hf-bad', 8) },
  '&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine': {
    backgroundColor: wash('--hf-added', 10),
  },
  '.cm-insertedLine, .cm-deletedLine': { backgroundColor: 'transparent' },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: 'none !important',
    boxShadow: 'inset 0 -2px 0 var(--hf-bad)',
  },
  '&.cm-merge-b .cm-changedText': {
    background: 'none !important',
    boxShadow: 'inset 0 -2px 0 var(--hf-added)',
  },
  '.cm-changeGutter': { width: '3px', paddingLeft: '0' },
  '.cm-changedLineGutter': { backgroundColor: 'var(--hf-added) !important' },
  '&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter': {
    backgroundColor: 'var(--hf-bad) !important',
  },
  // Texts in quotes have the same hue: on a stronger wash they could not be read in the light theme.
  '.hf-added-line': { backgroundColor: wash('--hf-added', 6) },
  '.cm-activeLine.hf-added-line': { backgroundColor: wash('--hf-added', 10) },
  // Where lines of the head are gone; a line of its own would move what is being typed.
  '.hf-removed-above': { boxShadow: `inset 0 1.5px 0 ${wash('--hf-bad', 75)}` },
  '.hf-change-gutter': { width: '3px' },
  '.hf-change-gutter .cm-gutterElement.hf-added-mark': { backgroundColor: 'var(--hf-added)' },
  '.hf-change-gutter .cm-gutterElement.hf-removed-mark': {
    boxShadow: 'inset 0 3px 0 var(--hf-bad)',
  },
  '.cm-deletedChunk': { paddingLeft: '6px' },
  '.cm-collapsedLines': {
    color: 'var(--hf-muted) !important',
    background: 'var(--hf-raised) !important',
    fontFamily: 'var(--hf-font)',
    fontSize: '11px',
    padding: '3px 8px',
  },
  '.cm-collapsedLines:before, .cm-collapsedLines:after': { content: '"" !important' },
});

/** The page's nonce: without it the policy refuses the styles that CodeMirror adds. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}

/** What every editor of the console has in common: nonce, theme, highlighting. */
export function editorLook(): Extension {
  return [
    EditorView.cspNonce.of(styleNonce()),
    frame,
    floating,
    problemMarks,
    changes,
    syntaxHighlighting(yamlHighlight),
  ];
}
