import { diffJson } from '../../core/config/diff-json.ts';
import { editDocument } from '../../core/gateway/edit/edit-document.ts';
import { applyTextEdits } from '../../core/gateway/edit/text-edits.ts';
import type { ParsedConfig, ParsedDocument } from '../../core/gateway/parse-config.ts';
import { joinDocuments } from '../../core/gateway/parse-config.ts';
import { mergeJson } from './merge-json.ts';

/** Fields looked at of one resource that both sides changed. */
const FIELDS_MAX = 200;
/** Clashes named of one resource. */
const CLASHES_MAX = 20;

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
  /** Whether the base has none of it, so that both sides added it. */
  readonly added: boolean;
  /** Places that both changed, in words, bounded: `spec.rules[pay].timeouts.request`. */
  readonly clashes: readonly string[];
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
  const clashes =
    base?.body == null || head?.body == null || draft?.body == null
      ? []
      : mergeJson(base.body, head.body, draft.body).clashes.slice(0, CLASHES_MAX);
  // A change of the draft's comments alone is nothing that head's text could take over.
  const separable = mine.length > 0 && mergeFields({ base, head, draft }) !== null;
  return { key, mine, theirs, removed, added: base === undefined, clashes, separable };
}

function fieldsBetween(from: ParsedDocument | undefined, to: ParsedDocument | undefined): string[] {
  if (from === undefined || to === undefined || from.body === null || to.body === null) return [];
  return diffJson(from.body, to.body, FIELDS_MAX).map((field) => field.pointer);
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
  if (choice === 'both') return mergeFields({ base, head, draft });
  return textOf(draft) === textOf(base) ? theirs : mine;
}

/**
 * What both sides changed, put into head's text, so that what is not touched stays byte for byte
 * with its comments. Null where they clash, or where the text cannot be edited so.
 */
function mergeFields({ base, head, draft }: Sides): string | null {
  if (base?.body == null || head?.body == null || draft?.body == null) return null;
  const { value, clashes } = mergeJson(base.body, head.body, draft.body);
  if (clashes.length > 0 || value === undefined) return null;
  const edits = editDocument(head.source, [{ op: 'set', pointer: '', value }]);
  return edits.ok ? applyTextEdits(head.source, edits.value) : null;
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
