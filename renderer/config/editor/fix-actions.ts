import { type Action, forEachDiagnostic } from '@codemirror/lint';
import type { EditorState } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import type { Problem, ProblemFix } from '../../../core/gateway/problem.ts';

/** The problem's mend as a button of its mark; none where no mend is obvious. */
export function fixActions(
  problem: Problem,
  apply: (problem: Problem, fix: ProblemFix) => void,
): readonly Action[] {
  const { fix } = problem;
  if (fix === undefined) return [];
  return [{ name: fix.title, apply: () => apply(problem, fix) }];
}

interface NearFix {
  readonly action: Action;
  readonly from: number;
  readonly to: number;
  /** From the cursor, UTF-16 units. */
  readonly distance: number;
}

/** The fix of the problem at the cursor, or else of the nearest one on its line. */
export function fixNear(state: EditorState): NearFix | null {
  const { head } = state.selection.main;
  const line = state.doc.lineAt(head);
  const found: NearFix[] = [];
  forEachDiagnostic(state, ({ actions }, from, to) => {
    const [action] = actions ?? [];
    if (action === undefined || to < line.from || from > line.to) return;
    found.push({ action, from, to, distance: Math.max(0, from - head, head - to) });
  });
  return found.sort((a, b) => a.distance - b.distance)[0] ?? null;
}

/** Takes that fix; leaves the key to others where there is none. */
export function takeFixNear(view: EditorView): boolean {
  const near = fixNear(view.state);
  near?.action.apply(view, near.from, near.to);
  return near !== null;
}
