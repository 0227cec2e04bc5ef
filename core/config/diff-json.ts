import type { Json, JsonObject } from '../gateway/json.ts';
import { canonicalJson, isJsonArray, isJsonObject } from './canonical.ts';
import { compareCodeUnits } from './compare-code-units.ts';

/** One value that differs. `before` is null where it was added, `after` where it was removed. */
export interface FieldChange {
  /**
   * JSON pointer. Array items are named by their place in the new array, removed ones by their place
   * in the old.
   */
  readonly pointer: string;
  /** Canonical JSON, cut to `FIELD_VALUE_CHARS_MAX`. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Characters of a value shown in a diff; longer ones end in `…`. */
export const FIELD_VALUE_CHARS_MAX = 400;

/**
 * Differences between two values, for people, at most `fieldsMax`. Array items are matched by `name`
 * where all have one, otherwise by content, so that one inserted item is one change.
 */
export function diffJson(before: Json, after: Json, fieldsMax: number): FieldChange[] {
  const out: FieldChange[] = [];
  diffValue({ out, fieldsMax }, '', before, after);
  return out;
}

interface Sink {
  readonly out: FieldChange[];
  readonly fieldsMax: number;
}

function report(
  sink: Sink,
  pointer: string,
  before: Json | undefined,
  after: Json | undefined,
): void {
  if (isFull(sink)) return;
  sink.out.push({ pointer, before: shown(before), after: shown(after) });
}

function isFull(sink: Sink): boolean {
  return sink.out.length >= sink.fieldsMax;
}

function shown(value: Json | undefined): string | null {
  if (value === undefined) return null;
  const text = canonicalJson(value);
  return text.length <= FIELD_VALUE_CHARS_MAX ? text : `${text.slice(0, FIELD_VALUE_CHARS_MAX)}…`;
}

function diffValue(
  sink: Sink,
  pointer: string,
  before: Json | undefined,
  after: Json | undefined,
): void {
  if (before === after || isFull(sink)) return;
  if (isJsonObject(before) && isJsonObject(after)) {
    diffObjects(sink, pointer, before, after);
  } else if (isArray(before) && isArray(after)) {
    diffArrays(sink, pointer, before, after);
  } else if (before === undefined || after === undefined || !isEqual(before, after)) {
    report(sink, pointer, before, after);
  }
}

function diffObjects(sink: Sink, pointer: string, before: JsonObject, after: JsonObject): void {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const key of [...keys].sort(compareCodeUnits)) {
    const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    diffValue(sink, at, own(before, key), own(after, key));
  }
}

/** `toString` and the like are no fields of a body. */
function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function diffArrays(
  sink: Sink,
  pointer: string,
  before: readonly Json[],
  after: readonly Json[],
): void {
  const namesBefore = distinctNames(before);
  const namesAfter = distinctNames(after);
  if (namesBefore !== null && namesAfter !== null) {
    diffNamed(sink, pointer, namesBefore, namesAfter);
  } else {
    diffByContent(sink, pointer, before, after);
  }
}

type Named = ReadonlyMap<string, { readonly index: number; readonly item: Json }>;

function diffNamed(sink: Sink, pointer: string, before: Named, after: Named): void {
  for (const [name, { index, item }] of before) {
    if (!after.has(name)) report(sink, `${pointer}/${index}`, item, undefined);
  }
  for (const [name, { index, item }] of after) {
    diffValue(sink, `${pointer}/${index}`, before.get(name)?.item, item);
  }
  const orderBefore = [...before.keys()].filter((name) => after.has(name));
  const orderAfter = [...after.keys()].filter((name) => before.has(name));
  // Order can decide which item wins, so a change of order alone must show.
  if (!isEqual(orderBefore, orderAfter)) report(sink, pointer, orderBefore, orderAfter);
}

function diffByContent(
  sink: Sink,
  pointer: string,
  before: readonly Json[],
  after: readonly Json[],
): void {
  const textsBefore = before.map(canonicalJson);
  const textsAfter = after.map(canonicalJson);
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && textsBefore[start] === textsAfter[start]) start += 1;
  let beforeEnd = before.length;
  let afterEnd = after.length;
  while (
    beforeEnd > start &&
    afterEnd > start &&
    textsBefore[beforeEnd - 1] === textsAfter[afterEnd - 1]
  ) {
    beforeEnd -= 1;
    afterEnd -= 1;
  }
  for (let i = start; i < Math.max(beforeEnd, afterEnd); i += 1) {
    const old = i < beforeEnd ? before[i] : undefined;
    diffValue(sink, `${pointer}/${i}`, old, i < afterEnd ? after[i] : undefined);
  }
}

/** Items by name when every item is an object with a name of its own; null otherwise. */
function distinctNames(items: readonly Json[]): Named | null {
  const byName = new Map<string, { index: number; item: Json }>();
  for (const [index, item] of items.entries()) {
    if (!isJsonObject(item) || typeof item.name !== 'string' || byName.has(item.name)) return null;
    byName.set(item.name, { index, item });
  }
  return byName.size > 0 ? byName : null;
}

function isEqual(a: Json, b: Json): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function isArray(value: Json | undefined): value is readonly Json[] {
  return value !== undefined && isJsonArray(value);
}
