import { diffJson } from '../../core/config/diff-json.ts';
import { editDocument } from '../../core/gateway/edit/edit-document.ts';
import type { EditOp } from '../../core/gateway/edit/edit-op.ts';
import { applyTextEdits } from '../../core/gateway/edit/text-edits.ts';
import { isJsonList, isJsonObject, type Json, pointerSteps } from '../../core/gateway/json.ts';
import type { ParsedConfig, ParsedDocument } from '../../core/gateway/parse-config.ts';
import { joinDocuments } from '../../core/gateway/parse-config.ts';

/** Fields looked at of one resource that both sides changed. */
const FIELDS_MAX = 200;

/** What to do with a resource that both sides changed. */
export type MergeChoice = 'mine' | 'theirs' | 'both';
export type MergeChoices = Readonly<Record<string, MergeChoice>>;

export type MergeOutcome =
  | { readonly ok: true; readonly text: string }
  | {
      readonly ok: false;
      readonly reason: 'no-base' | 'unreadable' | 'overlap';
      readonly keys: readonly string[];
    };

/** A resource that head and draft both changed since the base, and not alike. */
export interface ResourceConflict {
  readonly key: string;
  /** Pointers that each side changed; empty where a side removed it or it cannot be read. */
  readonly mine: readonly string[];
  readonly theirs: readonly string[];
  readonly removed: 'mine' | 'theirs' | null;
  /** Whether no field was changed by both, so that both changes can be kept. */
  readonly separable: boolean;
}

interface Sides {
  readonly base: ParsedDocument | undefined;
  readonly head: ParsedDocument | undefined;
  readonly draft: ParsedDocument | undefined;
}

/** Resources whose text differs, is missing or is new on both sides since `base`, and not alike. */
export function findConflicts(
  base: ParsedConfig,
  head: ParsedConfig,
  draft: ParsedConfig,
): ResourceConflict[] {
  const bases = byKey(base);
  const heads = byKey(head);
  const drafts = byKey(draft);
  const conflicts: ResourceConflict[] = [];
  for (const key of new Set([...bases.keys(), ...heads.keys(), ...drafts.keys()])) {
    const sides = { base: bases.get(key), head: heads.get(key), draft: drafts.get(key) };
    if (isConflict(sides)) conflicts.push(describeConflict(key, sides));
  }
  return conflicts.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** Keys of the same, for a sentence. */
export function overlappingKeys(
  base: ParsedConfig,
  head: ParsedConfig,
  draft: ParsedConfig,
): string[] {
  return findConflicts(base, head, draft).map((conflict) => conflict.key);
}

/** Line ends at the end of a document depend on whether it is the last one, so they do not count. */
function textOf(document: ParsedDocument | undefined): string | undefined {
  return document?.source.trimEnd();
}

function isConflict({ base, head, draft }: Sides): boolean {
  const was = textOf(base);
  return textOf(head) !== was && textOf(draft) !== was && textOf(head) !== textOf(draft);
}

function describeConflict(key: string, { base, head, draft }: Sides): ResourceConflict {
  const removed = draft === undefined ? 'mine' : head === undefined ? 'theirs' : null;
  const mine = fieldsBetween(base, draft);
  const theirs = fieldsBetween(base, head);
  const separable =
    removed === null &&
    isReadable(base) &&
    isReadable(head) &&
    isReadable(draft) &&
    mine.length < FIELDS_MAX &&
    mine.every((pointer) => theirs.every((other) => !overlap(pointer, other)));
  return { key, mine, theirs, removed, separable };
}

function isReadable(document: ParsedDocument | undefined): boolean {
  return document !== undefined && document.body !== null;
}

function fieldsBetween(from: ParsedDocument | undefined, to: ParsedDocument | undefined): string[] {
  if (from === undefined || to === undefined || from.body === null || to.body === null) return [];
  return diffJson(from.body, to.body, FIELDS_MAX).map((field) => field.pointer);
}

/**
 * Whether two changed places touch each other: one lies in the other, or both lie in the same list,
 * where the places of items may have moved.
 */
function overlap(a: string, b: string): boolean {
  const left = pointerSteps(a);
  const right = pointerSteps(b);
  const shorter = Math.min(left.length, right.length);
  for (let i = 0; i < shorter; i += 1) {
    if (left[i] === right[i]) continue;
    return isIndex(left[i]) && isIndex(right[i]);
  }
  return true;
}

function isIndex(step: string | undefined): boolean {
  return step !== undefined && /^\d+$/.test(step);
}

/**
 * The draft's changes since `base`, put onto `head`: head's documents in head's order, with what the
 * draft changed replaced, what it removed left out, and what it added put behind its predecessor.
 * Of a resource that both changed, the choice decides; without one nothing is merged.
 */
export function mergeDraft(
  base: ParsedConfig,
  head: ParsedConfig,
  draft: ParsedConfig,
  choices: MergeChoices = {},
): MergeOutcome {
  const unclear = [base, head, draft].flatMap(unclearKeys);
  if (unclear.length > 0) return { ok: false, reason: 'unreadable', keys: [...new Set(unclear)] };
  const conflicts = new Map(findConflicts(base, head, draft).map((each) => [each.key, each]));
  const open = [...conflicts.values()].filter((each) => !isDecided(each, choices[each.key]));
  if (open.length > 0) {
    return { ok: false, reason: 'overlap', keys: open.map((each) => each.key) };
  }
  const bases = byKey(base);
  const drafts = byKey(draft);
  const headKeys = new Set(head.documents.map((document) => String(document.key)));
  const out: Placed[] = [];
  for (const document of head.documents) {
    const sides = {
      base: bases.get(document.key),
      head: document,
      draft: drafts.get(document.key),
    };
    const source = mergeOne(sides, conflicts.has(document.key) ? choices[document.key] : undefined);
    if (source !== null) out.push({ key: document.key, source });
  }
  let previous: ParsedDocument | null = null;
  for (const document of draft.documents) {
    const isConflicting = conflicts.has(document.key);
    const added = !headKeys.has(document.key) && (!bases.has(document.key) || isConflicting);
    if (added && choices[document.key] !== 'theirs') {
      insertAfter(out, previous?.key ?? null, document);
    }
    previous = document;
  }
  return { ok: true, text: joinDocuments(out.map((entry) => entry.source)) };
}

interface Placed {
  readonly key: string;
  readonly source: string;
}

function isDecided(conflict: ResourceConflict, choice: MergeChoice | undefined): boolean {
  return choice === 'mine' || choice === 'theirs' || (choice === 'both' && conflict.separable);
}

/** What becomes of a document that the head has; null when it goes. */
function mergeOne({ base, head, draft }: Sides, choice: MergeChoice | undefined): string | null {
  const theirs = head?.source ?? null;
  const mine = draft?.source ?? null;
  if (choice === 'mine') return mine;
  if (choice === 'theirs') return theirs;
  if (choice === 'both') return mergeFields({ base, head, draft }) ?? mine;
  return textOf(draft) === textOf(base) ? theirs : mine;
}

/** The draft's fields put into head's text, so that the comments of both sides' lines stay. */
function mergeFields({ base, head, draft }: Sides): string | null {
  if (base?.body == null || head?.body == null || draft?.body == null) return null;
  const places = new Set<string>();
  for (const field of diffJson(base.body, draft.body, FIELDS_MAX)) {
    const isStructural = field.before === null || field.after === null;
    places.add(isStructural ? aroundList(draft.body, field.pointer) : field.pointer);
  }
  const ops: EditOp[] = [];
  for (const pointer of places) {
    const value = valueAt(draft.body, pointer);
    ops.push(value === undefined ? { op: 'remove', pointer } : { op: 'set', pointer, value });
  }
  const edits = editDocument(head.source, ops);
  return edits.ok ? applyTextEdits(head.source, edits.value) : null;
}

/** Items that came or went move their neighbours, so the list is set as a whole. */
function aroundList(body: Json, pointer: string): string {
  const parent = pointer.slice(0, pointer.lastIndexOf('/'));
  return isJsonList(valueAt(body, parent)) ? parent : pointer;
}

function valueAt(body: Json, pointer: string): Json | undefined {
  let value: Json | undefined = body;
  for (const step of pointerSteps(pointer)) {
    if (isJsonList(value)) value = value[Number(step)];
    else if (isJsonObject(value)) value = Object.hasOwn(value, step) ? value[step] : undefined;
    else return undefined;
  }
  return value;
}

function insertAfter(out: Placed[], previousKey: string | null, document: ParsedDocument): void {
  const at = previousKey === null ? -1 : out.findIndex((entry) => entry.key === previousKey);
  if (previousKey !== null && at === -1) out.push(document);
  else out.splice(at + 1, 0, document);
}

function byKey(config: ParsedConfig): ReadonlyMap<string, ParsedDocument> {
  return new Map(
    config.documents
      .filter((document) => document.name !== '')
      .map((document) => [document.key, document]),
  );
}

/** Documents that cannot be told apart from others: unreadable, nameless, or claiming a taken key. */
export function unclearKeys(config: ParsedConfig): string[] {
  const seen = new Set<string>();
  const unclear: string[] = [];
  for (const { key, name } of config.documents) {
    if (name === '' || seen.has(key)) unclear.push(key);
    seen.add(key);
  }
  return unclear;
}
