import type { Problem } from '../../../core/gateway/problem.ts';
import classes from './form.module.css';
import { useForm } from './form-context.tsx';
import { messageAt } from './message-at.ts';

/** Problems where they belong, each with its mend as a button. */
export function ProblemNotes(props: {
  readonly problems: readonly Problem[];
  /** Of the part that they stand at. */
  readonly pointer: string;
}) {
  const { edit, addDocument } = useForm();
  if (props.problems.length === 0) return null;
  return (
    <ul className={classes.problems}>
      {props.problems.map((problem) => {
        const { fix } = problem;
        return (
          <li
            key={`${problem.code} ${problem.pointer} ${problem.message}`}
            className={classes.problem}
            data-severity={problem.severity}
          >
            <span className="hf-hidden">{`${problem.severity}: `}</span>
            {messageAt(problem, props.pointer)}
            {fix !== undefined ? (
              <button
                type="button"
                className={classes.fix}
                onClick={(event) => {
                  keepKeyboard(event.currentTarget);
                  if (fix.addDocument === null) edit(fix.ops, fix.title);
                  else addDocument(fix.addDocument, fix.title);
                }}
              >
                {fix.title}
              </button>
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}

/** A mend takes its own button away, and perhaps the part around it: the keyboard stays in the form. */
function keepKeyboard(button: HTMLElement): void {
  const region = button.closest<HTMLElement>('section[tabindex]');
  const part = button.closest<HTMLElement>('[data-pointer]') ?? region;
  if (part === null) return;
  if (part !== region) part.tabIndex = -1;
  part.focus({ preventScroll: true });
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) region?.focus({ preventScroll: true });
  });
}
