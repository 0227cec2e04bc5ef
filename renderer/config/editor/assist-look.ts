import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

/** The look of completions, hover cards and fixes: tokens only, so that both themes have it. */
export function assistLook(): Extension {
  return EditorView.theme({
    '.cm-tooltip.cm-tooltip-autocomplete > ul': {
      fontFamily: 'var(--hf-mono)',
      fontSize: '12px',
      maxHeight: '236px',
      minWidth: '220px',
      padding: '4px',
    },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
      display: 'flex',
      alignItems: 'baseline',
      gap: '12px',
      padding: '3px 8px',
      borderRadius: '4px',
      lineHeight: '18px',
      color: 'var(--hf-text)',
    },
    '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
      backgroundColor: 'color-mix(in srgb, var(--hf-action) 22%, transparent)',
      color: 'var(--hf-text)',
    },
    '.cm-completionLabel': { flex: '1 1 auto' },
    '.cm-completionMatchedText': {
      textDecoration: 'none',
      color: 'var(--hf-action)',
      fontWeight: '600',
    },
    '.cm-completionDetail': {
      marginLeft: '0',
      fontStyle: 'normal',
      fontFamily: 'var(--hf-font)',
      fontSize: '11px',
      color: 'var(--hf-muted)',
      flex: '0 1 auto',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
    },
    // On the wash of the selected row, muted and action colours would lose their contrast.
    'li[aria-selected] .cm-completionDetail, li[aria-selected] .cm-completionMatchedText': {
      color: 'var(--hf-text)',
    },
    '.cm-tooltip.cm-completionInfo': { padding: '8px 10px', maxWidth: '320px' },
    '.hf-cm-doc': { margin: '0', lineHeight: '17px', color: 'var(--hf-text)' },
    '.cm-tooltip .cm-tooltip-section:not(:first-child)': {
      borderTop: '1px solid var(--hf-line)',
    },
    '.hf-cm-card': { padding: '8px 10px', maxWidth: '380px' },
    '.hf-cm-card-head': {
      display: 'flex',
      alignItems: 'baseline',
      gap: '8px',
      marginBottom: '4px',
    },
    '.hf-cm-card-title': { fontFamily: 'var(--hf-mono)', fontWeight: '600' },
    '.hf-cm-card-type': { color: 'var(--hf-muted)', fontSize: '11px' },
    '.hf-cm-card-rows': {
      display: 'grid',
      gridTemplateColumns: 'max-content 1fr',
      columnGap: '10px',
      rowGap: '2px',
      margin: '6px 0 0',
      fontSize: '11px',
      lineHeight: '16px',
    },
    '.hf-cm-card-rows dt': { color: 'var(--hf-muted)' },
    '.hf-cm-card-rows dd': { margin: '0', fontFamily: 'var(--hf-mono)' },
    '.cm-diagnosticAction': {
      fontFamily: 'var(--hf-font)',
      fontSize: '11px',
      color: 'var(--hf-text)',
      backgroundColor: 'var(--hf-surface)',
      border: '1px solid var(--hf-line-strong)',
      borderRadius: '5px',
      padding: '2px 8px',
      margin: '0 0 0 8px',
      cursor: 'pointer',
    },
  });
}
