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
}

/** A problem before its document's place in the text is known: lines count within the document. */
export type LocalProblem = Omit<Problem, 'resource'>;

/** Whether publishing must be refused. */
export function blocksPublishing(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
