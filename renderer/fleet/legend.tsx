import type { ReactNode } from 'react';
import { toggleState, useFleetView } from './fleet-view-state.ts';
import styles from './legend.module.css';
import { NODE_STATE_LABELS, NODE_STATES, type NodeState } from './node-style.ts';

const HEX = 'M7 .8 12.4 3.9v6.2L7 13.2 1.6 10.1V3.9Z';
const BARS: Readonly<Record<string, readonly number[]>> = {
  'behind-1': [7],
  'behind-2': [5.5, 8.5],
  'behind-4': [4.2, 7, 9.8],
};

/** What the glyphs mean; each entry filters by its state. */
export function Legend() {
  const chosen = useFleetView((state) => state.filter.states);
  return (
    <fieldset className={styles.legend} aria-label="Legend: filter by state">
      {NODE_STATES.map((state) => (
        <button
          key={state}
          type="button"
          className={styles.entry}
          aria-pressed={chosen.includes(state)}
          onClick={() => toggleState(state)}
        >
          <svg
            width="14"
            height="14"
            viewBox="0 0 14 14"
            aria-hidden="true"
            data-state={state}
            className={styles.glyph}
          >
            {glyphOf(state)}
          </svg>
          {NODE_STATE_LABELS[state]}
        </button>
      ))}
    </fieldset>
  );
}

function glyphOf(state: NodeState): ReactNode {
  const bars = (BARS[state] ?? []).map((y) => `M4.4 ${y}h5.2`).join('');
  switch (state) {
    case 'link-lost':
      return <path d={HEX} className={styles.lost} strokeDasharray="2.4 2.4" />;
    case 'connecting':
      return (
        <>
          <path d={HEX} className={styles.pale} />
          <path d="M7 .8 12.4 3.9M12.4 10.1 7 13.2M1.6 10.1V3.9" className={styles.sides} />
        </>
      );
    case 'not-serving':
      return <path d={HEX} className={styles.down} transform="translate(.7 .7) scale(.9)" />;
    case 'degraded':
      return (
        <>
          <path d={HEX} className={styles.fill} />
          <circle cx="7" cy="7" r="2.2" className={styles.mark} />
        </>
      );
    case 'rejected':
      return (
        <>
          <path d={HEX} className={styles.fill} />
          <path d="m4.8 4.8 4.4 4.4m0-4.4-4.4 4.4" className={styles.mark} />
        </>
      );
    case 'ahead':
      return (
        <>
          <path d={HEX} className={styles.fill} />
          <path d="m4.4 8.2 2.6-3 2.6 3" className={styles.mark} />
        </>
      );
    default:
      return (
        <>
          <path d={HEX} className={styles.fill} />
          {bars !== '' && <path d={bars} className={styles.mark} />}
        </>
      );
  }
}
