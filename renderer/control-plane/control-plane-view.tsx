import type { ConsoleStatus } from '../../core/protocol/console-model.ts';
import {
  formatBytes,
  formatClock,
  formatNodes,
  formatShort,
  formatTime,
} from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import { useNow } from '../state/use-now.ts';
import { BeliefPanel } from './belief-panel.tsx';
import classes from './control-plane.module.css';
import {
  linkFacts,
  processFacts,
  sentFacts,
  snapshotStoreFacts,
  storeFacts,
} from './control-plane-facts.ts';
import { FactList } from './fact-list.tsx';
import { lastSeenLoad, recordControlPlaneLoad, useLoadPoints } from './load-recorder.ts';
import { RateChart } from './rate-chart.tsx';

recordControlPlaneLoad();

/** The control plane's own health and load; what nodes really do is in the fleet view. */
export function ControlPlaneView() {
  const status = useConsole((state) => state.status);
  const events = useConsole((state) => state.events);
  const now = useNow();
  if (status === null) return <p className={classes.empty}>Waiting for the console.</p>;
  const up = status.controlPlane.state === 'up';
  const load = status.controlPlaneLoad ?? lastSeenLoad()?.load ?? null;
  // While it is down, every figure but its process state is its last word.
  const asOf =
    up || status.fleet.believedAtMs === null
      ? undefined
      : `as of ${formatTime(status.fleet.believedAtMs)}`;
  return (
    <div className={classes.view}>
      <h2 className="hf-hidden">Control plane</h2>
      <StateSentence status={status} nowMs={now} asOf={asOf} />
      <div className={classes.columns}>
        <div className={classes.column}>
          <FactList title="Process" facts={processFacts(status, events, now)} />
          <FactList
            title="Store"
            {...finding(asOf)}
            facts={[...storeFacts(status), ...snapshotStoreFacts(load, now)]}
          />
        </div>
        <div className={classes.column} data-frozen={!up}>
          {load === null ? (
            <NoLoad up={up} />
          ) : (
            <>
              <FactList title="Node links" {...finding(asOf)} facts={linkFacts(load)} />
              <FactList title="Since it started" {...finding(asOf)} facts={sentFacts(load)} />
            </>
          )}
        </div>
        <div className={classes.column} data-frozen={!up}>
          <BeliefPanel status={status} load={load} asOf={asOf} />
        </div>
      </div>
      <Charts />
    </div>
  );
}

function finding(asOf: string | undefined): { finding?: string } {
  return asOf === undefined ? {} : { finding: asOf };
}

function NoLoad({ up }: { readonly up: boolean }) {
  return (
    <p className={classes.empty}>
      {up
        ? 'No word about its load yet. It reports a few times a second.'
        : 'Its last figures were told before this page was opened. It reports again once it is up.'}
    </p>
  );
}

function StateSentence(props: {
  readonly status: ConsoleStatus;
  readonly nowMs: number;
  readonly asOf: string | undefined;
}) {
  const { status, nowMs } = props;
  const { controlPlane, fleet } = status;
  const since = `${formatTime(controlPlane.sinceMs)} (${formatClock(nowMs - controlPlane.sinceMs)})`;
  if (controlPlane.state === 'up') {
    return (
      <div className={classes.sentence}>
        <p className={classes.sentenceText}>
          <span className="hf-strong">Up since {since}.</span> It tells{' '}
          {formatNodes(fleet.inventory)} what to serve; it answers none of their requests.
        </p>
      </div>
    );
  }
  if (controlPlane.state === 'starting') {
    return (
      <div className={classes.sentence} role="status">
        <p className={classes.sentenceText}>
          <span className="hf-strong">Starting since {since}.</span>
        </p>
      </div>
    );
  }
  return (
    <div className={classes.sentence} data-tone="down" role="status">
      <p className={classes.sentenceText}>
        <span className="hf-strong">
          Down since {since}
          {controlPlane.reason === null ? '' : `, ${controlPlane.reason}`}.
        </span>{' '}
        Nothing can be published, and no node can be told what is current: their unverified time
        runs. {formatNodes(fleet.serving)} of {fleet.inventory} serve on from what they hold.
        {props.asOf !== undefined && ` Figures below are its last words, ${props.asOf}.`}
      </p>
    </div>
  );
}

function Charts() {
  const points = useLoadPoints();
  const last = points.at(-1);
  const pushes = last?.pushesPerSecond ?? null;
  const bytes = last?.bytesPerSecond ?? null;
  return (
    <div className={classes.charts}>
      <RateChart
        title="Pushes a second"
        finding={pushes === null ? 'none now' : `${formatShort(pushes)} now`}
        points={points}
        field="pushesPerSecond"
        format={formatShort}
      />
      <RateChart
        title="Bytes sent a second"
        finding={bytes === null ? 'none now' : `${formatBytes(bytes)} now`}
        points={points}
        field="bytesPerSecond"
        format={formatBytes}
      />
    </div>
  );
}
