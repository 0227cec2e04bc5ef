import type { ReactNode } from 'react';
import classes from './findings.module.css';

/** One finding: what it is and what was found in a line, and below it the rest, if there is more. */
export function FindingSection(props: {
  readonly title: string;
  readonly finding: string;
  readonly children?: ReactNode;
}) {
  return (
    <section className={classes.section} aria-label={props.title}>
      <div className={classes.head}>
        <h3 className={classes.title}>{props.title}</h3>
        <span className={classes.finding}>{props.finding}</span>
      </div>
      {props.children}
    </section>
  );
}
