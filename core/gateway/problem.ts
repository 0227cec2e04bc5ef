import type { EditOp } from './edit/edit-op.ts';

/** A mend that a person can take with one key. */
export interface ProblemFix {
  /** What it does, as a button says it: `Change to "cart-v2"`. */
  readonly title: string;
  /** To the document that the problem is in; null when a document is added instead. */
  readonly ops: readonly EditOp[];
  /** Text of a document to be added at the end of the config; null when none is. */
  readonly addDocument: string | null;
}

/** Something wrong, or worth knowing, in a config text. */
export interface Problem {
  readonly severity: 'error' | 'warning' | 'info';
  /** Kebab-case and stable, for tests and tools. */
  readonly code: string;
  /** A sentence that says what is wrong and what to do. */
  readonly message: string;
  /** JSON pointer into the resource, `''` for the whole. */
  readonly pointer: string;
  /** Of the whole text, from 1. */
  readonly line: number;
  readonly column: number;
  /** `Kind/namespace/name` when it is known. */
  readonly resource: string | null;
  /** Absent where no mend is obvious. */
  readonly fix?: ProblemFix;
}

/** A problem before its document's place in the text is known: lines count within the document. */
export type LocalProblem = Omit<Problem, 'resource'>;

/** Whether publishing must be refused. */
export function blocksPublishing(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
