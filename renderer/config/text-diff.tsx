import { yaml } from '@codemirror/lang-yaml';
import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { editorLook } from './editor-look.ts';
import classes from './text-pane.module.css';

export type DiffLayout = 'unified' | 'side-by-side';

/** Unchanged lines shown around each change, and the shortest stretch worth folding. */
const COLLAPSE = { margin: 3, minSize: 6 };
/** Detail given up for speed on large, very different texts. */
const DIFF_CONFIG = { scanLimit: 1_000, timeout: 300 };

/** Two texts against each other, to read only. */
export function TextDiff(props: {
  readonly before: string;
  readonly after: string;
  readonly beforeLabel: string;
  readonly afterLabel: string;
  readonly layout: DiffLayout;
  /** Shows every line, or only those near a change. */
  readonly whole: boolean;
}) {
  const { before, after, beforeLabel, afterLabel, layout, whole } = props;
  const host = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const parent = host.current;
    if (parent === null) return;
    const collapse = whole ? {} : { collapseUnchanged: COLLAPSE };
    if (layout === 'side-by-side') {
      const merge = new MergeView({
        a: { doc: before, extensions: readOnly(beforeLabel) },
        b: { doc: after, extensions: readOnly(afterLabel) },
        diffConfig: DIFF_CONFIG,
        parent,
        ...collapse,
      });
      return () => merge.destroy();
    }
    const view = new EditorView({
      doc: after,
      extensions: [
        readOnly(`${beforeLabel} to ${afterLabel}`),
        unifiedMergeView({
          original: before,
          mergeControls: false,
          diffConfig: DIFF_CONFIG,
          ...collapse,
        }),
      ],
      parent,
    });
    return () => view.destroy();
  }, [before, after, beforeLabel, afterLabel, layout, whole]);

  return (
    <div
      ref={host}
      className={layout === 'side-by-side' ? classes.mergeSideBySide : classes.editor}
    />
  );
}

/** One text, to read only. */
export function ReadOnlyText({ text, label }: { readonly text: string; readonly label: string }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return;
    const view = new EditorView({ doc: text, extensions: readOnly(label), parent: host.current });
    return () => view.destroy();
  }, [text, label]);
  return <div ref={host} className={classes.editor} />;
}

function readOnly(label: string): Extension {
  return [
    editorLook(),
    lineNumbers(),
    yaml(),
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    // Focusable, so that it can be scrolled from the keyboard.
    EditorView.contentAttributes.of({
      'aria-label': label,
      'aria-readonly': 'true',
      tabindex: '0',
    }),
  ];
}
