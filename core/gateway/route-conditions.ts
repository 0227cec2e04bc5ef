import type { ResourceKey } from '../config/ids.ts';
import { type Json, listAt, objectAt, stringAt } from './json.ts';
import { HOLDFAST_GROUP } from './kinds.ts';
import { creationInstantMs } from './precedence.ts';
import type { IndexedRoute } from './resource-index.ts';

/** What a route's rules ask of requests, in a form that can be compared. */
export interface RouteConditions {
  readonly key: ResourceKey;
  /** Milliseconds since 1970; ties of precedence go to the oldest. */
  readonly createdAt: number;
  /** `namespace/name`; further ties go to the first of these. */
  readonly routeName: string;
  readonly rules: readonly RuleConditions[];
}

export interface RuleConditions {
  /** A rule that a flag may switch off shadows nothing. */
  readonly isGated: boolean;
  /**
   * One text per match, the same for two matches exactly when the same requests fit them and
   * precedence ranks them alike but for age, name and order. Null where that cannot be told: path
   * patterns, and conditions that are malformed.
   */
  readonly matches: readonly (string | null)[];
}

export function conditionsOf(route: IndexedRoute): RouteConditions {
  const created = stringAt(objectAt(route.body, 'metadata'), 'creationTimestamp');
  return {
    key: route.key,
    createdAt: creationInstantMs(created),
    routeName: `${route.namespace}/${route.name}`,
    rules: listAt(objectAt(route.body, 'spec'), 'rules').map(conditionsOfRule),
  };
}

function conditionsOfRule(rule: Json): RuleConditions {
  const matches = listAt(rule, 'matches');
  return {
    isGated: listAt(rule, 'filters').some(isFlag),
    matches: (matches.length === 0 ? [{}] : matches).map(conditionOf),
  };
}

function isFlag(filter: Json): boolean {
  const reference = objectAt(filter, 'extensionRef');
  return stringAt(reference, 'group') === HOLDFAST_GROUP;
}

/** As the router reads a match: defaults filled in, names folded, order of no account. */
function conditionOf(match: Json): string | null {
  const path = objectAt(match, 'path');
  const type = stringAt(path, 'type') ?? 'PathPrefix';
  if (type !== 'Exact' && type !== 'PathPrefix') return null;
  const headers = valuesOf(listAt(match, 'headers'), true);
  const query = valuesOf(listAt(match, 'queryParams'), false);
  if (headers === null || query === null) return null;
  const value = pathOf(type, stringAt(path, 'value') ?? '/');
  return JSON.stringify([type, value, stringAt(match, 'method') ?? null, headers, query]);
}

function pathOf(type: string, value: string): string {
  if (type === 'Exact') return value;
  let end = value.length;
  while (end > 0 && value.charCodeAt(end - 1) === 0x2f) end -= 1;
  return value.slice(0, end);
}

function valuesOf(entries: readonly Json[], ignoreCase: boolean): readonly string[][] | null {
  const values = new Map<string, string[]>();
  for (const entry of entries) {
    const written = stringAt(entry, 'name');
    const value = stringAt(entry, 'value');
    if (written === undefined || value === undefined) return null;
    const name = ignoreCase ? written.toLowerCase() : written;
    // Of a repeated name only the first entry counts.
    if (!values.has(name)) values.set(name, [name, stringAt(entry, 'type') ?? 'Exact', value]);
  }
  return [...values.values()].sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
}

/** `requests to /checkout and below with method GET`: what a condition asks, for a sentence. */
export function conditionInWords(condition: string): string {
  const [type, value, method, headers, query] = JSON.parse(condition) as [
    string,
    string,
    string | null,
    string[][],
    string[][],
  ];
  const path =
    type === 'Exact' ? `exactly ${value}` : value === '' ? 'any path' : `${value} and below`;
  const extras = [
    ...(method === null ? [] : [`method ${method}`]),
    ...headers.map(([name]) => `header ${name}`),
    ...query.map(([name]) => `parameter ${name}`),
  ];
  const more = extras.length > 3 ? [...extras.slice(0, 3), '…'] : extras;
  const words = `requests to ${path}${more.length === 0 ? '' : ` with ${more.join(', ')}`}`;
  return words.length <= 240 ? words : `${words.slice(0, 239)}…`;
}
