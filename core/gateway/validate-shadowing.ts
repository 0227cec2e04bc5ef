import type { ResourceKey } from '../config/ids.ts';
import { pointerTo } from './json.ts';
import { NEVER_CREATED } from './precedence.ts';
import { removeAt } from './problem-fix.ts';
import type { Find } from './reference-finding.ts';
import { conditionInWords, type RouteConditions } from './route-conditions.ts';

/** Matches compared in one text, counted once for each place: beyond these no rule is judged. */
export const SHADOW_ENTRIES_MAX = 500_000;

/** A route with the places where requests can reach it. */
export interface PlacedRoute {
  readonly conditions: RouteConditions;
  /** Listener and effective hostname, as one text each, without those that never get a request. */
  readonly places: readonly string[];
  readonly find: Find;
}

/** A match that no flag switches off: of all with the same condition in a place the first wins. */
interface Winner {
  readonly route: RouteConditions;
  readonly rule: number;
  readonly match: number;
}

/**
 * Warns of rules, and of single matches, that no request can reach, because in every place of their
 * route a match that asks for the same comes before them (SEMANTICS §4).
 *
 * Asking for the same is the only way: in one place, whatever asks for less is ranked lower by steps
 * 3 to 7, whatever asks for more leaves requests over, and so do narrower hostnames. Path patterns
 * are never judged, and a rule behind a flag shadows nothing.
 */
export function checkShadowing(routes: readonly PlacedRoute[]): void {
  const ordered = [...routes].sort(byPrecedence);
  const places = new Map<string, Map<string, Winner>>();
  let entries = 0;
  for (const { conditions, places: own } of ordered) {
    for (const rule of conditions.rules) entries += rule.matches.length * own.length;
    if (entries > SHADOW_ENTRIES_MAX) return;
  }
  for (const route of ordered) {
    const tables = route.places.map((place) => tableOf(places, place));
    if (tables.length > 0) placeRoute(route, tables);
  }
}

function byPrecedence({ conditions: a }: PlacedRoute, { conditions: b }: PlacedRoute): number {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  if (a.routeName === b.routeName) return 0;
  return a.routeName < b.routeName ? -1 : 1;
}

function tableOf(places: Map<string, Map<string, Winner>>, place: string): Map<string, Winner> {
  const held = places.get(place);
  if (held !== undefined) return held;
  const made = new Map<string, Winner>();
  places.set(place, made);
  return made;
}

/** Rules are placed in their order, so what is there already comes before. */
function placeRoute(
  { conditions: route, find }: PlacedRoute,
  tables: readonly Map<string, Winner>[],
): void {
  route.rules.forEach((rule, ruleIndex) => {
    const winners = rule.matches.map((condition, match) => {
      if (condition === null) return null;
      const winner = commonWinner(tables, condition);
      if (!rule.isGated) {
        for (const table of tables) {
          if (!table.has(condition)) table.set(condition, { route, rule: ruleIndex, match });
        }
      }
      return winner;
    });
    report(route, ruleIndex, winners, find);
  });
}

/** The match that wins in the first place, when there is one in each. */
function commonWinner(tables: readonly Map<string, Winner>[], condition: string): Winner | null {
  for (const table of tables) if (!table.has(condition)) return null;
  return tables[0]?.get(condition) ?? null;
}

function report(
  route: RouteConditions,
  rule: number,
  winners: readonly (Winner | null)[],
  find: Find,
): void {
  const pointer = pointerTo('/spec/rules', rule);
  const conditions = route.rules[rule]?.matches ?? [];
  const first = winners[0];
  const condition = conditions[0];
  if (first && condition && !winners.includes(null)) {
    const others = winners.some(
      (winner) => winner?.route !== first.route || winner.rule !== first.rule,
    );
    find({
      severity: 'warning',
      code: 'shadowed-rule',
      pointer,
      message: `No request can reach this rule: ${conditionInWords(condition)} go to ${placeOf(first, route.key)}, ${whyOf(first, route, rule)}${others ? ', and its other matches are taken likewise' : ''}. Change its matches or remove it.`,
      fix: route.rules.length > 1 ? removeAt(pointer, 'this rule') : undefined,
    });
    return;
  }
  winners.forEach((winner, match) => {
    const asked = conditions[match];
    if (winner === null || !asked) return;
    const at = pointerTo(`${pointer}/matches`, match);
    find({
      severity: 'warning',
      code: 'shadowed-match',
      pointer: at,
      message: `No request can reach this match: ${conditionInWords(asked)} go to ${placeOf(winner, route.key)}, ${whyOf(winner, route, rule)}. Change the match or remove it.`,
      fix: removeAt(at, 'this match'),
    });
  });
}

function placeOf({ route, rule }: Winner, from: ResourceKey): string {
  const number = `rule ${rule + 1}`;
  return route.key === from
    ? `${number} of this route`
    : `${number} of HTTPRoute ${route.routeName}`;
}

function whyOf(winner: Winner, loser: RouteConditions, rule: number): string {
  if (winner.route.key === loser.key) {
    return winner.rule === rule
      ? 'whose earlier match asks for the same'
      : 'which asks for the same and stands before it';
  }
  if (winner.route.createdAt !== loser.createdAt) {
    return loser.createdAt === NEVER_CREATED
      ? 'which asks for the same and has a creation time, as this route has not'
      : 'which asks for the same and is older';
  }
  return 'which asks for the same and comes first by name';
}
