import { parseConfig } from '../../core/gateway/parse-config.ts';
import { count, plain } from './text.ts';

/** What keeps a draft from being published. */
export interface DraftProblems {
  readonly errors: number;
  /** Sentences that count them and name the first; none when there are none. */
  readonly lines: readonly string[];
}

/** Of a text that is kept as the draft whatever is wrong with it, so that it can be mended there. */
export function draftProblems(text: string): DraftProblems {
  const errors = parseConfig(text).problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return { errors: 0, lines: [] };
  const counted = errors.length === 1 ? 'an error' : `${count(errors.length)} errors`;
  const where = `line ${first.line}:${first.column}`;
  const which = errors.length === 1 ? 'It is at' : 'The first is at';
  return {
    errors: errors.length,
    lines: [
      `It holds ${counted} and cannot be published so.`,
      `${which} ${where}: ${plain(first.message)}`,
    ],
  };
}
