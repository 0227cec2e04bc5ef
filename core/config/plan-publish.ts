import { assert } from '../lib/assert.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { DocumentBody, DocumentEntry, PublishInput, RevisionRecord } from '../ports/store.ts';
import { contentHashOf, sourceHashOf } from './canonical.ts';
import {
  type ContentHash,
  EMPTY_ROOT_HASH,
  type Generation,
  type ResourceKey,
  type Revision,
  type RootHash,
} from './ids.ts';
import { RootHashSum, rootHashElement } from './root-hash.ts';
import { utf8Length } from './utf8-length.ts';

/** A document of a stored revision, with the length of its source. */
export interface StoredDocument {
  readonly entry: DocumentEntry;
  readonly sourceBytes: number;
  /** The revision that wrote this text. */
  readonly textSince: Revision;
  /** The revision that made the content what it is; never after `textSince`. */
  readonly contentSince: Revision;
}

/** What a revision consists of. Immutable. */
export interface RevisionContent {
  readonly documents: readonly StoredDocument[];
  readonly manifest: ReadonlyMap<ResourceKey, ContentHash>;
}

/** What a store knows before a publish. */
export interface PublishBasis {
  /** Null when nothing has been published yet. */
  readonly head: (RevisionContent & { readonly record: RevisionRecord }) | null;
  readonly generation: Generation;
}

/** What a publish does to a store, whatever it keeps its data in. */
export interface PublishPlan {
  readonly record: RevisionRecord;
  readonly content: RevisionContent;
  /** Documents that the head does not have in just this form; their texts may be new to the store. */
  readonly fresh: readonly FreshDocument[];
  /** Keys that the head has and the new revision has not. */
  readonly removed: readonly ResourceKey[];
}

export interface FreshDocument {
  readonly document: DocumentBody;
  /** The same object as in the plan's content. */
  readonly stored: StoredDocument;
}

const EMPTY_CONTENT: RevisionContent = { documents: [], manifest: new Map() };

/**
 * Decides a publish: compare-and-swap on the head, numbering, counting. All stores share it, so
 * that they cannot differ. The texts of fresh documents must fit their hashes, and the root hash the
 * whole: a store that kept anything else could not keep its promises, so these are asserted. Costs the
 * comparison of two lists and the hashing of what changed.
 */
export function planPublish(
  basis: PublishBasis,
  input: PublishInput,
): Result<PublishPlan, { reason: 'conflict'; head: Revision }> {
  const headRecord = basis.head?.record ?? null;
  const headRevision = headRecord?.revision ?? null;
  if (input.base !== headRevision) {
    return err({ reason: 'conflict', head: headRevision ?? NO_REVISION });
  }
  const head = basis.head ?? EMPTY_CONTENT;
  const window = changedWindow(head.documents, input.documents);
  const revision = Math.max((headRevision ?? 0) + 1, input.revisionMin ?? 0) as Revision;
  const change = changeContent(head, window, { record: headRecord, revision });
  assert(change.rootHash === input.rootHash, 'the root hash is that of the published documents');
  const generation = Math.max(basis.generation + 1, input.generationMin ?? 0) as Generation;
  const record: RevisionRecord = Object.freeze({
    revision,
    parent: headRevision,
    generation,
    rootHash: change.rootHash,
    author: input.author,
    message: input.message,
    createdAt: input.at,
    origin: input.origin,
    resources: change.content.manifest.size,
    changed: change.changed,
    sourceBytes: change.sourceBytes,
  });
  const { content, fresh, removed } = change;
  return ok({ record, content, fresh, removed });
}

/** What a conflict names as head when there is none. */
export const NO_REVISION = 0 as Revision;

interface ChangedWindow {
  /** Documents before it are the same in both lists. */
  readonly start: number;
  readonly before: readonly StoredDocument[];
  readonly after: readonly DocumentBody[];
}

function changedWindow(
  from: readonly StoredDocument[],
  to: readonly DocumentBody[],
): ChangedWindow {
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && isSame(from[start], to[start])) start += 1;
  let fromEnd = from.length;
  let toEnd = to.length;
  while (fromEnd > start && toEnd > start && isSame(from[fromEnd - 1], to[toEnd - 1])) {
    fromEnd -= 1;
    toEnd -= 1;
  }
  return { start, before: from.slice(start, fromEnd), after: to.slice(start, toEnd) };
}

function isSame(stored: StoredDocument | undefined, given: DocumentBody | undefined): boolean {
  return (
    stored !== undefined &&
    given !== undefined &&
    stored.entry.key === given.key &&
    stored.entry.contentHash === given.contentHash &&
    stored.entry.sourceHash === given.sourceHash
  );
}

interface ContentChange {
  readonly content: RevisionContent;
  readonly fresh: readonly FreshDocument[];
  readonly removed: readonly ResourceKey[];
  readonly changed: number;
  readonly rootHash: RootHash;
  readonly sourceBytes: number;
}

function changeContent(
  head: RevisionContent,
  window: ChangedWindow,
  { record, revision }: { readonly record: RevisionRecord | null; readonly revision: Revision },
): ContentChange {
  const manifest = new Map(head.manifest);
  const sum = new RootHashSum(record?.rootHash ?? EMPTY_ROOT_HASH);
  let sourceBytes = record?.sourceBytes ?? 0;
  const beforeByKey = new Map<ResourceKey, StoredDocument>();
  const beforeByForm = new Map<string, StoredDocument>();
  const hashesBefore = new Map<ResourceKey, ContentHash>();
  for (const stored of window.before) {
    const { key, contentHash } = stored.entry;
    beforeByKey.set(key, stored);
    beforeByForm.set(formOf(stored.entry), stored);
    sourceBytes -= stored.sourceBytes;
    if (contentHash === null) continue;
    hashesBefore.set(key, contentHash);
    manifest.delete(key);
  }
  const fresh: FreshDocument[] = [];
  const middle: StoredDocument[] = [];
  let changed = 0;
  for (const document of window.after) {
    const { key, contentHash } = document;
    const kept = beforeByForm.get(formOf(document));
    const stored = kept ?? storedFrom(document, revision, beforeByKey.get(key));
    if (kept === undefined) fresh.push({ document, stored });
    middle.push(stored);
    sourceBytes += stored.sourceBytes;
    if (contentHash === null) continue;
    assert(!manifest.has(key), `${key} appears twice in one revision`);
    manifest.set(key, contentHash);
    if (hashesBefore.get(key) !== contentHash) {
      changed += 1;
      sum.add(rootHashElement(key, contentHash));
    }
  }
  for (const [key, contentHash] of hashesBefore) {
    if (manifest.get(key) === contentHash) continue;
    if (!manifest.has(key)) changed += 1;
    sum.remove(rootHashElement(key, contentHash));
  }
  const documents = head.documents.slice(0, window.start);
  for (const stored of middle) documents.push(stored);
  const tail = window.start + window.before.length;
  for (let i = tail; i < head.documents.length; i += 1) {
    const stored = head.documents[i];
    if (stored !== undefined) documents.push(stored);
  }
  return {
    content: { documents, manifest },
    fresh,
    removed: removedKeys(beforeByKey.keys(), middle, documents),
    changed,
    rootHash: sum.toRootHash(),
    sourceBytes,
  };
}

/** Documents of one form are one to a store. Hashes have one length, so the parts cannot run together. */
function formOf({ key, contentHash, sourceHash }: DocumentEntry): string {
  return `${sourceHash}${contentHash ?? ''} ${key}`;
}

/** Mostly nothing is gone, and then nothing is looked through. */
function removedKeys(
  before: Iterable<ResourceKey>,
  changed: readonly StoredDocument[],
  documents: readonly StoredDocument[],
): readonly ResourceKey[] {
  const gone = new Set(before);
  for (const { entry } of changed) gone.delete(entry.key);
  if (gone.size === 0) return [];
  for (const { entry } of documents) gone.delete(entry.key);
  return [...gone];
}

function storedFrom(
  document: DocumentBody,
  revision: Revision,
  previous: StoredDocument | undefined,
): StoredDocument {
  const { key, canonical, contentHash, source, sourceHash } = document;
  assert(sourceHashOf(source) === sourceHash, `the source of ${key} does not fit its hash`);
  const computed = canonical === null ? null : contentHashOf(canonical);
  assert(computed === contentHash, `the canonical body of ${key} does not fit its hash`);
  return {
    entry: Object.freeze({ key, contentHash, sourceHash }),
    sourceBytes: utf8Length(source),
    textSince: revision,
    contentSince:
      previous !== undefined && contentHash !== null && previous.entry.contentHash === contentHash
        ? previous.contentSince
        : revision,
  };
}
