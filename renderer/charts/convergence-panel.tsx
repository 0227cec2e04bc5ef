import { memo } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceDot,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from 'recharts';
import type { ConvergenceReport } from '../../core/protocol/control-plane-control.ts';
import { useForecast } from '../forecast/use-forecast.ts';
import { formatCount, formatSpan } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import { AXIS_TICK, X_AXIS_HEIGHT_PX, Y_AXIS_WIDTH_PX } from './chart-look.ts';
import {
  convergencePoints,
  convergenceQuantiles,
  describeConvergence,
  isSettled,
} from './convergence.ts';
import { CHART_POINTS_MAX, downsample } from './downsample.ts';
import panel from './panel.module.css';
import { Panel } from './panel.tsx';
import { PredictedConvergence } from './predicted-convergence.tsx';
import { useRejected } from './use-rejected.ts';
import { useTurn } from './use-turn.ts';

/** The share of the fleet that reached the newest revision, over time from publish. */
export function ConvergencePanel() {
  const report = useConsole((state) => state.convergence);
  const lineage = useConsole((state) => state.status?.head?.lineage ?? '');
  const predicted = useForecast(report?.revision ?? null, lineage);
  const kept =
    predicted.kind === 'loaded' && predicted.revision === report?.revision
      ? (predicted.answer?.kept ?? null)
      : null;
  return (
    <Panel
      title={<>Convergence {report !== null && <code>r{report.revision}</code>}</>}
      finding={
        report !== null && (
          <span title={convergenceQuantiles(report)}>{describeConvergence(report)}</span>
        )
      }
      grow
      tall={kept !== null}
    >
      {report === null ? (
        <p className={panel.empty}>Nothing published yet</p>
      ) : kept === null ? (
        <ConvergencePlot report={report} />
      ) : (
        <PredictedConvergence report={report} forecast={kept.forecast} />
      )}
    </Panel>
  );
}

/** The curve of one report; fills its parent. */
export function ConvergencePlot({ report }: { readonly report: ConvergenceReport }) {
  const nowMs = useTurn(1);
  const rejected = useRejected(report.revision) ?? 0;
  // A finished curve does not move: it is not drawn again.
  const shownMs = isSettled(report, rejected) ? report.publishedAtMs : nowMs;
  return <Plot report={report} nowMs={shownMs} rejected={rejected} />;
}

const Plot = memo(function Plot(props: PlotProps) {
  const { report, nowMs, rejected } = props;
  const { points, axisMs } = convergencePoints(report, nowMs, rejected);
  const drawn = downsample(points, CHART_POINTS_MAX, (point) => point.share);
  const quantiles = [
    [report.t50Ms, 50],
    [report.t95Ms, 95],
    [report.t99Ms, 99],
    [report.t100Ms, 100],
  ] as const;
  const words = `${formatCount(report.reached)} of ${formatCount(report.nodes)} nodes reached r${report.revision}. ${describeConvergence(report)}`;
  return (
    <>
      <p className="hf-hidden">{words}</p>
      <div className={panel.plot} aria-hidden="true">
        <ResponsiveContainer width="100%" height="100%">
          <LineChart
            data={[...drawn]}
            margin={{ top: 10, right: 4, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid vertical={false} stroke="var(--hf-line)" />
            <XAxis
              dataKey="ms"
              type="number"
              domain={[0, axisMs]}
              ticks={[0, axisMs / 2, axisMs]}
              tickFormatter={(ms: number) => (ms === 0 ? '0 s' : formatSpan(ms))}
              tick={AXIS_TICK}
              tickLine={false}
              axisLine={false}
              height={X_AXIS_HEIGHT_PX}
              interval="preserveStartEnd"
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
              dataKey="share"
              type="stepAfter"
              stroke="var(--hf-action)"
              strokeWidth={2}
              dot={false}
              isAnimationActive={false}
            />
            {quantiles.map(([ms, share]) =>
              ms === null ? null : (
                <ReferenceDot
                  key={share}
                  x={ms}
                  y={share}
                  r={2.5}
                  fill="var(--hf-surface)"
                  stroke="var(--hf-action)"
                />
              ),
            )}
          </LineChart>
        </ResponsiveContainer>
      </div>
    </>
  );
}, isSamePlot);

interface PlotProps {
  readonly report: ConvergenceReport;
  readonly nowMs: number;
  /** Nodes that rejected this revision. */
  readonly rejected: number;
}

function isSamePlot(a: PlotProps, b: PlotProps): boolean {
  return (
    a.nowMs === b.nowMs &&
    a.rejected === b.rejected &&
    a.report.revision === b.report.revision &&
    a.report.reached === b.report.reached &&
    a.report.nodes === b.report.nodes
  );
}
