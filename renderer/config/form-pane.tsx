import { Button } from '@mantine/core';
import {
  type KeyboardEvent,
  lazy,
  type RefObject,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { editDocument } from '../../core/gateway/edit/edit-document.ts';
import type { EditOp } from '../../core/gateway/edit/edit-op.ts';
import { runAction } from '../actions/registry.ts';
import { notifyRefusal } from '../shell/notify.ts';
import { useConsole } from '../state/console-store.ts';
import { addDocument } from './apply-fix.ts';
import { useDraft } from './draft-store.ts';
import { formDocumentOf } from './form-document.ts';
import classes from './form-pane.module.css';
import { NO_REFERENCES } from './form-references.ts';
import { loadDraftEditor } from './load-draft-editor.ts';
import { FORM_REGION_ID } from './open-row.ts';
import { resourceLabel } from './resource-label.ts';
import { ResourceMenu } from './resource-menu.tsx';

const ResourceForm = lazy(async () => ({
  default: (await import('./form/resource-form.tsx')).ResourceForm,
}));

/** The selected resource as a form: a view of the text that answers with edits of it. */
export function FormPane() {
  const live = useDraft((state) => state.live);
  const editor = useDraft((state) => state.editor);
  const selectedKey = useDraft((state) => state.selectedKey);
  const region = useRef<HTMLElement>(null);
  useRevealed(region);
  // The text is edited through the editor, so the form needs it even when it is not in sight.
  useEffect(() => {
    void loadDraftEditor();
  }, []);
  return (
    <section
      ref={region}
      id={FORM_REGION_ID}
      className={classes.pane}
      aria-label="Form"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the keyboard
      tabIndex={0}
      onKeyDown={undoOrRedo}
    >
      {live !== null ? (
        <>
          <FormActions />
          <OpenForm />
        </>
      ) : selectedKey !== null ? (
        <RemovedResource resource={selectedKey} />
      ) : (
        <p className={classes.empty}>{editor === null ? 'Reading the config.' : EMPTY}</p>
      )}
    </section>
  );
}

/** What can be done with the resource as a whole, beside its name. */
function FormActions() {
  const change = useDraft(
    (state) => state.analysis?.changes.find((each) => each.key === state.selectedKey)?.change,
  );
  const hasDraft = useDraft((state) => state.hasDraft);
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null);
  return (
    <div className={classes.actions}>
      {hasDraft && change !== undefined && (
        <Button size="compact-sm" onClick={() => runAction('resource.revert')}>
          {change === 'added' ? 'Take out again' : 'Revert'}
        </Button>
      )}
      <Button
        size="compact-sm"
        aria-haspopup="menu"
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setMenuAt({ x: box.left, y: box.bottom });
        }}
      >
        More
      </Button>
      <ResourceMenu at={menuAt} onClose={() => setMenuAt(null)} />
    </div>
  );
}

const EMPTY = 'No resource is open. Begin one with + beside the search, or import a file.';

function OpenForm() {
  const live = useDraft((state) => state.live);
  const analysis = useDraft((state) => state.analysis);
  const hasDraft = useDraft((state) => state.hasDraft);
  const blame = useDraft((state) => state.blame);
  const cells = useConsole((state) => state.roster?.cells ?? null);
  const document = useMemo(
    () => (live === null ? null : formDocumentOf({ live, analysis, hasDraft, blame })),
    [live, analysis, hasDraft, blame],
  );
  const references = useMemo(
    () => ({ ...(analysis?.references ?? NO_REFERENCES), cells: cells ?? [] }),
    [analysis, cells],
  );
  const key = document?.key ?? '';
  // What was typed last may arrive when another resource is open already: it goes where it belongs.
  const onEdit = useCallback(
    (ops: readonly EditOp[], label: string) => applyOps(key, ops, label),
    [key],
  );
  if (document === null) return null;
  return (
    <Suspense fallback={<p className={classes.empty}>Loading the form</p>}>
      <ResourceForm
        document={document}
        references={references}
        onEdit={onEdit}
        onAddDocument={addDocument}
      />
    </Suspense>
  );
}

function RemovedResource(props: { readonly resource: string }) {
  return (
    <div className={classes.removed}>
      <h3 className={classes.title}>{resourceLabel(props.resource)}</h3>
      <p className="hf-muted">The draft has removed it. The head still has it.</p>
      <Button onClick={() => runAction('resource.restore')}>Restore it</Button>
    </div>
  );
}

/** A form's edit, as an edit of the text that it was made from. */
function applyOps(key: string, ops: readonly EditOp[], label: string): void {
  const { editor } = useDraft.getState();
  if (editor === null) return;
  const place = editor.placeOf(key);
  if (place === null) return;
  const edits = editDocument(place.source, ops);
  if (!edits.ok) {
    notifyRefusal('The text was not changed', { detail: edits.error.message });
    return;
  }
  const moved = edits.value.map((edit) => ({
    ...edit,
    from: edit.from + place.from,
    to: edit.to + place.from,
  }));
  editor.apply(moved, `${key} ${label}`);
}

/** One history for form and text. A field that holds what is not in the text yet undoes itself first. */
function undoOrRedo(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  const isUndo = key === 'z' && !event.shiftKey;
  const isRedo = key === 'y' || (key === 'z' && event.shiftKey);
  const { editor } = useDraft.getState();
  if ((!isUndo && !isRedo) || editor === null) return;
  if (event.target instanceof HTMLElement && event.target.dataset.uncommitted === 'true') return;
  event.preventDefault();
  if (isUndo) editor.undo();
  else editor.redo();
}

/** Scrolls to the part that the tree was asked for. Forms mark their parts with `data-pointer`. */
function useRevealed(region: RefObject<HTMLElement | null>): void {
  const reveal = useDraft((state) => state.reveal);
  useEffect(() => {
    if (reveal === null) return;
    const part = region.current?.querySelector(`[data-pointer="${CSS.escape(reveal.pointer)}"]`);
    part?.scrollIntoView({ block: 'nearest' });
  }, [reveal, region]);
}
