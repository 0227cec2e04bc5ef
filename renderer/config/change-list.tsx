import type { ResourceChange } from '../../core/protocol/console-model.ts';
import classes from './change-list.module.css';
import { resourceLabel } from './resource-label.ts';

/** Changes listed; the rest is counted. */
const LISTED_MAX = 200;

const WORDS: Readonly<Record<ResourceChange['change'], { word: string; tone: string }>> = {
  added: { word: 'added', tone: 'added' },
  removed: { word: 'removed', tone: 'removed' },
  changed: { word: 'changed', tone: 'changed' },
  'text-only': { word: 'text only', tone: 'muted' },
};

/** Changed resources by name, with their changed fields when asked for. */
export function ChangeList(props: {
  readonly changes: readonly ResourceChange[];
  readonly fields: boolean;
  readonly onPick?: (key: string) => void;
  /** Takes one change back. */
  readonly onRevert?: (key: string) => void;
}) {
  const listed = props.changes.slice(0, LISTED_MAX);
  return (
    <ul className={classes.changes}>
      {listed.map((change) => (
        <li key={change.key} className={classes.change}>
          <ChangeHead change={change} onPick={props.onPick} onRevert={props.onRevert} />
          {props.fields && change.fields.length > 0 && <ChangedFields change={change} />}
        </li>
      ))}
      {props.changes.length > listed.length && (
        <li className={classes.badge}>and {props.changes.length - listed.length} more</li>
      )}
    </ul>
  );
}

function ChangeHead(props: {
  readonly change: ResourceChange;
  readonly onPick: ((key: string) => void) | undefined;
  readonly onRevert: ((key: string) => void) | undefined;
}) {
  const { change, onPick, onRevert } = props;
  const { word, tone } = WORDS[change.change];
  return (
    <div className={classes.changeHead}>
      <span className={`${classes.badge} ${classes.changeWord}`} data-tone={tone}>
        {word}
      </span>
      {change.inForce !== undefined && (
        <span className={classes.badge}>
          {change.inForce === 'begins' ? 'not in force before' : 'no longer in force'}
        </span>
      )}
      {onPick === undefined || change.change === 'removed' ? (
        <span className={classes.changeKey} title={change.key}>
          {resourceLabel(change.key)}
        </span>
      ) : (
        <button
          type="button"
          className={`${classes.link} ${classes.changeKey}`}
          title={change.key}
          onClick={() => onPick(change.key)}
        >
          {resourceLabel(change.key)}
        </button>
      )}
      {onRevert !== undefined && (
        <button
          type="button"
          className={classes.link}
          aria-label={`${change.change === 'removed' ? 'Restore' : 'Revert'} ${resourceLabel(change.key)}`}
          onClick={() => onRevert(change.key)}
        >
          {change.change === 'removed' ? 'Restore' : 'Revert'}
        </button>
      )}
    </div>
  );
}

function ChangedFields({ change }: { readonly change: ResourceChange }) {
  return (
    <dl className={classes.fields}>
      {change.fields.map((field) => (
        <FieldChange key={field.pointer} {...field} />
      ))}
    </dl>
  );
}

function FieldChange(field: ResourceChange['fields'][number]) {
  return (
    <>
      <dt>{field.pointer === '' ? '/' : field.pointer}</dt>
      <dd>
        {field.before !== null && <del className={classes.before}>{field.before}</del>}
        {field.before !== null && field.after !== null && <span className="hf-muted"> to </span>}
        {field.after !== null && <ins className={classes.after}>{field.after}</ins>}
      </dd>
    </>
  );
}
