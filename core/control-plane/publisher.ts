import { buildDocuments } from '../config/build-documents.ts';
import { computeDelta } from '../config/delta.ts';
import type { ContentHash, ResourceKey, Revision } from '../config/ids.ts';
import { utf8Length } from '../config/utf8-length.ts';
import { findSecrets } from '../gateway/find-secrets.ts';
import { type DocumentCache, joinDocuments, parseConfig } from '../gateway/parse-config.ts';
import { blocksPublishing, type Problem } from '../gateway/problem.ts';
import { assert } from '../lib/assert.ts';
import { ok } from '../lib/result.ts';
import type { Micros } from '../ports/clock.ts';
import type {
  ConfigStore,
  DocumentBody,
  DocumentEntry,
  PublishInput,
  RevisionRecord,
} from '../ports/store.ts';
import type { PublishedRevision } from '../protocol/control-plane-control.ts';
import { CONFIG_TEXT_BYTES_MAX } from '../protocol/limits.ts';
import type { CreationTimestamps } from './creation-timestamps.ts';
import { type Answered, type Refused, refuse } from './refuse.ts';

export interface PublisherParts {
  readonly store: ConfigStore;
  readonly cache: DocumentCache;
  readonly timestamps: CreationTimestamps;
}

export interface PublishText {
  readonly text: string;
  readonly base: Revision | null;
  readonly message: string;
  readonly actor: string;
  /** Whoever asks means it, should nodes be left with nothing to serve. */
  readonly allowEmpty?: boolean | undefined;
}

/** Publishes a text as the next revision, if nobody published since it was based. */
export function publishText(
  parts: PublisherParts,
  input: PublishText,
  now: Micros,
): Answered<PublishedRevision> {
  const { store, cache, timestamps } = parts;
  const [secret] = findSecrets(input.message, 1);
  if (secret !== undefined) return refuseMessage(secret.what);
  const head = store.head();
  if (input.base !== (head?.revision ?? null)) return refuseConflict(store, input.base);
  const parsed = parseConfig(input.text, cache);
  if (blocksPublishing(parsed.problems)) return refuseInvalid(parsed.problems);
  const creationTimestampOf = timestamps.lookup(store, head?.revision ?? null);
  const { documents, rootHash, manifest } = buildDocuments(parsed, { creationTimestampOf, now });
  const tooLarge = sizeProblem(documents);
  if (tooLarge !== null) return refuseInvalid([...parsed.problems, tooLarge]);
  if (isUnchanged(store, head, documents)) return refuseUnchanged(head);
  if (head !== null && manifest.size === 0 && head.resources > 0 && input.allowEmpty !== true) {
    const which = documents.length === 0 ? 'document' : 'resource that nodes serve';
    return refuseEmptying(head, `the text has no ${which}`);
  }
  return publishDocuments(store, {
    base: input.base,
    documents,
    rootHash,
    author: input.actor,
    message: input.message,
    at: now,
    origin: { kind: 'publish' },
  });
}

/**
 * A text can be small and say much, by aliases. What nodes are sent must fit a frame, so the bodies
 * together are held to the bound that the text is held to.
 */
export function sizeProblem(documents: readonly DocumentBody[]): Problem | null {
  let bytes = 0;
  for (const document of documents) bytes += canonicalBytes(document);
  if (bytes <= CONFIG_TEXT_BYTES_MAX) return null;
  return {
    severity: 'error',
    code: 'config-too-large',
    message: `The resources come to ${bytes} bytes when aliases are written out; at most ${CONFIG_TEXT_BYTES_MAX} can be pushed. Split the config, or use fewer aliases.`,
    pointer: '',
    line: 1,
    column: 1,
    resource: null,
  };
}

/** By document, which are the same objects from publish to publish where nothing changed. */
const bytesByDocument = new WeakMap<DocumentBody, number>();

function canonicalBytes(document: DocumentBody): number {
  if (document.canonical === null) return 0;
  const known = bytesByDocument.get(document);
  if (known !== undefined) return known;
  const bytes = utf8Length(document.canonical);
  bytesByDocument.set(document, bytes);
  return bytes;
}

export interface RollbackInput {
  readonly to: Revision;
  readonly message: string;
  readonly actor: string;
  /** As for a publish. */
  readonly allowEmpty?: boolean | undefined;
}

/** Publishes the documents of an earlier revision again, byte for byte. */
export function rollBack(
  store: ConfigStore,
  input: RollbackInput,
  now: Micros,
): Answered<PublishedRevision> {
  const [secret] = findSecrets(input.message, 1);
  if (secret !== undefined) return refuseMessage(secret.what);
  const entries = store.documents(input.to);
  const record = store.revision(input.to);
  if (entries === null || record === null) return refuseUnknownRevision(input.to);
  const head = store.head();
  const documents = entries.map((entry) => loadDocument(store, entry));
  if (isUnchanged(store, head, documents)) return refuseUnchanged(head);
  if (head !== null && record.resources === 0 && head.resources > 0 && input.allowEmpty !== true) {
    return refuseEmptying(head, `revision r${input.to} has no resource that nodes serve`);
  }
  return publishDocuments(store, {
    base: head?.revision ?? null,
    documents,
    rootHash: record.rootHash,
    author: input.actor,
    message: input.message,
    at: now,
    origin: { kind: 'rollback', of: input.to },
  });
}

export function publishDocuments(
  store: ConfigStore,
  input: PublishInput,
): Answered<PublishedRevision> {
  const removed = countRemoved(store, input.documents);
  const published = store.publish(input);
  if (published.ok) return ok({ record: published.value, text: textOf(input.documents), removed });
  if (published.error.reason === 'conflict') return refuseConflict(store, input.base);
  return refuse('storage-failed', `nothing was published: ${published.error.detail}`);
}

/** Resources of the head that the documents lack, or hold as something that is not pushed. */
function countRemoved(store: ConfigStore, documents: readonly DocumentEntry[]): number {
  const head = store.head();
  const gone = new Set((head === null ? null : store.manifest(head.revision))?.keys());
  if (gone.size === 0) return 0;
  for (const { key, contentHash } of documents) if (contentHash !== null) gone.delete(key);
  return gone.size;
}

/** The text of a stored revision; null when there is none. */
export function loadText(store: ConfigStore, revision: Revision): string | null {
  const entries = store.documents(revision);
  if (entries === null) return null;
  return joinDocuments(entries.map((entry) => loadSource(store, entry)));
}

export function refuseUnknownRevision(revision: Revision): Refused {
  return refuse('unknown-revision', `there is no revision ${revision} in this store`);
}

export function refuseInvalid(problems: readonly Problem[]): Refused {
  const errors = problems.filter((problem) => problem.severity === 'error');
  const [first] = errors;
  const where = first === undefined ? '' : `: line ${first.line}: ${first.message}`;
  const count = errors.length === 1 ? 'one error' : `${errors.length} errors`;
  return refuse('invalid-config', `the config has ${count}${where}`, { problems });
}

function refuseConflict(store: ConfigStore, base: Revision | null): Refused {
  const head = store.head();
  const headName = head === null ? 'nothing has been published' : `the head is r${head.revision}`;
  if (base !== null && store.revision(base) === null) {
    return refuse('conflict', `there is no r${base} to base a text on; ${headName}`, {
      ...(head === null ? {} : { head: head.revision }),
    });
  }
  const baseName = base === null ? 'no revision' : `r${base}`;
  const resources = changedSince(store, base, head);
  const detail = `the text is based on ${baseName}, but ${headName}; rebase it and publish again`;
  return refuse('conflict', detail, {
    resources,
    ...(head === null ? {} : { head: head.revision }),
  });
}

/** What others published in between. An unknown base lacks everything. */
function changedSince(
  store: ConfigStore,
  base: Revision | null,
  head: RevisionRecord | null,
): ResourceKey[] {
  const none: ReadonlyMap<ResourceKey, ContentHash> = new Map();
  const from = base === null ? none : (store.manifest(base) ?? none);
  const to = head === null ? none : (store.manifest(head.revision) ?? none);
  const delta = computeDelta(from, to);
  return [...delta.changed.map(({ key }) => key), ...delta.removed];
}

function isUnchanged(
  store: ConfigStore,
  head: RevisionRecord | null,
  documents: readonly DocumentEntry[],
): boolean {
  if (head === null) return false;
  const entries = store.documents(head.revision);
  return (
    entries !== null &&
    entries.length === documents.length &&
    entries.every((entry, i) => {
      const document = documents[i];
      return (
        entry.key === document?.key &&
        entry.sourceHash === document.sourceHash &&
        entry.contentHash === document.contentHash
      );
    })
  );
}

/**
 * Nodes would answer every request with an error. A text of comments, of kinds that are not known, or of
 * suites alone comes to that, and mostly is a slip.
 */
function refuseEmptying({ revision, resources }: RevisionRecord, why: string): Refused {
  const what = resources === 1 ? 'the one resource' : `all ${resources} resources`;
  return refuse(
    'removes-everything',
    `${why}, so ${what} of r${revision} would be removed and every request answered with an error; confirm that this is meant`,
  );
}

function refuseMessage(what: string): Refused {
  return refuse(
    'bad-request',
    `the message holds what looks like ${what}; history keeps messages for good, so nothing was published: take it out, and replace the secret if it was real`,
  );
}

function refuseUnchanged(head: RevisionRecord | null): Refused {
  const name = head === null ? 'the head' : `r${head.revision}`;
  return refuse('nothing-to-publish', `this is what ${name} holds already`);
}

export function loadDocument(store: ConfigStore, entry: DocumentEntry): DocumentBody {
  const canonical = entry.contentHash === null ? null : store.canonical(entry.contentHash);
  assert(entry.contentHash === null || canonical !== null, `the body of ${entry.key} is stored`);
  return { ...entry, canonical, source: loadSource(store, entry) };
}

function loadSource(store: ConfigStore, entry: DocumentEntry): string {
  const source = store.source(entry.sourceHash);
  assert(source !== null, `the source of ${entry.key} is stored`);
  return source;
}

function textOf(documents: readonly DocumentBody[]): string {
  return joinDocuments(documents.map(({ source }) => source));
}
