import type { EditOp } from '../../../core/gateway/edit/edit-op.ts';
import {
  isJsonList,
  isJsonObject,
  type Json,
  type JsonObject,
  memberOf,
  pointerSteps,
  pointerTo,
} from '../../../core/gateway/json.ts';

const NO_OPS: readonly EditOp[] = [];

/** What stands at a pointer, or undefined. */
export function valueAt(body: Json, pointer: string): Json | undefined {
  let value: Json | undefined = body;
  for (const step of pointerSteps(pointer)) {
    if (isJsonList(value)) value = /^\d+$/.test(step) ? value[Number(step)] : undefined;
    else value = memberOf(value, step);
    if (value === undefined) return undefined;
  }
  return value;
}

export function listOf(body: Json, pointer: string): readonly Json[] {
  const value = valueAt(body, pointer);
  return isJsonList(value) ? value : [];
}

/** Sets, or with undefined removes; nothing when it is so already. */
export function setValue(
  body: Json,
  pointer: string,
  value: Json | undefined,
  options: { readonly prune?: boolean } = {},
): readonly EditOp[] {
  const present = valueAt(body, pointer);
  if (value === undefined) {
    if (present === undefined) return NO_OPS;
    return [{ op: 'remove', pointer, ...(options.prune === true ? { prune: true } : {}) }];
  }
  return present !== undefined && sameJson(present, value)
    ? NO_OPS
    : [{ op: 'set', pointer, value }];
}

/** Appends to a list, which is begun where there is none. */
export function addItem(body: Json, pointer: string, value: Json): readonly EditOp[] {
  const list = valueAt(body, pointer);
  return isJsonList(list) && list.length > 0
    ? [{ op: 'set', pointer: pointerTo(pointer, list.length), value }]
    : [{ op: 'set', pointer, value: [value] }];
}

/** Removes an item; the last of an optional list takes the list along. */
export function removeItem(
  body: Json,
  pointer: string,
  at: number,
  options: { readonly keepList?: boolean } = {},
): readonly EditOp[] {
  const length = listOf(body, pointer).length;
  if (at < 0 || at >= length) return NO_OPS;
  if (length === 1 && options.keepList !== true) return [{ op: 'remove', pointer, prune: true }];
  return [{ op: 'remove', pointer: pointerTo(pointer, at) }];
}

export function moveItem(body: Json, pointer: string, at: number, to: number): readonly EditOp[] {
  const length = listOf(body, pointer).length;
  if (at === to || at < 0 || to < 0 || at >= length || to >= length) return NO_OPS;
  return [{ op: 'move', pointer: pointerTo(pointer, at), to }];
}

/** A list of scalars after a person rewrote it: item by item, so that comments stay where they can. */
export function setScalars(
  body: Json,
  pointer: string,
  values: readonly Json[],
): readonly EditOp[] {
  const present = valueAt(body, pointer);
  if (values.length === 0) return setValue(body, pointer, undefined, { prune: true });
  if (!isJsonList(present) || present.length === 0) return setValue(body, pointer, [...values]);
  const ops: EditOp[] = [];
  for (const [at, value] of values.entries()) {
    const before = present[at];
    if (before !== undefined && sameJson(before, value)) continue;
    ops.push({ op: 'set', pointer: pointerTo(pointer, at), value });
  }
  for (let at = present.length - 1; at >= values.length; at -= 1) {
    ops.push({ op: 'remove', pointer: pointerTo(pointer, at) });
  }
  return ops;
}

/** A member of a map under another name, its value kept. */
export function renameMember(
  body: Json,
  pointer: string,
  from: string,
  to: string,
): readonly EditOp[] {
  const map = valueAt(body, pointer);
  const value = memberOf(map, from);
  if (from === to || value === undefined || memberOf(map, to) !== undefined) return NO_OPS;
  return [
    { op: 'remove', pointer: pointerTo(pointer, from) },
    { op: 'set', pointer: pointerTo(pointer, to), value },
  ];
}

/** What a person typed into a field for a whole number: the number, or the text as it stands. */
export function numberOrText(text: string): Json | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const value = Number(trimmed);
  return /^\d{1,15}$/.test(trimmed) && Number.isSafeInteger(value) ? value : trimmed;
}

/** Words between commas or line ends, without empty ones. */
export function splitScalars(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (isJsonList(a)) {
    return (
      isJsonList(b) && a.length === b.length && a.every((item, at) => sameJson(item, b[at] ?? null))
    );
  }
  return isJsonObject(a) && isJsonObject(b) && sameMembers(a, b);
}

function sameMembers(a: JsonObject, b: JsonObject): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => {
    const [left, right] = [memberOf(a, key), memberOf(b, key)];
    return left !== undefined && right !== undefined && sameJson(left, right);
  });
}
