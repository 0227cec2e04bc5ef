import { isSameJson } from '../../core/gateway/edit/json-equal.ts';
import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../core/gateway/json.ts';

/** What two sides made of one value. */
export interface MergedJson {
  /** Undefined where it is gone. Where the sides clash, theirs. */
  readonly value: Json | undefined;
  /**
   * Places that both sides changed, and not alike: `spec.rules[pay].timeouts.request`. An item is
   * named by its name, or by its place from 1 on.
   */
  readonly clashes: readonly string[];
}

/**
 * A three-way merge. Members of objects are merged each for itself; items of lists by their names
 * where all have one, else by their place while no side moved or counted them anew.
 */
export function mergeJson(base: Json, theirs: Json, mine: Json): MergedJson {
  const clashes: string[] = [];
  const value = mergeValue(clashes, '', { base, theirs, mine });
  return { value, clashes };
}

interface Three<Value> {
  readonly base: Value;
  readonly theirs: Value;
  readonly mine: Value;
}

function mergeValue(
  clashes: string[],
  place: string,
  { base, theirs, mine }: Three<Json | undefined>,
): Json | undefined {
  if (isSameJson(theirs, mine) || isSameJson(base, mine)) return theirs;
  if (isSameJson(base, theirs)) return mine;
  if (isJsonObject(base) && isJsonObject(theirs) && isJsonObject(mine)) {
    return mergeObjects(clashes, place, { base, theirs, mine });
  }
  if (isJsonList(base) && isJsonList(theirs) && isJsonList(mine)) {
    return mergeLists(clashes, place, { base, theirs, mine });
  }
  clashes.push(place);
  return theirs;
}

function mergeObjects(clashes: string[], place: string, three: Three<JsonObject>): JsonObject {
  const { base, theirs, mine } = three;
  const merged: [string, Json][] = [];
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const value = mergeValue(clashes, place === '' ? key : `${place}.${key}`, {
      base: own(base, key),
      theirs: own(theirs, key),
      mine: own(mine, key),
    });
    if (value !== undefined) merged.push([key, value]);
  }
  // Unlike assignment, this makes `__proto__` a member like any other.
  return Object.fromEntries(merged);
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

type List = readonly Json[];

function mergeLists(clashes: string[], place: string, three: Three<List>): List {
  const base = byName(three.base);
  const theirs = byName(three.theirs);
  const mine = byName(three.mine);
  if (base !== null && theirs !== null && mine !== null) {
    return mergeNamed(clashes, place, { base, theirs, mine });
  }
  return mergePlaces(clashes, place, three);
}

type Named = ReadonlyMap<string, Json>;

/** Null unless every item has a name of its own. */
function byName(items: List): Named | null {
  const named = new Map<string, Json>();
  for (const item of items) {
    const name = isJsonObject(item) ? own(item, 'name') : undefined;
    if (typeof name !== 'string' || named.has(name)) return null;
    named.set(name, item);
  }
  return named;
}

function mergeNamed(clashes: string[], place: string, three: Three<Named>): List {
  const { base, theirs, mine } = three;
  const order = mergedOrder(three);
  if (order === null) clashes.push(place);
  const merged: Json[] = [];
  for (const name of order ?? theirs.keys()) {
    const value = mergeValue(clashes, `${place}[${name}]`, {
      base: base.get(name),
      theirs: theirs.get(name),
      mine: mine.get(name),
    });
    if (value !== undefined) merged.push(value);
  }
  return merged;
}

/** The order of the side that moved items, with the other's new ones behind their predecessors. */
function mergedOrder({ base, theirs, mine }: Three<Named>): string[] | null {
  const theyMoved = !isSameOrder(base, theirs);
  const isMoved = !isSameOrder(base, mine);
  if (theyMoved && isMoved && !isSameOrder(theirs, mine)) return null;
  const [first, second] = isMoved && !theyMoved ? [mine, theirs] : [theirs, mine];
  const order = [...first.keys()];
  let previous: string | null = null;
  for (const name of second.keys()) {
    if (!first.has(name)) {
      const at = previous === null ? -1 : order.indexOf(previous);
      order.splice(at + 1, 0, name);
    }
    previous = name;
  }
  return order;
}

/** Of the names that both have. */
function isSameOrder(a: Named, b: Named): boolean {
  const left = [...a.keys()].filter((name) => b.has(name));
  const right = [...b.keys()].filter((name) => a.has(name));
  return left.every((name, at) => name === right[at]);
}

/** Items without names are one and the same only while every side has them where they were. */
function mergePlaces(clashes: string[], place: string, three: Three<List>): List {
  const { base, theirs, mine } = three;
  const isInPlace = [theirs, mine].every((side) => keepsPlaces(base, side));
  const merged: Json[] = [];
  for (let at = 0; at < Math.max(theirs.length, mine.length); at += 1) {
    const item = { base: base[at], theirs: theirs[at], mine: mine[at] };
    const value = isInPlace
      ? mergeValue(clashes, `${place}[${at + 1}]`, item)
      : mergeWhole(clashes, `${place}[${at + 1}]`, item);
    if (value !== undefined) merged.push(value);
  }
  return merged;
}

function keepsPlaces(base: List, side: List): boolean {
  if (base.length !== side.length) return false;
  return side.every(
    (item, at) => isSameJson(item, base[at]) || !base.some((other) => isSameJson(other, item)),
  );
}

function mergeWhole(
  clashes: string[],
  place: string,
  { base, theirs, mine }: Three<Json | undefined>,
): Json | undefined {
  if (isSameJson(theirs, mine) || isSameJson(base, mine)) return theirs;
  if (isSameJson(base, theirs)) return mine;
  clashes.push(place);
  return theirs;
}
