import { type ReactNode, useId, useState } from 'react';
import { useForm } from './form-context.tsx';
import { setValue } from './form-ops.ts';
import classes from './items.module.css';
import { ProblemsOf, Row } from './row.tsx';
import { Sentence } from './sentence.tsx';
import type { Words } from './words.ts';

/** A part that may be left out: a sentence that opens into fields, and can be removed. */
export function OptionalPart(props: {
  readonly label: string;
  readonly pointer: string;
  readonly words: Words;
  readonly isOpenAtFirst?: boolean;
  readonly children: ReactNode;
}) {
  const { label, pointer, words } = props;
  const { body, edit } = useForm();
  const [isOpen, setIsOpen] = useState(props.isOpenAtFirst ?? false);
  const fieldsId = useId();
  return (
    <Row label={label}>
      <div className={classes.item} data-pointer={pointer} data-open={isOpen}>
        <div className={classes.head}>
          <button
            type="button"
            className={classes.sentence}
            aria-expanded={isOpen}
            aria-controls={isOpen ? fieldsId : undefined}
            onClick={() => setIsOpen(!isOpen)}
          >
            <Sentence words={words} />
          </button>
          <span className={classes.controls}>
            <button
              type="button"
              className={classes.control}
              aria-label={`Remove ${label}`}
              title="Remove"
              onClick={() => edit(setValue(body, pointer, undefined), `remove ${label} ${pointer}`)}
            >
              ×
            </button>
          </span>
        </div>
        {isOpen ? (
          <fieldset id={fieldsId} className={classes.fields}>
            <legend className="hf-hidden">{label}</legend>
            {props.children}
          </fieldset>
        ) : null}
        <ProblemsOf pointer={pointer} />
      </div>
    </Row>
  );
}
