import type { Band, Forecast } from '../../../core/rehearsal/forecast.ts';
import {
  isAsPredicted,
  type TrackRecord,
  trackRecordText,
} from '../../../core/rehearsal/track-record.ts';
import { BandChart } from '../../charts/band-chart.tsx';
import { BandLegend } from '../../charts/band-legend.tsx';
import { spanOfBand } from '../../charts/band-paths.ts';
import { chooseTimeAxis } from '../../charts/time-axis.ts';
import { formatInstant, formatNodes } from '../../format/format.ts';
import { useNow } from '../../state/use-now.ts';
import {
  lostWords,
  NOTHING_YET,
  rehearsedWith,
  sentWords,
  stalenessWords,
} from './forecast-words.ts';
import { PredictedTimes } from './predicted-times.tsx';
import classes from './rehearsal.module.css';
import type { DoneRehearsal } from './rehearsal-store.ts';

/** Refused resources named; the rest is counted. */
const REJECTIONS_SHOWN_MAX = 4;

/** The figures of a rehearsal: dashes before there is one, so that nothing moves when it is done. */
export function RehearsalResult(props: {
  /** Null: there is none yet. */
  readonly done: DoneRehearsal | null;
  readonly isOutdated: boolean;
}) {
  const { done, isOutdated } = props;
  const forecast = done?.forecast ?? null;
  return (
    <div className={classes.result} data-outdated={isOutdated}>
      <ForecastChart forecast={forecast} />
      <PredictedTimes forecast={forecast} />
      <ForecastFacts done={done} />
    </div>
  );
}

function ForecastChart({ forecast }: { readonly forecast: Forecast | null }) {
  const span = forecast === null ? null : spanOfBand(forecast.curve);
  const axis = chooseTimeAxis(span === null ? [] : [span]);
  const isOne = forecast?.seeds === 1;
  return (
    <div>
      <div className={classes.plot}>
        <BandChart
          forecast={forecast}
          actual={null}
          axis={forecast === null ? { ...axis, ticksMs: [] } : axis}
        />
      </div>
      <div className={classes.legend} data-empty={forecast === null}>
        <BandLegend
          actual={null}
          band={isOne ? null : 'nodes that acknowledged it, fewest to most over the seeds'}
          median={isOne ? 'nodes that acknowledged it, in the one seed' : 'median'}
          note={axis.kind === 'logarithmic' ? 'time is logarithmic' : null}
        />
      </div>
    </div>
  );
}

function ForecastFacts({ done }: { readonly done: DoneRehearsal | null }) {
  const nowMs = useNow(60_000);
  const forecast = done?.forecast ?? null;
  return (
    <dl className={classes.facts}>
      <dt>Worst staleness</dt>
      <dd>{forecast === null ? NOTHING_YET : stalenessWords(forecast)}</dd>
      <dt>Requests lost</dt>
      <dd className={isAmiss(forecast?.requestsLost)}>
        {forecast === null ? NOTHING_YET : lostWords(forecast)}
      </dd>
      <dt>Rejected by</dt>
      <dd>{forecast === null ? NOTHING_YET : <Rejections rejections={forecast.rejections} />}</dd>
      <dt>Sent</dt>
      <dd>{forecast === null ? NOTHING_YET : sentWords(forecast)}</dd>
      <dt>Rehearsed</dt>
      <dd>
        {done === null
          ? NOTHING_YET
          : `${formatInstant(done.atMs, nowMs)}: ${rehearsedWith(done.forecast, done.inForce)}`}
      </dd>
      {done !== null && done.notes.length > 0 && (
        <>
          <dt>Not as in life</dt>
          <dd className={classes.amiss}>{done.notes.join(' ')}</dd>
        </>
      )}
      <dt>Service times</dt>
      <dd className={classes.origin}>
        <span className="hf-muted">{forecast === null ? NOTHING_YET : forecast.serviceTimes}</span>
        {done !== null && done.record !== null && <Record record={done.record} />}
      </dd>
    </dl>
  );
}

/** The band is the spread over the seeds alone: beside it stands how far it was off in life. */
function Record({ record }: { readonly record: TrackRecord }) {
  const className = isAsPredicted(record) ? 'hf-muted' : classes.amiss;
  return <p className={className}>{trackRecordText(record)}</p>;
}

/** Said loudly where it is not nothing. */
function isAmiss(band: Band | undefined): string | undefined {
  return band !== undefined && band.high !== 0 ? classes.amiss : undefined;
}

/** Whether the sentence names it already, without its kind: `shop/checkout uses …` */
function namesResource(detail: string, key: string): boolean {
  return detail.includes(key.slice(key.indexOf('/') + 1));
}

function Rejections({ rejections }: Pick<Forecast, 'rejections'>) {
  if (rejections.length === 0) return <>no node</>;
  const more = rejections.length - REJECTIONS_SHOWN_MAX;
  return (
    <>
      {rejections.slice(0, REJECTIONS_SHOWN_MAX).map(({ key, detail, nodes }) => (
        <div key={`${key} ${detail}`}>
          <span className={classes.amiss}>{formatNodes(nodes)}:</span>{' '}
          <span className={classes.why}>
            {!namesResource(detail, key) && <code>{key} </code>}
            {detail}
          </span>
        </div>
      ))}
      {more > 0 && <div className="hf-muted">and {more} more resources</div>}
    </>
  );
}
