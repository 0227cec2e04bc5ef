import type { RevisionRow } from '../../core/protocol/console-model.ts';
import type { ConvergenceReport } from '../../core/protocol/control-plane-control.ts';
import type { ForecastComparison, KeptForecast } from '../../core/rehearsal/kept-forecast.ts';
import { BandChart } from '../charts/band-chart.tsx';
import { BandLegend } from '../charts/band-legend.tsx';
import { spanOfBand, spanOfCurve } from '../charts/band-paths.ts';
import { chooseTimeAxis } from '../charts/time-axis.ts';
import { rehearsedWith, seedCount } from '../config/rehearsal/forecast-words.ts';
import { PredictedTimes } from '../config/rehearsal/predicted-times.tsx';
import { ScrollRegion } from '../config/scroll-region.tsx';
import { formatInstant } from '../format/format.ts';
import { useNow } from '../state/use-now.ts';
import { comparisonWords, curveWords, namesOutside, overallVerdict } from './comparison-words.ts';
import classes from './forecast.module.css';
import type { ForecastState } from './use-forecast.ts';
import { useReport } from './use-report.ts';
import { VerdictMark } from './verdict-mark.tsx';

/** What was predicted for a revision, beside what came of it. */
export function ForecastTab(props: {
  readonly row: RevisionRow;
  readonly state: ForecastState;
  readonly emptyClass: string | undefined;
}) {
  const { row, state, emptyClass } = props;
  if (state.kind === 'loading') return <p className={emptyClass}>Loading the prediction.</p>;
  if (state.kind === 'failed') {
    return <p className={emptyClass}>The prediction cannot be had now. {state.detail}</p>;
  }
  if (state.answer === null) {
    return (
      <p className={emptyClass}>
        r{row.revision} was not rehearsed: this very text was not, before it was published.
      </p>
    );
  }
  const { kept, comparison } = state.answer;
  return <Prediction row={row} kept={kept} comparison={comparison} />;
}

function Prediction(props: {
  readonly row: RevisionRow;
  readonly kept: KeptForecast;
  readonly comparison: ForecastComparison | null;
}) {
  const { row, kept, comparison } = props;
  const nowMs = useNow(60_000);
  const report = useReport(row);
  const curve = comparison === null ? null : curveWords(comparison);
  return (
    <div className={classes.view}>
      <ScrollRegion label="Prediction" className={classes.words}>
        <Verdict comparison={comparison} />
        {kept.changedSince.length > 0 && <ChangedSince sentences={kept.changedSince} />}
        {comparison === null ? (
          <PredictedTimes forecast={kept.forecast} />
        ) : (
          <Figures comparison={comparison} />
        )}
        {curve !== null && <p className={classes.qualifier}>{curve}</p>}
        <p className={classes.qualifier}>
          Rehearsed {formatInstant(kept.rehearsedAtMs, nowMs)}, {seedCount(kept.forecast.seeds)},
          with {rehearsedWith(kept.forecast, null)}. Service times: {kept.forecast.serviceTimes}.
        </p>
      </ScrollRegion>
      <Curves kept={kept} report={report} revision={row.revision} />
    </div>
  );
}

function Verdict({ comparison }: { readonly comparison: ForecastComparison | null }) {
  if (comparison === null) {
    return <p className="hf-muted">What came of it is not recorded.</p>;
  }
  const names = namesOutside(comparison);
  return (
    <p className={classes.summary}>
      <VerdictMark verdict={overallVerdict(comparison)} />
      <span>
        <span className="hf-strong">{comparison.summary}.</span>{' '}
        {names.length > 0 && `Not as predicted: ${names.join(', ')}. `}
        {!comparison.isFinal && 'The rest is still open.'}
        {comparison.isFinal && names.length === 0 && 'Everything is as predicted.'}
      </span>
    </p>
  );
}

function Figures({ comparison }: { readonly comparison: ForecastComparison }) {
  return (
    <table className={classes.figures}>
      <thead>
        <tr>
          <th scope="col">From the publish</th>
          <th scope="col" className={classes.number}>
            predicted
          </th>
          <th scope="col" className={classes.number}>
            median
          </th>
          <th scope="col" className={classes.number}>
            actual
          </th>
          <th scope="col">verdict</th>
        </tr>
      </thead>
      <tbody>
        {comparisonWords(comparison).map((figure) => (
          <tr key={figure.name}>
            <th scope="row">{figure.label}</th>
            <td className={classes.number}>{figure.predicted}</td>
            <td className={classes.number}>{figure.median}</td>
            <td className={classes.number}>{figure.actual}</td>
            <td>
              <span className={classes.verdict}>
                <VerdictMark verdict={figure.verdict} />
                {figure.verdictText}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ChangedSince({ sentences }: { readonly sentences: readonly string[] }) {
  return (
    <p>
      <span className="hf-muted">Since the rehearsal, before the publish:</span>{' '}
      {sentences.join(' ')}
    </p>
  );
}

function Curves(props: {
  readonly kept: KeptForecast;
  readonly report: ConvergenceReport | null;
  readonly revision: number;
}) {
  const { report } = props;
  const { forecast } = props.kept;
  const spans = [spanOfBand(forecast.curve), report === null ? null : spanOfCurve(report.curve)];
  const axis = chooseTimeAxis(spans.filter((span) => span !== null));
  const untilMs = axis.toMs;
  return (
    <div className={classes.chart}>
      <div className={classes.plot}>
        <BandChart
          forecast={forecast}
          actual={report === null ? null : { points: report.curve, nodes: report.nodes, untilMs }}
          axis={axis}
        />
      </div>
      <BandLegend
        actual={report === null ? null : `r${props.revision}, as acknowledged`}
        band={`predicted${forecast.faults.length > 0 ? ' with faults' : ''}, ${seedCount(forecast.seeds)}`}
        median="median"
        note={axis.kind === 'logarithmic' ? 'time is logarithmic' : null}
      />
    </div>
  );
}
