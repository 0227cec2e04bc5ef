import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import type { Result } from '../../core/lib/result.ts';
import type { Renaming } from '../workers/rename-resource.ts';
import classes from './dialogs.module.css';
import { getDraftController } from './draft-session.ts';
import { showConfigDialog, useDraft } from './draft-store.ts';
import { renameSelected } from './resource-actions.ts';
import { resourceLabel } from './resource-label.ts';
import { ScrollRegion } from './scroll-region.tsx';

/** Resources named; the rest is counted. */
const LISTED_MAX = 100;

/** Asks for a resource's new name. */
export function RenameDialog() {
  const dialog = useDraft((state) => state.dialog);
  const key = dialog?.kind === 'rename' ? dialog.key : null;
  return (
    <Modal
      opened={key !== null}
      onClose={() => showConfigDialog(null)}
      title={key === null ? '' : `Rename ${resourceLabel(key)}`}
      size={480}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {key !== null && <RenameForm resource={key} />}
    </Modal>
  );
}

function RenameForm({ resource }: { readonly resource: string }) {
  const [name, setName] = useState(nameOf(resource));
  const [problem, setProblem] = useState<string | null>(null);

  const preview = useRenaming(resource, name.trim());

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const refusal = await renameSelected(resource, name.trim());
    if (refusal === null) showConfigDialog(null);
    else setProblem(refusal);
  }

  return (
    <form className={classes.dialog} onSubmit={(event) => void submit(event)}>
      <TextInput
        label="Name"
        description="References to it in the draft follow. Its history stays under the old name."
        data-autofocus
        value={name}
        error={problem ?? (preview !== null && !preview.ok ? preview.error : null)}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setProblem(null);
        }}
      />
      {preview?.ok === true && <Following keys={preview.value.followed} />}
      <div className={classes.dialogButtons}>
        <Button onClick={() => showConfigDialog(null)}>Cancel</Button>
        <Button type="submit" variant="filled" disabled={preview?.ok !== true}>
          Rename
        </Button>
      </div>
    </form>
  );
}

/** What renaming would do; null while it is not asked for or not told yet. */
function useRenaming(resource: string, name: string): Result<Renaming, string> | null {
  const [told, setTold] = useState<{ name: string; renaming: Result<Renaming, string> } | null>(
    null,
  );
  const isSame = name === '' || name === nameOf(resource);
  useEffect(() => {
    if (isSame) return;
    let isCurrent = true;
    void getDraftController()
      .rename(resource, name)
      .then((renaming) => {
        if (isCurrent) setTold({ name, renaming });
      });
    return () => {
      isCurrent = false;
    };
  }, [resource, name, isSame]);
  return isSame || told?.name !== name ? null : told.renaming;
}

function Following(props: { readonly keys: readonly string[] }) {
  const { keys } = props;
  if (keys.length === 0) return <p className="hf-muted">Nothing in the draft refers to it.</p>;
  const more = keys.length - LISTED_MAX;
  return (
    <div>
      <span className={classes.sectionTitle}>
        {keys.length === 1 ? 'One resource follows' : `${keys.length} resources follow`}
      </span>
      <ScrollRegion label="Resources that follow" className={classes.dialogList}>
        {keys.slice(0, LISTED_MAX).map((key) => (
          <div key={key}>{resourceLabel(key)}</div>
        ))}
        {more > 0 && <div className="hf-muted">and {more} more</div>}
      </ScrollRegion>
    </div>
  );
}

function nameOf(resource: string): string {
  return resource.slice(resource.lastIndexOf('/') + 1);
}
