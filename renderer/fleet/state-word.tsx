import type { ReactNode } from 'react';
import type { NodeStyle } from './node-style.ts';
import styles from './state-word.module.css';

/** The hue that a style is said in. */
export function toneOfStyle(style: NodeStyle): string {
  if (style.health === 'down') return 'bad';
  if (style.ahead) return 'ahead';
  if (style.lag > 0) return `lag-${style.lag}`;
  if (style.rejected) return 'lag-2';
  return style.link === 'connected' && style.health === 'healthy' ? 'quiet' : 'muted';
}

/** Words in the hue of a node's state. */
export function StateWord(props: { readonly style: NodeStyle; readonly children: ReactNode }) {
  return (
    <span className={styles.word} data-tone={toneOfStyle(props.style)}>
      {props.children}
    </span>
  );
}
