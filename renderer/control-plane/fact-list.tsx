import type { ReactNode } from 'react';
import classes from './control-plane.module.css';

export interface FactRow {
  readonly label: string;
  readonly value: ReactNode;
  /** What the number means, for those who do not know the word. */
  readonly title?: string;
  /** Colours the value: `bad` as the status bar shows it, `warning` for what deserves a look. */
  readonly tone?: 'bad' | 'warning';
}

/** Named figures under a heading. */
export function FactList(props: {
  readonly title: string;
  readonly finding?: string;
  readonly facts: readonly FactRow[];
}) {
  return (
    <section className={classes.section} aria-label={props.title}>
      <div className={classes.sectionHead}>
        <h3 className={classes.sectionTitle}>{props.title}</h3>
        {props.finding !== undefined && <span className={classes.finding}>{props.finding}</span>}
      </div>
      <dl className={classes.facts}>
        {props.facts.map((fact) => (
          <div key={fact.label} className={classes.fact} title={fact.title}>
            <dt>{fact.label}</dt>
            <dd data-tone={fact.tone}>{fact.value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
