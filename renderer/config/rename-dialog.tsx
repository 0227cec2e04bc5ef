import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import classes from './dialogs.module.css';
import { showConfigDialog, useDraft } from './draft-store.ts';
import { renameSelected } from './resource-actions.ts';
import { resourceLabel } from './resource-label.ts';

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
  const [name, setName] = useState(resource.slice(resource.lastIndexOf('/') + 1));
  const [problem, setProblem] = useState<string | null>(null);

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
        error={problem}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setProblem(null);
        }}
      />
      <div className={classes.dialogButtons}>
        <Button onClick={() => showConfigDialog(null)}>Cancel</Button>
        <Button type="submit" variant="filled" disabled={name.trim() === ''}>
          Rename
        </Button>
      </div>
    </form>
  );
}
