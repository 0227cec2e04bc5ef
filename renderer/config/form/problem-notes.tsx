import type { Problem } from '../../../core/gateway/problem.ts';
import classes from './form.module.css';
import { useForm } from './form-context.tsx';

/** Problems where they belong, each with its mend as a button. */
export function ProblemNotes(props: { readonly problems: readonly Problem[] }) {
  const { edit } = useForm();
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
            {problem.message}
            {fix !== undefined && fix.ops.length > 0 ? (
              <button
                type="button"
                className={classes.fix}
                onClick={() => edit(fix.ops, fix.title)}
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
