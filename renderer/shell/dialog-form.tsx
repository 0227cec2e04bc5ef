import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import styles from './dialog-form.module.css';
import { closeDialog } from './dialogs.ts';

/** Fields, the sentence that says what will be touched, and the two buttons. */
export function DialogForm(props: {
  readonly children?: ReactNode;
  readonly touches: ReactNode;
  readonly confirmLabel: string;
  readonly danger: boolean;
  readonly disabled?: boolean;
  /** The dialog closes when it is through, unless it answers false. */
  run(): Promise<boolean> | Promise<void> | void;
}) {
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    const outcome = await props.run();
    setBusy(false);
    if (outcome !== false) closeDialog();
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && props.disabled !== true) void submit();
      }}
    >
      {props.children}
      <p className={styles.touches}>{props.touches}</p>
      <div className={styles.buttons}>
        <Button type="button" onClick={closeDialog}>
          Cancel
        </Button>
        <Button
          type="submit"
          variant="filled"
          color={props.danger ? 'bad' : 'action'}
          disabled={busy || props.disabled === true}
          data-autofocus={props.children === undefined ? true : undefined}
        >
          {props.confirmLabel}
        </Button>
      </div>
    </form>
  );
}
