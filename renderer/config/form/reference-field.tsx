import { Autocomplete } from '@mantine/core';
import { useId } from 'react';
import classes from './form.module.css';
import { Row } from './row.tsx';
import { useTyped } from './use-typed.ts';

/** Names offered at a time. */
const OPTIONS_SHOWN_MAX = 50;

const STILL = { transitionProps: { duration: 0 } } as const;

interface ReferenceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly onTake: (text: string) => void;
  readonly placeholder?: string;
  readonly id?: string;
}

/** Picks from what exists, and takes any other name too. */
export function ReferenceControl(props: ReferenceProps) {
  const typed = useTyped(props.value, props.onTake);
  return (
    <Autocomplete
      {...(props.id === undefined ? { 'aria-label': props.label } : { id: props.id })}
      classNames={{ input: classes.input ?? '', option: classes.option ?? '' }}
      data={[...props.options]}
      limit={OPTIONS_SHOWN_MAX}
      maxDropdownHeight={240}
      comboboxProps={STILL}
      placeholder={props.placeholder ?? ''}
      spellCheck={false}
      value={typed.value}
      data-uncommitted={typed['data-uncommitted']}
      filter={({ options, search, limit }) =>
        options
          // What is chosen already is no search: then everything is offered.
          .filter(
            (option) =>
              search === props.value || ('value' in option && option.value.includes(search.trim())),
          )
          .slice(0, limit)
      }
      onChange={typed.type}
      onOptionSubmit={typed.take}
      onBlur={typed.onBlur}
      onKeyDown={typed.onKeyDown}
    />
  );
}

export function ReferenceField(
  props: ReferenceProps & { readonly pointer: string; readonly note?: string },
) {
  const id = useId();
  const { pointer, note, ...control } = props;
  return (
    <Row
      label={props.label}
      controlId={id}
      pointer={pointer}
      {...(note === undefined ? {} : { note })}
    >
      <ReferenceControl {...control} id={id} />
    </Row>
  );
}
