import { err, ok, type Result } from '../../lib/result.ts';
import { isJsonList, isJsonObject, type Json, pointerInWords, pointerSteps } from '../json.ts';
import { readYaml, YAML_DEPTH_MAX } from '../read-yaml.ts';
import { applyEditOp, effectiveRemoval, indexOf, jsonAt } from './apply-edit-op.ts';
import { moveBlockItem, removeBlockItem } from './edit-block.ts';
import type { EditError } from './edit-error.ts';
import { moveFlowItem, removeFlowItem } from './edit-flow.ts';
import type { EditOp, TextEdit } from './edit-op.ts';
import { isSameJson } from './json-equal.ts';
import { editsTowards, insertItem } from './reconcile.ts';
import { applyTextEdits, EditedText } from './text-edits.ts';
import { type Layout, layoutOf, readLayout, type YamlLayout } from './yaml-layout.ts';

/** Operations of one call. */
export const EDIT_OPS_MAX = 1_000;
/** Characters that one call may read, again and again after each change of structure. */
const READ_CHARS_MAX = 48 * 1024 * 1024;

/**
 * The changes of a document's text that make the operations true of its data, one after the other.
 * Ascending, not overlapping, and as small as they come: comments, order, quotes, indentation and
 * line ends outside of what is touched stay byte for byte. A change that would show in two places,
 * through an anchor or a merge key, is refused. Never throws.
 */
export function editDocument(
  source: string,
  ops: readonly EditOp[],
): Result<readonly TextEdit[], EditError> {
  if (ops.length > EDIT_OPS_MAX) return err(tooMany());
  try {
    return editOrThrow(source, ops);
  } catch (error) {
    // The parser recurses; a hostile document may exhaust the stack in more places than it guards.
    const detail = error instanceof Error ? error.message.slice(0, 200) : 'unknown failure';
    return err({ reason: 'unreadable', message: `This document cannot be read: ${detail}.` });
  }
}

function editOrThrow(
  source: string,
  ops: readonly EditOp[],
): Result<readonly TextEdit[], EditError> {
  const first = readYaml(source).value;
  if (first === undefined) return err(unreadable());
  const edited = new EditedText(source);
  const budget = { chars: READ_CHARS_MAX };
  let value: Json = first;
  for (const op of ops) {
    const after = applyEditOp(value, op);
    if (!after.ok) return after;
    if (!isSameJson(value, after.value)) {
      if (!isKept(after.value, 0)) return err(badValue(op));
      const batches = batchesFor(edited.text, op, value, after.value, budget);
      if (!batches.ok) return batches;
      for (const batch of batches.value) edited.apply(batch);
    }
    value = after.value;
  }
  return ok(edited.edits());
}

type Batches = readonly (readonly TextEdit[])[];

/** The operation's own way first; where that does not lead to the value, by comparing. */
function batchesFor(
  text: string,
  op: EditOp,
  before: Json,
  after: Json,
  budget: { chars: number },
): Result<Batches, EditError> {
  budget.chars -= text.length;
  let layout = readLayout(text);
  const own = inList(layout, op, before);
  if (own !== null && own.length > 0) {
    const edited = applyTextEdits(text, own);
    if (isSameJson(readYaml(edited).value, after)) return ok([own]);
  }
  const batches: (readonly TextEdit[])[] = [];
  let current = text;
  let value: Json | undefined = before;
  while (value !== undefined && !isSameJson(value, after)) {
    budget.chars -= current.length;
    if (budget.chars < 0) return err(tooMany());
    if (layout.text !== current) layout = readLayout(current);
    const edits = editsTowards(layout, value, after);
    if (edits === null || edits.length === 0) return err(notEditable(text, op));
    const edited = applyTextEdits(current, edits);
    if (edited === current) return err(notEditable(text, op));
    batches.push(edits);
    current = edited;
    const reached = readYaml(current).value;
    if (reached === undefined || !isNearer(value, reached, after)) {
      return err(notEditable(text, op));
    }
    value = reached;
  }
  return ok(batches);
}

/** Whether a step leads to the end: each must leave fewer differences, or it could go on for ever. */
function isNearer(before: Json, reached: Json, after: Json): boolean {
  return distance(reached, after) < distance(before, after);
}

/** How many values differ, counted the way that the steps are made. */
function distance(a: Json | undefined, b: Json | undefined): number {
  if (isSameJson(a, b)) return 0;
  if (isJsonList(a) && isJsonList(b) && a.length > 0 && b.length > 0) {
    const most = Math.min(a.length, b.length);
    let head = 0;
    while (head < most && isSameJson(a[head], b[head])) head += 1;
    let tail = 0;
    while (tail < most - head && isSameJson(a.at(-1 - tail), b.at(-1 - tail))) tail += 1;
    let sum = Math.abs(a.length - b.length) * 1_000_000;
    for (let at = head; at < most - tail; at += 1) sum += distance(a[at], b[at]);
    return sum;
  }
  if (isJsonObject(a) && isJsonObject(b)) {
    let sum = 0;
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      sum += distance(a[key], b[key]);
    }
    return Math.max(1, sum);
  }
  return 1;
}

/** Edits of a list that is written as one; null for everything that comparing does as well. */
function inList(layout: YamlLayout, op: EditOp, value: Json): readonly TextEdit[] | null {
  if (op.op === 'set') return null;
  const pointer = op.op === 'remove' ? effectiveRemoval(value, op) : op.pointer;
  const steps = pointerSteps(pointer);
  const at = indexOf(steps.at(-1));
  const owner = steps.slice(0, -1);
  const list = layoutAt(layout, owner);
  if (at === null || list === null || list.kind !== 'list') return null;
  const items = jsonAt(value, owner);
  if (!isJsonList(items) || items.length !== list.items.length || items.length === 0) return null;
  if (op.op === 'insert') return insertItem(layout, list, at, op.value);
  if (op.op === 'move') {
    return list.isFlow
      ? moveFlowItem(layout, list, at, op.to)
      : moveBlockItem(layout, list, at, op.to);
  }
  if (items.length < 2) return null;
  return list.isFlow ? removeFlowItem(layout, list, at) : removeBlockItem(layout, list, at);
}

/** The map or list at the steps, as long as it is written there and not behind an alias. */
function layoutAt(layout: YamlLayout, steps: readonly string[]): Layout | null {
  let node = layout.root;
  for (const step of steps) {
    const owner: Layout | null = layoutOf(layout.text, node);
    const index: number | null = indexOf(step);
    if (owner === null) return null;
    const item: Layout['items'][number] | undefined =
      owner.kind === 'map'
        ? owner.items.find(({ key }) => key === step)
        : index === null
          ? undefined
          : owner.items[index];
    node = item?.value ?? null;
  }
  return layoutOf(layout.text, node);
}

/** Whether a value comes back from a text as it went in. */
function isKept(value: Json, depth: number): boolean {
  if (typeof value === 'number') {
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  }
  if (typeof value === 'string') return isWellFormed(value);
  if (isJsonList(value)) {
    return depth < YAML_DEPTH_MAX && value.every((item) => isKept(item, depth + 1));
  }
  if (!isJsonObject(value)) return true;
  if (depth >= YAML_DEPTH_MAX) return false;
  return Object.keys(value).every((key) => {
    const hidden = key === '__proto__' || key === 'constructor' || key === 'prototype';
    return !hidden && isWellFormed(key) && isKept(value[key] ?? null, depth + 1);
  });
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function unreadable(): EditError {
  return {
    reason: 'unreadable',
    message: 'This document cannot be read as it is; mend its text first.',
  };
}

function badValue(op: EditOp): EditError {
  return {
    reason: 'bad-value',
    message: `The value for ${pointerInWords(op.pointer)} cannot be written as YAML: a number is too large, a text is broken, a key is not allowed, or it is nested too deeply.`,
  };
}

function tooMany(): EditError {
  return {
    reason: 'too-many',
    message: 'These are too many changes for one step; make them in the text, or in parts.',
  };
}

function notEditable(text: string, op: EditOp): EditError {
  const place = pointerInWords(op.pointer);
  if (/(^|[\s[{,])[&*][^\s]/.test(text)) {
    return {
      reason: 'shared',
      message: `${place} is shared through an anchor, an alias or a merge key, so another place would change too; change it in the text.`,
    };
  }
  return {
    reason: 'not-editable',
    message: `${place} is written in a way that a form cannot change; change it in the text.`,
  };
}
