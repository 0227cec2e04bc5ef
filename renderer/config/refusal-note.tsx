import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import classes from './dialogs.module.css';

/** Problems or resources named in a refusal; the rest is counted. */
const NAMED_MAX = 8;

/** Why something was refused, with the problems or resources that it names. */
export function RefusalNote(props: { readonly title: string; readonly refusal: ConsoleRefusal }) {
  const { refusal } = props;
  const problems = (refusal.problems ?? [])
    .filter((problem) => problem.severity === 'error')
    .map((problem) => `line ${problem.line}: ${problem.message}`);
  const named = [...problems, ...(refusal.resources ?? [])];
  return (
    <div className={classes.refusal} role="alert">
      <span className="hf-strong">{props.title}</span> {refusal.detail}
      {named.length > 0 && (
        <ul>
          {named.slice(0, NAMED_MAX).map((line) => (
            <li key={line}>{line}</li>
          ))}
          {named.length > NAMED_MAX && <li>and {named.length - NAMED_MAX} more</li>}
        </ul>
      )}
    </div>
  );
}
