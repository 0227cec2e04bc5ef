import type { Problem } from '../../core/gateway/problem.ts';
import { applyFix } from './apply-fix.ts';
import { counted } from './config-words.ts';
import { jumpToLine, useDraft } from './draft-store.ts';
import { FindingSection } from './finding-section.tsx';
import classes from './findings.module.css';
import { resourceLabel } from './resource-label.ts';

/** Problems listed; the rest is counted. */
const LISTED_MAX = 200;

/** What is wrong with the draft's text; a click goes there, a fix mends it. */
export function ProblemsSection() {
  const analysis = useDraft((state) => state.analysis);
  const failure = useDraft((state) => state.analysisFailure);
  const problems = analysis?.problems ?? [];
  return (
    <FindingSection
      title="Problems"
      finding={analysis === null ? 'being checked' : findingOf(problems)}
    >
      {failure !== null && <p className={classes.note}>The text could not be checked: {failure}</p>}
      {problems.length > 0 && (
        <ul className={classes.list} aria-label="Problems of the text">
          {problems.slice(0, LISTED_MAX).map((problem, index) => (
            <ProblemLine
              // Two problems may be alike in every respect.
              // biome-ignore lint/suspicious/noArrayIndexKey: the list is replaced as a whole
              key={index}
              problem={problem}
            />
          ))}
          {problems.length > LISTED_MAX && (
            <li className={classes.note}>and {problems.length - LISTED_MAX} more</li>
          )}
        </ul>
      )}
    </FindingSection>
  );
}

function ProblemLine({ problem }: { readonly problem: Problem }) {
  const { fix } = problem;
  return (
    <li className={classes.problemItem}>
      <button
        type="button"
        className={classes.problem}
        onClick={() => jumpToLine({ line: problem.line, column: problem.column, focus: true })}
      >
        <span className={classes.mark} data-severity={problem.severity} />
        <span className={classes.problemText}>
          <span className="hf-hidden">{problem.severity}: </span>
          {problem.message}
        </span>
        <span className={classes.problemWhere}>
          line {problem.line}
          {problem.resource !== null && ` · ${resourceLabel(problem.resource)}`}
        </span>
      </button>
      {fix !== undefined && (
        <button type="button" className={classes.fix} onClick={() => void applyFix(problem, fix)}>
          {fix.title}
        </button>
      )}
    </li>
  );
}

function findingOf(problems: readonly Problem[]): string {
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const warnings = problems.filter((problem) => problem.severity === 'warning').length;
  if (errors > 0) return `${errors} ${errors === 1 ? 'blocks' : 'block'} publishing`;
  if (warnings > 0) return counted(warnings, 'warning');
  return problems.length === 0 ? 'none' : '';
}
