import { useEffect, useRef } from 'react';
import { useDraft } from './draft-store.ts';
import { loadDraftEditor } from './load-draft-editor.ts';
import classes from './text-pane.module.css';

/** The place of the draft's editor. The editor itself outlives it. */
export function YamlEditor() {
  const host = useRef<HTMLDivElement>(null);
  const editor = useDraft((state) => state.editor);
  useEffect(() => {
    if (editor === null) void loadDraftEditor();
    else if (host.current !== null) return editor.attach(host.current);
    return undefined;
  }, [editor]);
  return (
    <div ref={host} className={classes.editor}>
      {editor === null && <p className={classes.empty}>Loading the editor</p>}
    </div>
  );
}
