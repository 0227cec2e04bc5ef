import { buildDocuments } from '../config/build-documents.ts';
import { computeDelta } from '../config/delta.ts';
import type { ContentHash, ResourceKey, Revision } from '../config/ids.ts';
import { utf8Length } from '../config/utf8-length.ts';
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
import { CONFIG_TEXT_BYTES_MAX } from '../protocol/limits.ts';
import type { CreationTimestamps } from './creation-timestamps.ts';
import { type Answered, type Refused, refuse } from './refuse.ts';

export interface Published {
  readonly record: RevisionRecord;
  readonly text: string;
}

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
}

/** Publishes a text as the next revision, if nobody published since it was based. */
export function publishText(
  parts: PublisherParts,
  input: PublishText,
  now: Micros,
): Answered<Published> {
  const { store, cache, timestamps } = parts;
  const head = store.head();
  if (input.base !== (head?.revision ?? null)) return refuseConflict(store, input.base);
  const parsed = parseConfig(input.text, cache);
  if (blocksPublishing(parsed.problems)) return refuseInvalid(parsed.problems);
  const creationTimestampOf = timestamps.lookup(store, head?.revision ?? null);
  const { documents, rootHash } = buildDocuments(parsed, { creationTimestampOf, now });
  const tooLarge = sizeProblem(documents);
  if (tooLarge !== null) return refuseInvalid([...parsed.problems, tooLarge]);
  if (isUnchanged(store, head, documents)) return refuseUnchanged(head);
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
  for (const { canonical } of documents) bytes += canonical === null ? 0 : utf8Length(canonical);
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

export interface RollbackInput {
  readonly to: Revision;
  readonly message: string;
  readonly actor: string;
}

/** Publishes the documents of an earlier revision again, byte for byte. */
export function rollBack(
  store: ConfigStore,
  input: RollbackInput,
  now: Micros,
): Answered<Published> {
  const entries = store.documents(input.to);
  const record = store.revision(input.to);
  if (entries === null || record === null) return refuseUnknownRevision(input.to);
  const head = store.head();
  const documents = entries.map((entry) => loadDocument(store, entry));
  if (isUnchanged(store, head, documents)) return refuseUnchanged(head);
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

export function publishDocuments(store: ConfigStore, input: PublishInput): Answered<Published> {
  const published = store.publish(input);
  if (published.ok) return ok({ record: published.value, text: textOf(input.documents) });
  if (published.error.reason === 'conflict') return refuseConflict(store, input.base);
  return refuse('storage-failed', `nothing was published: ${published.error.detail}`);
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
