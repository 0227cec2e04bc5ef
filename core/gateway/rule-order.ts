import { type Json, type JsonObject, listAt, objectAt, stringAt } from './json.ts';
import { compareConditions, type RankedCondition } from './precedence.ts';

/** Matches compared for one route; beyond these nothing is said. */
const MATCHES_MAX = 256;

interface Condition extends RankedCondition {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly query: readonly (readonly [name: string, value: string])[];
}

/**
 * What a rule of an HTTPRoute takes from rules that stand before it, by rule index: `Outranks rules
 * 1 and 2 for this path: exact beats prefix.` Rules that order alone explains are not in it, nor are
 * those with path patterns, of which it cannot be told what they have in common.
 */
export function outranksByRule(body: JsonObject): ReadonlyMap<number, string> {
  const rules = listAt(objectAt(body, 'spec'), 'rules').map(conditionsOf);
  const said = new Map<number, string>();
  if (rules.reduce((sum, rule) => sum + rule.length, 0) > MATCHES_MAX) return said;
  rules.forEach((own, at) => {
    const reasons = new Map<number, string>();
    for (let before = 0; before < at; before += 1) {
      const reason = reasonFor(own, rules[before] ?? []);
      if (reason !== null) reasons.set(before + 1, reason);
    }
    if (reasons.size > 0) said.set(at, inWords(reasons));
  });
  return said;
}

/** Why requests of the earlier rule go to this one; null when none do. */
function reasonFor(own: readonly Condition[], earlier: readonly Condition[]): string | null {
  for (const mine of own) {
    for (const theirs of earlier) {
      if (overlap(mine, theirs) && compareConditions(mine, theirs) < 0) return stepOf(mine, theirs);
    }
  }
  return null;
}

/** The step of `compareConditions` that decides. */
function stepOf(winner: Condition, loser: Condition): string {
  if (winner.path.type !== loser.path.type) return 'exact beats prefix';
  if (winner.path.value.length !== loser.path.value.length) return 'the longer prefix wins';
  if (winner.method !== null && loser.method === null) return 'a match with a method wins';
  if (winner.headers.length !== loser.headers.length) return 'more headers win';
  return 'more parameters win';
}

function inWords(reasons: ReadonlyMap<number, string>): string {
  const numbers = [...reasons.keys()];
  const last = numbers.at(-1) ?? 0;
  const words =
    numbers.length === 1 ? `rule ${last}` : `rules ${numbers.slice(0, -1).join(', ')} and ${last}`;
  const why = [...new Set(reasons.values())].join(', ');
  return `Outranks ${words} for requests that both match: ${why}.`;
}

/** Whether some request may fit both. */
function overlap(a: Condition, b: Condition): boolean {
  if (a.method !== null && b.method !== null && a.method !== b.method) return false;
  return (
    pathsMeet(a.path, b.path) && valuesMeet(a.headers, b.headers) && valuesMeet(a.query, b.query)
  );
}

function pathsMeet(a: RankedCondition['path'], b: RankedCondition['path']): boolean {
  if (a.type === 'exact')
    return b.type === 'exact' ? a.value === b.value : isBelow(a.value, b.value);
  return b.type === 'exact'
    ? isBelow(b.value, a.value)
    : isBelow(a.value, b.value) || isBelow(b.value, a.value);
}

function isBelow(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

function valuesMeet(a: Condition['headers'], b: Condition['headers']): boolean {
  const others = new Map(b);
  return a.every(([name, value]) => (others.get(name) ?? value) === value);
}

/** The matches that can be compared. A rule without any matches every path. */
function conditionsOf(rule: Json): Condition[] {
  const matches = listAt(rule, 'matches');
  return (matches.length === 0 ? [{}] : matches).flatMap((match) => {
    const condition = conditionOf(match);
    return condition === null ? [] : [condition];
  });
}

function conditionOf(match: Json): Condition | null {
  const path = objectAt(match, 'path');
  const type = stringAt(path, 'type') ?? 'PathPrefix';
  const value = stringAt(path, 'value') ?? '/';
  const headers = exactValues(listAt(match, 'headers'), true);
  const query = exactValues(listAt(match, 'queryParams'), false);
  if ((type !== 'Exact' && type !== 'PathPrefix') || headers === null || query === null)
    return null;
  const ranked = type === 'Exact' ? { type: 'exact' as const, value } : prefixOf(value);
  return { path: ranked, method: stringAt(match, 'method') ?? null, headers, query };
}

/** As the router keeps it: without the slashes at its end. */
function prefixOf(value: string): { readonly type: 'prefix'; readonly value: string } {
  let end = value.length;
  while (end > 0 && value.charCodeAt(end - 1) === 0x2f) end -= 1;
  return { type: 'prefix', value: value.slice(0, end) };
}

/** Null where one is a pattern: what it has in common with another cannot be told. */
function exactValues(entries: readonly Json[], ignoreCase: boolean): Condition['headers'] | null {
  const values = new Map<string, string>();
  for (const entry of entries) {
    const written = stringAt(entry, 'name') ?? '';
    const name = ignoreCase ? written.toLowerCase() : written;
    if (stringAt(entry, 'type') === 'RegularExpression') return null;
    if (!values.has(name)) values.set(name, stringAt(entry, 'value') ?? '');
  }
  return [...values];
}
