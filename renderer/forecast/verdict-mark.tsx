import type { ForecastFigure } from '../../core/rehearsal/kept-forecast.ts';
import classes from './forecast.module.css';

/** A verdict as a shape, beside its word: a disc, a triangle up or down, a ring while it is open. */
export function VerdictMark({ verdict }: { readonly verdict: ForecastFigure['verdict'] }) {
  return (
    <svg
      className={classes.mark}
      data-verdict={verdict}
      width={10}
      height={10}
      aria-hidden="true"
      focusable="false"
    >
      {shapeOf(verdict)}
    </svg>
  );
}

function shapeOf(verdict: ForecastFigure['verdict']) {
  switch (verdict) {
    case 'within':
      return <circle cx={5} cy={5} r={3.5} />;
    case 'above':
      return <path d="M5 0.8 9.6 9H0.4Z" />;
    case 'below':
      return <path d="M5 9.2 0.4 1H9.6Z" />;
    case 'open':
      return <circle cx={5} cy={5} r={3.2} fill="none" strokeWidth={1.5} />;
  }
}
