import { useId } from 'react';
import type { Json } from '../../../core/gateway/json.ts';
import classes from './form.module.css';
import { useForm } from './form-context.tsx';
import { numberOrText, setScalars, setValue, splitScalars, valueAt } from './form-ops.ts';
import { Row } from './row.tsx';
import { useTyped } from './use-typed.ts';

interface ControlProps {
  readonly pointer: string;
  /** Says what it is where no row does. */
  readonly label: string;
  readonly id?: string;
  readonly placeholder?: string;
  readonly isNumber?: boolean;
  /** Fields that must be there stay as empty text when they are emptied. */
  readonly isRequired?: boolean;
  readonly className?: string;
}

/** A scalar as it stands in the document, for a text control. */
function scalarText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** One text or whole number of the document. */
export function TextControl(props: ControlProps) {
  const { pointer, label, isNumber = false, isRequired = false } = props;
  const { body, edit } = useForm();
  const typed = useTyped(
    scalarText(valueAt(body, pointer)),
    (text) => {
      const empty = isRequired && !isNumber ? '' : undefined;
      const value = isNumber ? numberOrText(text) : text.trim() === '' ? empty : text.trim();
      edit(setValue(body, pointer, value, { prune: true }), `${label} ${pointer}`);
    },
    (text) => scalarText(isNumber ? numberOrText(text) : text.trim()),
  );
  return (
    <input
      id={props.id}
      type="text"
      inputMode={isNumber ? 'numeric' : 'text'}
      className={`${classes.input} ${props.className ?? ''}`}
      aria-label={props.id === undefined ? label : undefined}
      placeholder={props.placeholder}
      spellCheck={false}
      autoComplete="off"
      value={typed.value}
      data-uncommitted={typed['data-uncommitted']}
      onChange={typed.onChange}
      onBlur={typed.onBlur}
      onKeyDown={typed.onKeyDown}
    />
  );
}

/** A labelled text or whole number. */
export function TextField(props: ControlProps & { readonly note?: string }) {
  const id = useId();
  const { note, ...control } = props;
  return (
    <Row
      label={props.label}
      controlId={id}
      pointer={props.pointer}
      {...(note === undefined ? {} : { note })}
    >
      <TextControl {...control} id={id} />
    </Row>
  );
}

/** A list of words with commas between. */
export function WordsField(props: {
  readonly pointer: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly areNumbers?: boolean;
  readonly note?: string;
}) {
  const id = useId();
  const { pointer, label, areNumbers = false, note } = props;
  const { body, edit } = useForm();
  const present = valueAt(body, pointer);
  const text = Array.isArray(present) ? present.map(scalarText).join(', ') : scalarText(present);
  const typed = useTyped(
    text,
    (words) => {
      const values = splitScalars(words).map((word) =>
        areNumbers ? (numberOrText(word) ?? word) : word,
      );
      edit(setScalars(body, pointer, values), `${label} ${pointer}`);
    },
    (words) => splitScalars(words).join(', '),
  );
  return (
    <Row label={label} controlId={id} pointer={pointer} {...(note === undefined ? {} : { note })}>
      <textarea
        id={id}
        rows={1}
        className={classes.words}
        placeholder={props.placeholder}
        spellCheck={false}
        autoComplete="off"
        value={typed.value}
        data-uncommitted={typed['data-uncommitted']}
        onChange={typed.onChange}
        onBlur={typed.onBlur}
        onKeyDown={(event) => {
          // Words wrap where the room ends; a line end is none of theirs.
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) event.preventDefault();
          typed.onKeyDown(event);
        }}
      />
    </Row>
  );
}
