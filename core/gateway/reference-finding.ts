import type { Problem, ProblemFix } from './problem.ts';

/** Names looked for in one text: each costs a walk over all candidates. */
export const SUGGESTIONS_MAX = 200;

/** A problem of references, before its place in the text is known. */
export interface Finding {
  readonly severity: Problem['severity'];
  readonly code: string;
  readonly pointer: string;
  readonly message: string;
  readonly fix?: ProblemFix | undefined;
  /** Asked only of the first findings of a text, and only then added to the message. */
  readonly near?: NearQuery;
  /** Adds its fix to what an earlier stage said at the same pointer, instead of saying it again. */
  readonly amends?: boolean;
}

/** What may have been meant by a name that is not there. */
export interface NearQuery {
  /** The same for all that look for the same name in the same place. */
  readonly memoKey: string;
  readonly find: () => string | null;
  readonly fixTo: (near: string) => ProblemFix | undefined;
}

export type Find = (finding: Finding) => void;

/** Looks names up in the order of the text, up to a bound, and remembers what it found. */
export class Suggestions {
  readonly #memo: Map<string, string | null>;
  readonly #asked = new Set<string>();

  /** `memo` may be shared by all readings whose names are the same. */
  constructor(memo: Map<string, string | null> = new Map()) {
    this.#memo = memo;
  }

  settle(finding: Finding): Finding {
    const { near, ...rest } = finding;
    if (near === undefined) return finding;
    const name = this.#nearest(near);
    if (name === null) return rest;
    const fix = near.fixTo(name) ?? finding.fix;
    return { ...rest, fix, message: `${finding.message} Did you mean "${name}"?` };
  }

  #nearest({ memoKey, find }: NearQuery): string | null {
    // Counted anew for each reading, so that a memo changes how fast an answer is and not which.
    if (!this.#asked.has(memoKey)) {
      if (this.#asked.size >= SUGGESTIONS_MAX) return null;
      this.#asked.add(memoKey);
    }
    const held = this.#memo.get(memoKey);
    if (held !== undefined) return held;
    const found = find();
    this.#memo.set(memoKey, found);
    return found;
  }
}
