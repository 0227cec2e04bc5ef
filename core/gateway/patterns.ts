import { RE2JS } from 're2js';
import { patternCost } from './pattern-cost.ts';

/** Longest regular expression that is taken, in characters. */
export const PATTERN_CHARS_MAX = 1_024;
/** Largest compiled program; repetition makes short patterns large. */
const PATTERN_PROGRAM_MAX = 4_000;
/** Estimated steps beyond which it is not even compiled: that alone could hold a node up. */
const PATTERN_COST_MAX = 5 * PATTERN_PROGRAM_MAX;
const TOO_LARGE = 'repeats too much: it would compile to too large a program';

/** A user's regular expression. It has to match the whole value, in linear time. */
export interface Pattern {
  matches(value: string): boolean;
}

export type PatternResult =
  | { readonly ok: true; readonly value: Pattern }
  | { readonly ok: false; readonly error: string };

/** Compiles RE2 syntax; the error is a sentence without its subject. */
export function compilePattern(source: string): PatternResult {
  if (source.length > PATTERN_CHARS_MAX) {
    return { ok: false, error: `must have at most ${PATTERN_CHARS_MAX} characters` };
  }
  if (patternCost(source) > PATTERN_COST_MAX) return { ok: false, error: TOO_LARGE };
  try {
    const compiled = RE2JS.compile(source);
    if (compiled.programSize() > PATTERN_PROGRAM_MAX) {
      return { ok: false, error: TOO_LARGE };
    }
    return { ok: true, value: { matches: (value) => compiled.testExact(value) } };
  } catch (error) {
    const detail =
      error instanceof Error ? error.message.replace('error parsing regexp: ', '') : '';
    return { ok: false, error: `is not a valid RE2 expression: ${detail.slice(0, 160)}` };
  }
}
