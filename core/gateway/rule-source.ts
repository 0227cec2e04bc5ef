import { type ExchangePlan, retryPlanOf, timeoutMs } from './exchange-plan.ts';
import { compileFilters, type FilterChain } from './filters.ts';
import { integerAt, type Json, type JsonObject, listAt, objectAt, stringAt } from './json.ts';
import type { PathMatch, ValueMatch } from './path-table.ts';
import { compilePattern } from './patterns.ts';

const WEIGHT_MAX = 1_000_000;

/** What a match asks for, whatever else the config holds. */
export interface MatchSource {
  readonly path: PathMatch;
  readonly method: string | null;
  readonly headers: readonly ValueMatch[];
  readonly query: readonly ValueMatch[];
  /** Position in the rule, from 0. */
  readonly position: number;
}

export interface BackendSource {
  readonly reference: Json;
  /** Above 0. */
  readonly weight: number;
  readonly chain: FilterChain;
}

/** What a rule says by itself: read once, however often the rest of the config changes. */
export interface RuleSource {
  readonly name: string | null;
  readonly matches: readonly MatchSource[];
  readonly chain: FilterChain;
  /** Those with a weight above 0; when there are none, requests are answered with 500. */
  readonly backends: readonly BackendSource[];
  readonly timing: Pick<ExchangePlan, 'requestTimeoutMs' | 'backendTimeoutMs' | 'retry'>;
}

/** By body, which parser and store share between configs. Holds nothing that they have let go. */
const sourcesByBody = new WeakMap<JsonObject, readonly RuleSource[]>();

/** The rules of an HTTPRoute of any shape. The body must not change afterwards. */
export function ruleSourcesOf(body: JsonObject): readonly RuleSource[] {
  const known = sourcesByBody.get(body);
  if (known !== undefined) return known;
  const sources = listAt(objectAt(body, 'spec'), 'rules').map(readRule);
  sourcesByBody.set(body, sources);
  return sources;
}

function readRule(rule: Json): RuleSource {
  const backends: BackendSource[] = [];
  for (const reference of listAt(rule, 'backendRefs')) {
    const weight = Math.max(0, Math.min(WEIGHT_MAX, integerAt(reference, 'weight') ?? 1));
    if (weight === 0) continue;
    backends.push({ reference, weight, chain: compileFilters(listAt(reference, 'filters')) });
  }
  return {
    name: stringAt(rule, 'name') ?? null,
    matches: readMatches(listAt(rule, 'matches')),
    chain: compileFilters(listAt(rule, 'filters')),
    backends,
    timing: {
      requestTimeoutMs: timeoutMs(rule, 'request'),
      backendTimeoutMs: timeoutMs(rule, 'backendRequest'),
      retry: retryPlanOf(rule),
    },
  };
}

function readMatches(matches: readonly Json[]): MatchSource[] {
  const sources: MatchSource[] = [];
  (matches.length === 0 ? [{}] : matches).forEach((match, position) => {
    const path = compilePath(objectAt(match, 'path'));
    const headers = compileValues(listAt(match, 'headers'), true);
    const query = compileValues(listAt(match, 'queryParams'), false);
    // A condition that cannot be understood is never met; leaving it out would match too much.
    if (path === null || headers === null || query === null) return;
    sources.push({ path, method: stringAt(match, 'method') ?? null, headers, query, position });
  });
  return sources;
}

function compilePath(path: Json | undefined): PathMatch | null {
  const value = stringAt(path, 'value') ?? '/';
  switch (stringAt(path, 'type') ?? 'PathPrefix') {
    case 'Exact':
      return { type: 'exact', value };
    case 'PathPrefix': {
      let end = value.length;
      while (end > 0 && value.charCodeAt(end - 1) === 0x2f) end -= 1;
      return { type: 'prefix', value: value.slice(0, end) };
    }
    case 'RegularExpression': {
      const compiled = compilePattern(value);
      return compiled.ok ? { type: 'pattern', value, pattern: compiled.value } : null;
    }
    default:
      return null;
  }
}

function compileValues(entries: readonly Json[], ignoreCase: boolean): ValueMatch[] | null {
  const values = new Map<string, ValueMatch>();
  for (const entry of entries) {
    const written = stringAt(entry, 'name');
    const value = stringAt(entry, 'value');
    if (written === undefined || value === undefined) return null;
    const name = ignoreCase ? written.toLowerCase() : written;
    // Of a repeated name only the first entry counts.
    if (values.has(name)) continue;
    const type = stringAt(entry, 'type') ?? 'Exact';
    if (type === 'Exact') values.set(name, { name, exact: value, pattern: null, source: value });
    else {
      const compiled = type === 'RegularExpression' ? compilePattern(value) : null;
      if (compiled === null || !compiled.ok) return null;
      values.set(name, { name, exact: null, pattern: compiled.value, source: value });
    }
  }
  return [...values.values()];
}
