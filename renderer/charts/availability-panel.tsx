import type { CSSProperties } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from 'recharts';
import { formatMinute, formatPercent, formatShort } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import { type AvailabilityPoint, availabilityOf, refusedWords } from './availability.ts';
import styles from './availability-panel.module.css';
import { AXIS_TICK, X_AXIS_HEIGHT_PX, Y_AXIS_WIDTH_PX } from './chart-look.ts';
import { minuteTicks } from './minute-ticks.ts';
import panel from './panel.module.css';
import { Panel } from './panel.tsx';
import { useTurn } from './use-turn.ts';

const SPAN_MS = 3 * 60_000;
/** A tick nearer to now than this would touch its label. */
const NOW_ROOM_MS = 26_000;
/** After an outage the lines at the right end are no place for a label for so long. */
const LABEL_CLEAR_MS = 75_000;
/** Share of the plot that the longest label takes. */
const LABEL_SHARE = 0.5;

/** Both planes on one time axis, measured, and their product, computed. */
export function AvailabilityPanel() {
  const nowMs = useTurn(0);
  // Read on its turn, not subscribed to: one drawing a second.
  const { traffic } = useConsole.getState();
  const { points, dataShare, spared, refused } = availabilityOf(traffic, nowMs, SPAN_MS);
  const last = points.at(-1);
  const outage = outagesOf(points).at(-1);
  const beside = besideOutage(outage?.[0] ?? null, nowMs);
  const controlUp = (last?.control ?? 100) === 100;
  const isClear = outage === undefined || nowMs - outage[1] > LABEL_CLEAR_MS;
  const fromOutage = isClear && controlUp ? undefined : beside;
  // Where the outage leaves no room, its own red band has said enough.
  const controlShown = !controlUp || isClear || !('left' in beside);
  const finding = `${formatPercent(dataShare)} over 3 min${refusedWords(refused) || ', measured'}`;
  return (
    <Panel title="Availability" finding={finding} grow>
      {points.length < 2 ? (
        <p className={panel.empty}>No traffic measured yet</p>
      ) : (
        <>
          <div className={panel.plot} aria-hidden="true">
            <Plot points={points} nowMs={nowMs} />
          </div>
          <span className={`${panel.label} ${styles.data}`}>
            data plane {formatPercent(last?.data == null ? null : last.data / 100)}
          </span>
          {controlShown && (
            <span
              className={`${panel.label} ${styles.control}`}
              data-up={controlUp}
              style={fromOutage}
            >
              control plane {controlUp ? 'up' : 'down'}
            </span>
          )}
          {spared > 0 && (
            <span className={`${panel.label} ${styles.product}`} style={beside}>
              had each request asked it:
              <br />
              {formatShort(spared)} lost, computed
            </span>
          )}
        </>
      )}
    </Panel>
  );
}

function Plot(props: { readonly points: readonly AvailabilityPoint[]; readonly nowMs: number }) {
  const { points, nowMs } = props;
  const from = nowMs - SPAN_MS;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart
        data={[...points]}
        margin={{ top: 16, right: 4, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--hf-line)" />
        {outagesOf(points).map(([a, b]) => (
          <ReferenceArea
            key={a}
            x1={a}
            x2={b}
            y1={0}
            y2={100}
            fill="var(--hf-bad)"
            fillOpacity={0.1}
            stroke="none"
          />
        ))}
        <XAxis
          dataKey="atMs"
          type="number"
          domain={[from, nowMs]}
          ticks={ticksOf(nowMs)}
          tickFormatter={(at: number) => (at === nowMs ? 'now' : formatMinute(at))}
          tick={AXIS_TICK}
          tickLine={false}
          axisLine={false}
          height={X_AXIS_HEIGHT_PX}
          interval="preserveStartEnd"
          allowDataOverflow
        />
        <YAxis
          domain={[0, 100]}
          ticks={[0, 50, 100]}
          tickFormatter={(value: number) => `${value}\u00a0%`}
          tick={AXIS_TICK}
          tickLine={false}
          axisLine={false}
          width={Y_AXIS_WIDTH_PX}
        />
        <Line
          dataKey="control"
          type="stepAfter"
          stroke="var(--hf-control-plane)"
          strokeWidth={1.5}
          dot={false}
          isAnimationActive={false}
        />
        <Line
          dataKey="product"
          type="linear"
          stroke="var(--hf-behind-4)"
          strokeWidth={1.5}
          strokeDasharray="3 3"
          dot={false}
          isAnimationActive={false}
        />
        <Line
          dataKey="data"
          type="linear"
          stroke="var(--hf-current)"
          strokeWidth={2}
          dot={false}
          isAnimationActive={false}
        />
      </LineChart>
    </ResponsiveContainer>
  );
}

/** Whole minutes, and now where it has room. */
function ticksOf(nowMs: number): number[] {
  const minutes = minuteTicks(nowMs, SPAN_MS, 60_000);
  return [...minutes.filter((at) => nowMs - at > NOW_ROOM_MS), nowMs];
}

/** Puts a label on the side of an outage's start that has the room. */
function besideOutage(startMs: number | null, nowMs: number): CSSProperties {
  if (startMs === null) return { right: 4 };
  const share = Math.max(0, 1 - (nowMs - startMs) / SPAN_MS);
  const plot = `(100% - ${Y_AXIS_WIDTH_PX + 4}px)`;
  return share > LABEL_SHARE
    ? { right: `calc(${plot} * ${1 - share} + 10px)` }
    : { left: `calc(${plot} * ${share} + ${Y_AXIS_WIDTH_PX + 6}px)` };
}

/** Stretches without a control plane. */
function outagesOf(points: readonly AvailabilityPoint[]): (readonly [number, number])[] {
  const outages: [number, number][] = [];
  let previous = 100;
  for (const point of points) {
    const current = outages.at(-1);
    if (point.control === 0) {
      if (previous === 0 && current !== undefined) current[1] = point.atMs;
      else outages.push([point.atMs, point.atMs]);
    } else if (previous === 0 && current !== undefined) {
      current[1] = point.atMs;
    }
    previous = point.control;
  }
  return outages;
}
