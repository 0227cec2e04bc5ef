import { CartesianGrid, Line, LineChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { formatMinute } from '../format/format.ts';
import classes from './control-plane.module.css';
import { LOAD_POINTS_MAX, LOAD_STEP_MS, type LoadPoint } from './load-series.ts';

const SPAN_MS = LOAD_POINTS_MAX * LOAD_STEP_MS;
const TICK_MS = 60_000;

/** One rate over the last five minutes; a gap is a time without a control plane. */
export function RateChart(props: {
  readonly title: string;
  readonly finding: string;
  readonly points: readonly LoadPoint[];
  readonly field: 'pushesPerSecond' | 'bytesPerSecond';
  readonly format: (value: number) => string;
}) {
  const { points, field } = props;
  const endMs = points.at(-1)?.atMs ?? 0;
  const startMs = endMs - SPAN_MS;
  const top = niceTop(points.reduce((most, point) => Math.max(most, point[field] ?? 0), 0));
  return (
    <section className={classes.chart} aria-label={props.title}>
      <div className={classes.sectionHead}>
        <h3 className={classes.sectionTitle}>{props.title}</h3>
        <span className={classes.finding}>{props.finding}</span>
      </div>
      <div
        className={classes.plot}
        role="img"
        aria-label={`${props.title}, last five minutes. ${props.finding}`}
      >
        <ResponsiveContainer width="100%" height="100%">
          <LineChart
            data={[...points]}
            margin={{ top: 6, right: 12, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid stroke="var(--hf-line)" vertical={false} />
            <XAxis
              dataKey="atMs"
              type="number"
              domain={[startMs, endMs]}
              ticks={minuteTicks(startMs, endMs)}
              tickFormatter={formatMinute}
              stroke="var(--hf-line)"
              tick={{ fill: 'var(--hf-muted)', fontSize: 11 }}
              tickLine={false}
            />
            <YAxis
              domain={[0, top]}
              ticks={[0, top / 2, top]}
              tickFormatter={props.format}
              width={64}
              axisLine={false}
              tickLine={false}
              tick={{ fill: 'var(--hf-muted)', fontSize: 11 }}
            />
            <Line
              dataKey={field}
              type="linear"
              stroke="var(--hf-control-plane)"
              strokeWidth={1.5}
              dot={false}
              activeDot={false}
              isAnimationActive={false}
              connectNulls={false}
            />
          </LineChart>
        </ResponsiveContainer>
      </div>
    </section>
  );
}

function minuteTicks(startMs: number, endMs: number): number[] {
  const ticks: number[] = [];
  for (let at = Math.ceil(startMs / TICK_MS) * TICK_MS; at <= endMs; at += TICK_MS) ticks.push(at);
  return ticks;
}

/** The next of 2, 4, 10 × a power of ten: changes seldom, and its half is a round number too. */
function niceTop(value: number): number {
  let scale = 1;
  while (scale * 10 < value) scale *= 10;
  for (const step of [2, 4, 10]) if (value <= step * scale) return step * scale;
  return scale * 10;
}
