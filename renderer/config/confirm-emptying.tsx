import { Checkbox } from '@mantine/core';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';

/** Whether it was refused only because nodes would be left with nothing to serve. */
export function wouldEmpty(refusal: ConsoleRefusal | null): boolean {
  return refusal?.reason === 'removes-everything';
}

/** Has to be checked before the fleet is emptied. */
export function ConfirmEmptying(props: {
  readonly confirmed: boolean;
  readonly onConfirm: (confirmed: boolean) => void;
}) {
  return (
    <Checkbox
      label="Remove every resource: nodes will have nothing to serve"
      checked={props.confirmed}
      onChange={(event) => props.onConfirm(event.currentTarget.checked)}
    />
  );
}
