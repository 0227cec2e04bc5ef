import type { ConsoleStatus } from '../../core/protocol/console-model.ts';
import { BELIEFS } from '../control-plane/belief-words.ts';
import { nodesOnTarget } from '../fleet/nodes-on-target.ts';
import { formatCount, formatTime } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import styles from './belief-panel.module.css';
import { Panel } from './panel.tsx';

/** A count of null: it cannot be told. */
type Row = readonly [label: string, count: number | null, tone: 'quiet' | 'warn' | 'ahead'];

/** What the control plane believes beside what is; frozen while it is gone. */
export function BeliefPanel() {
  const status = useConsole((state) => state.status);
  if (status === null) return null;
  const up = status.controlPlane.state === 'up';
  const asOfMs = status.fleet.believedAtMs;
  return (
    <Panel
      title={up ? 'What the control plane believes' : 'What the control plane believed'}
      finding={asOfMs === null ? 'nothing yet' : up ? 'now' : `as of ${formatTime(asOfMs)}`}
    >
      <div className={styles.columns}>
        <Column heading={up ? 'Belief' : 'Belief, frozen'} rows={beliefRows(status)} />
        <Column heading="Truth now" rows={truthRows(status)} />
      </div>
    </Panel>
  );
}

function Column({ heading, rows }: { readonly heading: string; readonly rows: readonly Row[] }) {
  return (
    <div>
      <h3 className={styles.heading}>{heading}</h3>
      <dl className={styles.rows}>
        {rows.map(([label, count, tone]) => (
          <div key={label} className={styles.row}>
            <dt>{label}</dt>
            <dd data-tone={count !== null && count > 0 ? tone : 'quiet'}>
              {count === null ? '–' : formatCount(count)}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function beliefRows({ fleet }: ConsoleStatus): readonly Row[] {
  return BELIEFS.map(({ status, label }) => [
    label,
    fleet.bySyncStatus[status],
    status === 'SYNCED' ? 'quiet' : 'warn',
  ]);
}

function truthRows(status: ConsoleStatus): readonly Row[] {
  const { fleet } = status;
  return [
    ['On target', nodesOnTarget(status), 'quiet'],
    fleet.ahead > 0 ? ['Ahead', fleet.ahead, 'ahead'] : ['Behind', fleet.behind, 'warn'],
    ['Linked', fleet.connected, 'quiet'],
    ['From disk', fleet.bySource.disk, 'quiet'],
    ...fromStore(fleet.bySource['snapshot-store']),
  ];
}

/** Said only where it is so: it is for the days on which the control plane is not there. */
function fromStore(nodes: number): readonly Row[] {
  return nodes === 0 ? [] : [['From snapshots', nodes, 'quiet']];
}
