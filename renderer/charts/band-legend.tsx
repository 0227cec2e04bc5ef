import type { ReactNode } from 'react';
import styles from './band-chart.module.css';

/** What the parts of a `BandChart` are, in words. */
export function BandLegend(props: {
  /** `lowest to highest of 37 seeds`; null: no band is drawn. */
  readonly band: string | null;
  readonly median: string | null;
  /** `r13, as acknowledged`; null: nothing happened yet. */
  readonly actual: string | null;
  /** Said last, without a sign. */
  readonly note: string | null;
}) {
  const { band, median, actual, note } = props;
  return (
    <ul className={styles.legend}>
      {actual !== null && (
        <li>
          <Swatch>
            <line className={styles.actual} x1={0} x2={16} y1={5} y2={5} />
          </Swatch>
          {actual}
        </li>
      )}
      {band !== null && (
        <li>
          <Swatch>
            <rect className={styles.band} x={0.5} y={0.5} width={15} height={9} />
          </Swatch>
          {band}
        </li>
      )}
      {median !== null && (
        <li>
          <Swatch>
            <line className={styles.median} x1={0} x2={16} y1={5} y2={5} />
          </Swatch>
          {median}
        </li>
      )}
      {note !== null && <li>{note}</li>}
    </ul>
  );
}

function Swatch({ children }: { readonly children: ReactNode }) {
  return (
    <svg className={styles.swatch} width={16} height={10} aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}
