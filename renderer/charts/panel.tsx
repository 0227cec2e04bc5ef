import { type ReactNode, useId } from 'react';
import styles from './panel.module.css';

/** One panel of the rail: title left, its finding right. */
export function Panel(props: {
  readonly title: ReactNode;
  readonly finding?: ReactNode;
  readonly grow?: boolean;
  /** Whether it has more to show than a curve. */
  readonly tall?: boolean;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section
      className={styles.panel}
      data-grow={props.grow === true}
      data-tall={props.tall === true}
      aria-labelledby={id}
    >
      <header className={styles.header}>
        <h2 id={id} className={styles.title}>
          {props.title}
        </h2>
        <span className={styles.finding}>{props.finding}</span>
      </header>
      <div className={styles.body}>{props.children}</div>
    </section>
  );
}
