import type { ConvergenceReport } from '../../core/protocol/control-plane-control.ts';
import { compareForecast } from '../../core/rehearsal/compare-forecast.ts';
import type { Forecast } from '../../core/rehearsal/forecast.ts';
import { seedCount } from '../config/rehearsal/forecast-words.ts';
import { othersOutside, overallVerdict } from '../forecast/comparison-words.ts';
import { VerdictMark } from '../forecast/verdict-mark.tsx';
import { formatCount } from '../format/format.ts';
import { BandChart } from './band-chart.tsx';
import { BandLegend } from './band-legend.tsx';
import { spanOfBand, spanOfCurve } from './band-paths.ts';
import { isSettled } from './convergence.ts';
import styles from './predicted-convergence.module.css';
import { chooseTimeAxis } from './time-axis.ts';
import { useRejected } from './use-rejected.ts';
import { useTurn } from './use-turn.ts';

/** The curve of the newest revision over the band that its rehearsal predicted, and how they differ. */
export function PredictedConvergence(props: {
  readonly report: ConvergenceReport;
  readonly forecast: Forecast;
}) {
  const { report, forecast } = props;
  const nowMs = useTurn(1);
  const rejected = useRejected(report.revision);
  const isFinal = report.t100Ms !== null || report.late;
  const comparison = compareForecast(forecast, { ...report, nodesRejecting: rejected }, isFinal);
  const others = othersOutside(comparison);
  const spans = [spanOfBand(forecast.curve), spanOfCurve(report.curve)];
  const axis = chooseTimeAxis(spans.filter((span) => span !== null));
  const untilMs = isSettled(report, rejected ?? 0)
    ? axis.toMs
    : Math.max(0, nowMs - report.publishedAtMs);
  const seeds = seedCount(forecast.seeds);
  return (
    <div className={styles.predicted}>
      <p className="hf-hidden">
        {formatCount(report.reached)} of {formatCount(report.nodes)} nodes reached r
        {report.revision}.
      </p>
      <p className={styles.difference}>
        <VerdictMark verdict={overallVerdict(comparison)} />
        <span>
          {comparison.summary}
          {others !== null && <span className={styles.others}>{others}</span>}
        </span>
      </p>
      <div className={styles.plot}>
        <BandChart
          forecast={forecast}
          actual={{ points: report.curve, nodes: report.nodes, untilMs }}
          axis={axis}
        />
      </div>
      <BandLegend
        actual={`r${report.revision}`}
        band={`predicted${forecast.faults.length > 0 ? ' with faults' : ''}, ${seeds}`}
        median="median"
        note={axis.kind === 'logarithmic' ? 'time is logarithmic' : null}
      />
    </div>
  );
}
