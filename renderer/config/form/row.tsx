import type { ReactNode } from 'react';
import classes from './form.module.css';
import { useProblemsAt } from './form-context.tsx';
import { ProblemNotes } from './problem-notes.tsx';

/** A label at the left and what it names at the right, with the problems of its pointer beneath. */
export function Row(props: {
  readonly label: string;
  /** Of the one control, where there is just one. */
  readonly controlId?: string;
  /** Absent for rows whose parts show their problems themselves. */
  readonly pointer?: string;
  readonly note?: string;
  readonly children: ReactNode;
}) {
  const { label, controlId, pointer, note } = props;
  return (
    <div className={classes.row} data-pointer={pointer}>
      {controlId === undefined ? (
        <span className={classes.label}>{label}</span>
      ) : (
        <label className={classes.label} htmlFor={controlId}>
          {label}
        </label>
      )}
      <div className={classes.content}>
        {props.children}
        {pointer === undefined ? (
          <Note text={note} />
        ) : (
          <ProblemsOrNote pointer={pointer} note={note} />
        )}
      </div>
    </div>
  );
}

function Note(props: { readonly text: string | undefined }) {
  const { text } = props;
  return text === undefined || text === '' ? null : <p className={classes.note}>{text}</p>;
}

/** A problem says more than the note would. */
function ProblemsOrNote(props: { readonly pointer: string; readonly note: string | undefined }) {
  const problems = useProblemsAt(props.pointer);
  return problems.length > 0 ? (
    <ProblemNotes problems={problems} pointer={props.pointer} />
  ) : (
    <Note text={props.note} />
  );
}

/** The problems at and under a pointer that no part further in shows. */
export function ProblemsOf(props: { readonly pointer: string }) {
  return <ProblemNotes problems={useProblemsAt(props.pointer)} pointer={props.pointer} />;
}
