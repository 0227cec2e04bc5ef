import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import { perform } from '../actions/perform.ts';
import { useConsole } from '../state/console-store.ts';
import styles from './dialog-form.module.css';
import { DialogForm } from './dialog-form.tsx';

type Field = 'lagRevisions' | 'lagSeconds' | 'unverifiedSeconds';

/** Sets how stale a node may be before there is an alert. */
export function BudgetDialog() {
  const budget = useConsole((state) => state.status?.staleness.budget);
  const [values, setValues] = useState<Readonly<Record<Field, number | null>>>({
    lagRevisions: budget?.lagRevisions ?? 3,
    lagSeconds: (budget?.lagMs ?? 60_000) / 1_000,
    unverifiedSeconds: (budget?.unverifiedMs ?? 300_000) / 1_000,
  });
  const field = (name: Field, label: string, max: number) => (
    <NumberInput
      label={label}
      min={1}
      max={max}
      allowDecimal={false}
      value={values[name] ?? ''}
      onChange={(value) =>
        setValues((before) => ({ ...before, [name]: typeof value === 'number' ? value : null }))
      }
    />
  );
  const { lagRevisions, lagSeconds, unverifiedSeconds } = values;
  return (
    <DialogForm
      touches="Beyond any of the three there is an alert. The node keeps serving all the same."
      confirmLabel="Set budget"
      danger={false}
      disabled={lagRevisions === null || lagSeconds === null || unverifiedSeconds === null}
      run={async () => {
        if (lagRevisions === null || lagSeconds === null || unverifiedSeconds === null)
          return false;
        const done = await perform(
          'set-staleness-budget',
          { lagRevisions, lagMs: lagSeconds * 1_000, unverifiedMs: unverifiedSeconds * 1_000 },
          { failed: 'The budget was not set', done: () => 'Staleness budget set' },
        );
        return done !== null;
      }}
    >
      {field('lagRevisions', 'Revisions behind', 1_000)}
      <div className={styles.row}>
        {field('lagSeconds', 'Behind for, seconds', 86_400)}
        {field('unverifiedSeconds', 'Unverified for, seconds', 86_400)}
      </div>
    </DialogForm>
  );
}
