import type { Diagnostic } from '@codemirror/lint';
import type { Text } from '@codemirror/state';
import type { Problem, ProblemFix } from '../../core/gateway/problem.ts';
import { fixActions } from './editor/fix-actions.ts';

/** Problems drawn in the editor; the list beside it has them all. */
const DRAWN_PROBLEMS_MAX = 500;

/** Problems as marks in the text, clamped to it: the text may have moved on a keystroke since. */
export function toDiagnostics(
  doc: Text,
  problems: readonly Problem[],
  fix: (problem: Problem, fix: ProblemFix) => void,
): Diagnostic[] {
  return problems.slice(0, DRAWN_PROBLEMS_MAX).map((problem) => {
    const line = doc.line(Math.min(Math.max(1, problem.line), doc.lines));
    const indent = line.text.length - line.text.trimStart().length;
    const start = line.from + Math.min(Math.max(problem.column - 1, indent), line.length);
    const end = line.from + line.text.trimEnd().length;
    return {
      from: Math.min(start, end),
      to: Math.max(start, end),
      severity: problem.severity,
      message: problem.message,
      actions: fixActions(problem, fix),
    };
  });
}
