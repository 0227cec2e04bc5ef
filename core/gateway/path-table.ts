import type { ResourceKey } from '../config/ids.ts';
import type { ExchangePlan } from './exchange-plan.ts';
import type { FilterChain } from './filters.ts';
import type { Pattern } from './patterns.ts';
import type { AttachedPolicies, FlagPlan } from './policy/policy-plan.ts';
import { compareMatches } from './precedence.ts';
import type { RequestView } from './request-view.ts';

/** Header or query parameter that a match asks for: an exact value, or a pattern. */
export interface ValueMatch {
  /** Header names in lower case. */
  readonly name: string;
  readonly exact: string | null;
  readonly pattern: Pattern | null;
  /** As it is written. */
  readonly source: string;
}

export type PathMatch =
  | { readonly type: 'exact'; readonly value: string }
  /** Without trailing slash; empty for `/`. */
  | { readonly type: 'prefix'; readonly value: string }
  | { readonly type: 'pattern'; readonly value: string; readonly pattern: Pattern };

export interface CompiledBackend {
  /** `namespace/name`. */
  readonly name: string;
  readonly port: number | null;
  /** Draws below this and not below the one before go here. */
  readonly weightUpTo: number;
  readonly failure: 'invalid-backend' | 'no-endpoints' | null;
  readonly chain: FilterChain;
  readonly plan: ExchangePlan;
}

/** A flag that a rule depends on. */
export interface FlagGate {
  readonly flag: FlagPlan;
  /** Mixed into the request's draw, so that flags and weights are drawn independently. */
  readonly salt: number;
}

export interface CompiledRule {
  readonly route: ResourceKey;
  /** Position in the route, from 0. */
  readonly rule: number;
  readonly name: string | null;
  readonly chain: FilterChain;
  /** Holds a filter that cannot be carried out, or refers to what is not there. */
  readonly isBroken: boolean;
  /** All have to be on, or the rule is passed over. */
  readonly gates: readonly FlagGate[];
  /** Those with a weight above 0. */
  readonly backends: readonly CompiledBackend[];
  readonly weightTotal: number;
  /** Of the rule, for what the gateway answers before a backend is chosen. */
  readonly plan: ExchangePlan;
  /** In force here: the rule's or route's, else the listener's or Gateway's; each kind by itself. */
  readonly policies: AttachedPolicies;
}

/** One match of a rule, with what precedence asks of it. */
export interface CompiledMatch {
  readonly path: PathMatch;
  readonly method: string | null;
  readonly headers: readonly ValueMatch[];
  readonly query: readonly ValueMatch[];
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** `namespace/name` of the route. */
  readonly routeName: string;
  /** Position in the rule, from 0. */
  readonly position: number;
  readonly target: CompiledRule;
}

/**
 * The matches of one hostname on one listener. Exact paths and prefixes are looked up by hash, so
 * that the cost of a request does not grow with the number of routes.
 */
export class PathTable {
  readonly #exact = new Map<string, CompiledMatch[]>();
  readonly #prefix = new Map<string, CompiledMatch[]>();
  readonly #patterns: CompiledMatch[] = [];
  #root: readonly CompiledMatch[] | undefined;
  #prefixCharsMax = 0;
  /** In order of precedence. */
  readonly matches: readonly CompiledMatch[];

  constructor(matches: readonly CompiledMatch[]) {
    this.matches = [...matches].sort(compareMatches);
    for (const match of this.matches) {
      const { type, value } = match.path;
      if (type === 'pattern') this.#patterns.push(match);
      else if (type === 'exact') append(this.#exact, value, match);
      else {
        append(this.#prefix, value, match);
        this.#prefixCharsMax = Math.max(this.#prefixCharsMax, value.length);
      }
    }
    this.#root = this.#prefix.get('');
  }

  /** The match with the highest precedence, or undefined. */
  find(request: RequestView): CompiledMatch | undefined {
    const path = request.path;
    const exact = this.#exact.get(path);
    if (exact !== undefined) {
      const found = firstFitting(exact, request);
      if (found !== undefined) return found;
    }
    for (const match of this.#patterns) {
      if (match.path.type !== 'pattern' || !match.path.pattern.matches(path)) continue;
      if (fits(match, request)) return match;
    }
    return this.#findPrefix(path, request);
  }

  /** Tries the prefixes of the path that end at an element, longest first. */
  #findPrefix(path: string, request: RequestView): CompiledMatch | undefined {
    if (path.charCodeAt(0) !== 0x2f) return undefined;
    const max = this.#prefixCharsMax;
    let end = path.length <= max ? path.length : path.lastIndexOf('/', max);
    while (end > 0) {
      const matches = this.#prefix.get(path.slice(0, end));
      if (matches !== undefined) {
        const found = firstFitting(matches, request);
        if (found !== undefined) return found;
      }
      end = path.lastIndexOf('/', end - 1);
    }
    return this.#root === undefined ? undefined : firstFitting(this.#root, request);
  }
}

function append(table: Map<string, CompiledMatch[]>, key: string, match: CompiledMatch): void {
  const held = table.get(key);
  if (held === undefined) table.set(key, [match]);
  else held.push(match);
}

function firstFitting(
  matches: readonly CompiledMatch[],
  request: RequestView,
): CompiledMatch | undefined {
  for (let i = 0; i < matches.length; i += 1) {
    const match = matches[i];
    if (match !== undefined && fits(match, request)) return match;
  }
  return undefined;
}

/** Everything but the path. */
function fits(match: CompiledMatch, request: RequestView): boolean {
  if (match.method !== null && match.method !== request.method) return false;
  const { headers, query } = match;
  for (let i = 0; i < headers.length; i += 1) {
    const wanted = headers[i];
    if (wanted !== undefined && !fitsValue(wanted, request.header(wanted.name))) return false;
  }
  for (let i = 0; i < query.length; i += 1) {
    const wanted = query[i];
    if (wanted !== undefined && !fitsValue(wanted, request.parameter(wanted.name))) return false;
  }
  const { gates } = match.target;
  return gates.length === 0 || gates.every((gate) => request.isOn(gate));
}

/** Whether a header or parameter has the value that a match asks for. */
export function fitsValue(wanted: ValueMatch, value: string | undefined): boolean {
  if (value === undefined) return false;
  return wanted.pattern === null ? value === wanted.exact : wanted.pattern.matches(value);
}

/** Whether the path alone fits; what the table finds by hash, tested on one match. */
export function fitsPath(wanted: PathMatch, path: string): boolean {
  if (wanted.type === 'exact') return path === wanted.value;
  if (wanted.type === 'pattern') return wanted.pattern.matches(path);
  if (path.charCodeAt(0) !== 0x2f || !path.startsWith(wanted.value)) return false;
  return path.length === wanted.value.length || path.charCodeAt(wanted.value.length) === 0x2f;
}
