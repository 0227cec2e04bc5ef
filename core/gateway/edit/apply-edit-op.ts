import { err, ok, type Result } from '../../lib/result.ts';
import {
  isJsonList,
  isJsonObject,
  type Json,
  type JsonObject,
  memberOf,
  pointerInWords,
  pointerSteps,
  pointerTo,
} from '../json.ts';
import type { EditError } from './edit-error.ts';
import type { EditOp } from './edit-op.ts';

/** The value that a document holds after a change, whatever its text looks like. */
export function applyEditOp(value: Json, op: EditOp): Result<Json, EditError> {
  const steps = pointerSteps(op.pointer);
  switch (op.op) {
    case 'set':
      return changed(value, steps, op.pointer, () => ok(op.value));
    case 'remove':
      return steps.length === 0 ? ok(null) : removed(value, op);
    case 'insert':
      return inList(value, steps, op.pointer, (items, index) =>
        index > items.length ? undefined : items.toSpliced(index, 0, op.value),
      );
    case 'move':
      return inList(value, steps, op.pointer, (items, index) => {
        const item = items[index];
        if (item === undefined || !isIndex(op.to) || op.to >= items.length) return undefined;
        return items.toSpliced(index, 1).toSpliced(op.to, 0, item);
      });
  }
}

/** The step as a place in a list; null when it is none. */
export function indexOf(step: string | undefined): number | null {
  return step !== undefined && /^(0|[1-9][0-9]{0,8})$/.test(step) ? Number(step) : null;
}

function isIndex(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** What stands at the steps; undefined when nothing does. */
export function jsonAt(value: Json, steps: readonly string[]): Json | undefined {
  let at: Json | undefined = value;
  for (const step of steps) {
    const index: number | null = indexOf(step);
    if (isJsonList(at)) at = index === null ? undefined : at[index];
    else at = memberOf(at, step);
  }
  return at;
}

type Change = (old: Json | undefined) => Result<Json, EditError>;

/** Null counts as absent: the objects that lead to the place are made there. */
function changed(
  value: Json | undefined,
  steps: readonly string[],
  pointer: string,
  change: Change,
): Result<Json, EditError> {
  const [step, ...rest] = steps;
  if (step === undefined) return change(value);
  const index = indexOf(step);
  if (isJsonList(value) || ((value === undefined || value === null) && step === '0')) {
    const items = isJsonList(value) ? value : [];
    if (index === null || index > items.length) return err(noPlace(pointer));
    const member = changed(items[index], rest, pointer, change);
    return member.ok ? ok(items.toSpliced(index, 1, member.value)) : member;
  }
  if (value !== undefined && value !== null && !isJsonObject(value)) return err(noPlace(pointer));
  const member = changed(memberOf(value, step), rest, pointer, change);
  return member.ok ? ok(withMember(value ?? {}, step, member.value)) : member;
}

/** Defined, not assigned: the key may be one that objects treat in their own way. */
function withMember(owner: JsonObject, key: string, value: Json): JsonObject {
  return Object.fromEntries([...Object.entries(owner), [key, value]]);
}

function inList(
  value: Json,
  steps: readonly string[],
  pointer: string,
  change: (items: readonly Json[], index: number) => readonly Json[] | undefined,
): Result<Json, EditError> {
  const index = indexOf(steps.at(-1));
  if (index === null) return err(noPlace(pointer));
  return changed(value, steps.slice(0, -1), pointer, (old) => {
    const items = old ?? [];
    const after = isJsonList(items) ? change(items, index) : undefined;
    return after === undefined ? err(noPlace(pointer)) : ok(after);
  });
}

/** What is not there needs no removal; an item of a list must be there. */
function removed(
  value: Json,
  op: { readonly pointer: string; readonly prune?: boolean },
): Result<Json, EditError> {
  const pointer = effectiveRemoval(value, op);
  const steps = pointerSteps(pointer);
  const step = steps.at(-1) ?? '';
  const owner = steps.slice(0, -1);
  const old = jsonAt(value, owner);
  if (isJsonList(old)) {
    const index = indexOf(step);
    if (index === null || index >= old.length) return err(noPlace(pointer));
    return changed(value, owner, pointer, () => ok(old.toSpliced(index, 1)));
  }
  if (!isJsonObject(old) || !Object.hasOwn(old, step)) return ok(value);
  const left = Object.fromEntries(Object.entries(old).filter(([key]) => key !== step));
  return changed(value, owner, pointer, () => ok(left));
}

/** What goes as a whole: with `prune`, the outermost that would be left empty. */
export function effectiveRemoval(
  value: Json,
  op: { readonly pointer: string; readonly prune?: boolean },
): string {
  const steps = pointerSteps(op.pointer);
  if (op.prune === true && jsonAt(value, steps) !== undefined) {
    while (steps.length > 1 && isOnlyOne(jsonAt(value, steps.slice(0, -1)))) steps.pop();
  }
  return steps.reduce((pointer, step) => pointerTo(pointer, step), '');
}

function isOnlyOne(value: Json | undefined): boolean {
  if (isJsonList(value)) return value.length === 1;
  return isJsonObject(value) && Object.keys(value).length === 1;
}

function noPlace(pointer: string): EditError {
  return {
    reason: 'no-such-place',
    message: `There is no place ${pointerInWords(pointer)} in this document; it may have changed meanwhile.`,
  };
}
