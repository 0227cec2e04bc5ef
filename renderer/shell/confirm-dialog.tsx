import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { DialogForm } from './dialog-form.tsx';
import type { Confirmation } from './dialogs.ts';

/** Says what will be touched and waits for the person. */
export function ConfirmDialog({ confirmation }: { readonly confirmation: Confirmation }) {
  const [typed, setTyped] = useState('');
  const { touches, confirmLabel, run } = confirmation;
  const word = confirmation.typed;
  if (word === undefined) {
    return <DialogForm touches={touches} confirmLabel={confirmLabel} danger run={() => run()} />;
  }
  return (
    <DialogForm
      touches={touches}
      confirmLabel={confirmLabel}
      danger
      disabled={typed.trim().toLowerCase() !== word}
      run={() => run()}
    >
      <TextInput
        label={`Type “${word}” to confirm`}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
        data-autofocus
      />
    </DialogForm>
  );
}
