import type { ConsoleStatus } from '../../core/protocol/console-model.ts';
import type { ControlPlaneLoad } from '../../core/protocol/control-plane-control.ts';
import { nodesOnTarget } from '../fleet/nodes-on-target.ts';
import { formatCount, formatNodes } from '../format/format.ts';
import { BELIEFS } from './belief-words.ts';
import classes from './control-plane.module.css';

/** What the control plane believes of the fleet, beside what is so. */
export function BeliefPanel(props: {
  readonly status: ConsoleStatus;
  readonly load: ControlPlaneLoad | null;
  readonly asOf: string | undefined;
}) {
  const { fleet } = props.status;
  const { load } = props;
  return (
    <>
      <section className={classes.section} aria-label="What it believes of the nodes">
        <div className={classes.sectionHead}>
          <h3 className={classes.sectionTitle}>What it believes of the nodes</h3>
          <span className={classes.finding}>{props.asOf ?? formatNodes(fleet.inventory)}</span>
        </div>
        <dl className={classes.beliefs}>
          {BELIEFS.map(({ status, label, meaning }) => (
            <div key={status} className={classes.belief} data-status={status}>
              <dt>
                {label}
                <span className={classes.meaning}>{meaning}</span>
              </dt>
              <dd>
                {formatCount(fleet.bySyncStatus[status])}
                <Share of={fleet.bySyncStatus[status]} total={fleet.inventory} />
              </dd>
            </div>
          ))}
        </dl>
      </section>
      <section className={classes.section} aria-label="Belief and truth">
        <div className={classes.sectionHead}>
          <h3 className={classes.sectionTitle}>Belief and truth</h3>
          <span className={classes.finding}>truth from the nodes themselves</span>
        </div>
        <table className={classes.compare}>
          <thead>
            <tr>
              <td />
              <th scope="col">it believes</th>
              <th scope="col">really, now</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">Connected</th>
              <td>{load === null ? '–' : formatCount(load.connections)}</td>
              <td>{formatCount(fleet.connected)}</td>
            </tr>
            <tr>
              <th scope="row">On the target</th>
              <td>{formatCount(fleet.acknowledged)}</td>
              <td>{formatCount(nodesOnTarget(props.status) ?? 0)}</td>
            </tr>
            <tr>
              <th scope="row">Serving</th>
              <td>cannot know</td>
              <td>{formatCount(fleet.serving)}</td>
            </tr>
          </tbody>
        </table>
      </section>
    </>
  );
}

function Share(props: { readonly of: number; readonly total: number }) {
  const share = props.total === 0 ? 0 : props.of / props.total;
  return (
    <span className={classes.shareTrack} aria-hidden="true">
      <span className={classes.shareFill} style={{ width: `${share * 100}%` }} />
    </span>
  );
}
