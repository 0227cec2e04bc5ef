import { useId } from 'react';
import type { EditOp } from '../../../core/gateway/edit/edit-op.ts';
import type { Json } from '../../../core/gateway/json.ts';
import classes from './form.module.css';
import { useForm } from './form-context.tsx';
import { setValue, valueAt } from './form-ops.ts';
import { Row } from './row.tsx';

/** What may be chosen: the value in the text, and how it is said. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface ChoiceProps {
  readonly pointer: string;
  readonly label: string;
  readonly choices: readonly Choice[];
  /** What holds when nothing is stated; it is chosen by leaving the field out. */
  readonly absent?: string;
  readonly isNumber?: boolean;
  readonly id?: string;
  /** For choices that change more than their own field. */
  readonly opsFor?: (value: string) => readonly EditOp[];
}

/** One of a few values, said in words. */
export function ChoiceControl(props: ChoiceProps) {
  const { pointer, label, choices, absent, isNumber = false, opsFor } = props;
  const { body, edit } = useForm();
  const present = valueAt(body, pointer);
  const value = present === undefined || present === null ? '' : String(present);
  const isKnown = choices.some((choice) => choice.value === value);
  const take = (taken: string) => {
    const wanted: Json | undefined = taken === '' ? undefined : isNumber ? Number(taken) : taken;
    const ops = opsFor?.(taken) ?? setValue(body, pointer, wanted, { prune: true });
    edit(ops, `${label} ${pointer}`);
  };
  return (
    <select
      id={props.id}
      className={classes.select}
      aria-label={props.id === undefined ? label : undefined}
      value={value}
      onChange={(event) => take(event.currentTarget.value)}
    >
      {absent !== undefined ? <option value="">{absent}</option> : null}
      {absent === undefined && value === '' ? <option value="">choose</option> : null}
      {!isKnown && value !== '' ? <option value={value}>{value}</option> : null}
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

export function ChoiceField(props: ChoiceProps & { readonly note?: string }) {
  const id = useId();
  const { note, ...control } = props;
  return (
    <Row
      label={props.label}
      controlId={id}
      pointer={props.pointer}
      {...(note === undefined ? {} : { note })}
    >
      <ChoiceControl {...control} id={id} />
    </Row>
  );
}
