import { useElementSize } from '@mantine/hooks';
import type { Forecast } from '../../core/rehearsal/forecast.ts';
import { formatSpan } from '../format/format.ts';
import styles from './band-chart.module.css';
import { bandPath, curvePath, medianPath, type PlotRoom } from './band-paths.ts';
import { X_AXIS_HEIGHT_PX, Y_AXIS_WIDTH_PX } from './chart-look.ts';
import { positionOf, type TimeAxis } from './time-axis.ts';

/** Room above the line of 100 %, for half of its label. */
const TOP_PX = 8;
/** Room right of the plot, so that the last tick's line is seen. */
const RIGHT_PX = 4;
const SHARES = [100, 50, 0] as const;

/** What really happened, as a line. */
export interface ActualCurve {
  readonly points: readonly (readonly [ms: number, nodes: number])[];
  readonly nodes: number;
  /** How long it is known, milliseconds from the publish. */
  readonly untilMs: number;
}

/**
 * The share of nodes against time: the predicted band with its middle dashed, and over it what really
 * happened. Fills its parent, which is positioned. For eyes alone: the words stand beside it.
 */
export function BandChart(props: {
  readonly forecast: Forecast | null;
  readonly actual: ActualCurve | null;
  readonly axis: TimeAxis;
}) {
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const widthPx = width - Y_AXIS_WIDTH_PX - RIGHT_PX;
  const heightPx = height - TOP_PX - X_AXIS_HEIGHT_PX;
  return (
    <div ref={ref} className={styles.chart} aria-hidden="true">
      {widthPx > 0 && heightPx > 0 && (
        <svg width={width} height={height} aria-hidden="true" focusable="false">
          <g transform={`translate(${Y_AXIS_WIDTH_PX} ${TOP_PX})`}>
            <Axes axis={props.axis} widthPx={widthPx} heightPx={heightPx} />
            <Curves {...props} widthPx={widthPx} heightPx={heightPx} />
          </g>
        </svg>
      )}
    </div>
  );
}

function Axes(props: {
  readonly axis: TimeAxis;
  readonly widthPx: number;
  readonly heightPx: number;
}) {
  const { axis, widthPx, heightPx } = props;
  return (
    <>
      {SHARES.map((share) => {
        const y = Math.round((1 - share / 100) * heightPx) + 0.5;
        return (
          <g key={share}>
            <line className={styles.grid} x1={0} x2={widthPx} y1={y} y2={y} />
            <text className={styles.tick} x={-8} y={y + 4} textAnchor="end">
              {share}
              {'\u00a0%'}
            </text>
          </g>
        );
      })}
      {axis.ticksMs.map((ms, index) => (
        <text
          key={ms}
          className={styles.tick}
          x={positionOf(axis, ms) * widthPx}
          y={heightPx + X_AXIS_HEIGHT_PX - 3}
          textAnchor={anchorOf(index, axis.ticksMs.length)}
        >
          {ms === 0 ? '0 s' : formatSpan(ms)}
        </text>
      ))}
    </>
  );
}

function Curves(props: {
  readonly forecast: Forecast | null;
  readonly actual: ActualCurve | null;
  readonly axis: TimeAxis;
  readonly widthPx: number;
  readonly heightPx: number;
}) {
  const { forecast, actual, ...place } = props;
  const roomOf = (nodes: number): PlotRoom => ({ ...place, nodes });
  return (
    <>
      {forecast !== null && (
        <>
          <path
            className={styles.band}
            d={bandPath(forecast.curve, roomOf(forecast.nodes))}
            data-part="band"
          />
          <path
            className={styles.median}
            d={medianPath(forecast.curve, roomOf(forecast.nodes))}
            data-part="median"
          />
        </>
      )}
      {actual !== null && (
        <path
          className={styles.actual}
          d={curvePath(actual.points, actual.untilMs, roomOf(actual.nodes))}
          data-part="actual"
        />
      )}
    </>
  );
}

function anchorOf(index: number, count: number): 'start' | 'middle' | 'end' {
  if (index === 0) return 'start';
  return index === count - 1 ? 'end' : 'middle';
}
