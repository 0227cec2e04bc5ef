import type { EditOp } from './edit/edit-op.ts';
import { type Json, listAt, objectAt, pointerTo, stringAt } from './json.ts';
import type { Report } from './shape.ts';

/** Matches that a fix adds to one rule; with more paths than that a person had better decide. */
const MATCHES_ADDED_MAX = 8;

/**
 * Warns of rules whose CORS filter never sees a preflight. A browser asks with OPTIONS first, and an
 * OPTIONS request is routed like any other: where all matches ask for another method it goes elsewhere,
 * mostly to 404, and the request itself is never made. A rule of the same route with a CORS filter that
 * takes OPTIONS for the same path answers in its stead.
 */
export function checkPreflights(rules: readonly Json[], report: Report): void {
  const answered = new Set<string>();
  for (const rule of rules) {
    if (corsFilterOf(rule) < 0) continue;
    for (const match of matchesOf(rule)) if (takesOptions(match)) answered.add(pathOf(match));
  }
  rules.forEach((rule, index) => {
    const filter = corsFilterOf(rule);
    const matches = matchesOf(rule);
    if (filter < 0 || matches.some(takesOptions)) return;
    if (matches.every((match) => answered.has(pathOf(match)))) return;
    const pointer = pointerTo('/spec/rules', index);
    report(
      'warning',
      'preflight-not-matched',
      pointerTo(`${pointer}/filters`, filter),
      'Browsers ask with OPTIONS before they send such requests, and no match of this rule takes OPTIONS, so its CORS filter never answers them; add a match of the same path with method OPTIONS, or leave the method out of one.',
      () => {
        const ops = matchesToAdd(matches, pointer);
        if (ops === null) return undefined;
        const what = ops.length === 1 ? 'a match' : 'matches';
        return { title: `Add ${what} for OPTIONS`, ops, addDocument: null };
      },
    );
  });
}

/** The position of a rule's CORS filter; -1 when it has none. */
function corsFilterOf(rule: Json): number {
  return listAt(rule, 'filters').findIndex((filter) => stringAt(filter, 'type') === 'CORS');
}

/** A rule without matches takes everything, which one empty match says as well. */
function matchesOf(rule: Json): readonly Json[] {
  const matches = listAt(rule, 'matches');
  return matches.length === 0 ? [{}] : matches;
}

function takesOptions(match: Json): boolean {
  const method = stringAt(match, 'method');
  return method === undefined || method === 'OPTIONS';
}

function pathOf(match: Json): string {
  return JSON.stringify(pathMatchOf(match));
}

/** With what the API fills in. */
function pathMatchOf(match: Json): { readonly type: string; readonly value: string } {
  const path = objectAt(match, 'path');
  const type = stringAt(path, 'type') ?? 'PathPrefix';
  return { type, value: stringAt(path, 'value') ?? '/' };
}

/** One for each path. A preflight carries neither the headers of the request nor its credentials. */
function matchesToAdd(matches: readonly Json[], pointer: string): readonly EditOp[] | null {
  const byPath = new Map(matches.map((match) => [pathOf(match), pathMatchOf(match)]));
  if (byPath.size > MATCHES_ADDED_MAX) return null;
  return [...byPath.values()].map((path, index) => ({
    op: 'set',
    pointer: pointerTo(`${pointer}/matches`, matches.length + index),
    value: { path, method: 'OPTIONS' },
  }));
}
