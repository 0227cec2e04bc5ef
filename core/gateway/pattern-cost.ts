/** Patterns of one route, in steps of `patternCost` together. */
export const ROUTE_PATTERN_COST_MAX = 100_000;
/** Patterns of one text. Compiling takes some 2 µs a step, and nodes compile all of them again. */
export const CONFIG_PATTERN_COST_MAX = 1_000_000;
const COST_MAX = 1_000_000_000;

/**
 * About how many steps a regular expression compiles to, without compiling it: its characters, those
 * under counted repetition as often as they are counted. Linear in the source, whatever it is.
 */
export function patternCost(source: string): number {
  const outer: number[] = [];
  let sum = 0;
  let atom = 0;
  for (let i = 0; i < source.length; i += 1) {
    const char = source[i];
    if (char === '(') {
      outer.push(sum + atom);
      sum = 0;
      atom = 0;
    } else if (char === ')' && outer.length > 0) {
      atom = sum + atom + 1;
      sum = outer.pop() ?? 0;
    } else if (char === '{') {
      const counted = /^\{([0-9]{1,9})(?:,([0-9]{0,9}))?\}/.exec(source.slice(i, i + 24));
      if (counted === null) continue;
      atom *= Math.max(1, Number(counted[1]), Number(counted[2] || 0));
      i += counted[0].length - 1;
    } else {
      sum += atom;
      atom = 1;
      if (char === '\\') i += 1;
    }
    if (sum + atom > COST_MAX) return COST_MAX;
  }
  return outer.reduce((total, part) => Math.min(COST_MAX, total + part), sum + atom);
}

/** What the patterns of one route may cost together. */
export class PatternBudget {
  #spent = 0;

  get spent(): number {
    return this.#spent;
  }

  /** False when the pattern would exceed the bound: it is not to be compiled then. */
  take(source: string): boolean {
    const cost = patternCost(source);
    if (this.#spent + cost > ROUTE_PATTERN_COST_MAX) return false;
    this.#spent += cost;
    return true;
  }
}
