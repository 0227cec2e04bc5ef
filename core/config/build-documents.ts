import type { JsonObject } from '../gateway/json.ts';
import type { ParsedConfig, ParsedDocument } from '../gateway/parse-config.ts';
import { assert } from '../lib/assert.ts';
import type { Micros } from '../ports/clock.ts';
import type { DocumentBody } from '../ports/store.ts';
import { canonicalJson, contentHashOf, isJsonObject, sourceHashOf } from './canonical.ts';
import type { ContentHash, ResourceKey, RootHash } from './ids.ts';
import { toRfc3339 } from './rfc3339.ts';
import { RootHashSum, rootHashElement } from './root-hash.ts';

export interface BuiltDocuments {
  /** In the person's order, with the kinds that are not pushed. */
  readonly documents: DocumentBody[];
  readonly rootHash: RootHash;
  /** Pushed resources only. */
  readonly manifest: ReadonlyMap<ResourceKey, ContentHash>;
}

export interface BuildInput {
  /** `metadata.creationTimestamp` that the resource has in the revision before; null when new. */
  creationTimestampOf(key: ResourceKey): string | null;
  readonly now: Micros;
}

/**
 * Turns a parsed config into what a publish hands to the store. Give it no config with errors: the
 * keys of known resources must be distinct.
 *
 * The canonical body is the person's, with `metadata.creationTimestamp` filled in (route precedence
 * needs it): their own if they state one, else that of the revision before, else `now`.
 */
export function buildDocuments(parsed: ParsedConfig, input: BuildInput): BuiltDocuments {
  const timestampNow = toRfc3339(input.now);
  const documents: DocumentBody[] = [];
  const manifest = new Map<ResourceKey, ContentHash>();
  const sum = new RootHashSum();
  for (const document of parsed.documents) {
    const { key, pushed, body } = document;
    if (!pushed || body === null) {
      documents.push(unpushedDocument(document));
      continue;
    }
    assert(!manifest.has(key), `${key} appears twice in a config that is to be published`);
    const timestamp = creationTimestampOf(body) ?? input.creationTimestampOf(key) ?? timestampNow;
    const built = buildKnown(document, body, timestamp);
    documents.push(built.document);
    manifest.set(key, built.contentHash);
    sum.add(built.element);
  }
  return { documents, rootHash: sum.toRootHash(), manifest };
}

/** The `metadata.creationTimestamp` that a body states; null when it states none. */
export function creationTimestampOf(body: JsonObject): string | null {
  const { metadata } = body;
  if (!isJsonObject(metadata)) return null;
  const timestamp = metadata.creationTimestamp;
  return typeof timestamp === 'string' && timestamp !== '' ? timestamp : null;
}

interface BuiltKnown {
  readonly timestamp: string;
  readonly document: DocumentBody;
  readonly contentHash: ContentHash;
  readonly element: Uint32Array;
}

/**
 * By parsed body, which the parser shares between parses of the same source: publishing one changed
 * resource of a thousand hashes one. Holds nothing that the parser has let go.
 */
const builtByBody = new WeakMap<JsonObject, BuiltKnown>();

function buildKnown(document: ParsedDocument, body: JsonObject, timestamp: string): BuiltKnown {
  const { key, source } = document;
  const cached = builtByBody.get(body);
  if (
    cached !== undefined &&
    cached.timestamp === timestamp &&
    cached.document.key === key &&
    cached.document.source === source
  ) {
    return cached;
  }
  const canonical = canonicalJson(withCreationTimestamp(body, timestamp));
  const contentHash = contentHashOf(canonical);
  const sourceHash = sourceHashOf(source);
  const built: BuiltKnown = {
    timestamp,
    document: Object.freeze({ key, contentHash, sourceHash, canonical, source }),
    contentHash,
    element: rootHashElement(key, contentHash),
  };
  builtByBody.set(body, built);
  return built;
}

function unpushedDocument({ key, source }: ParsedDocument): DocumentBody {
  return { key, contentHash: null, sourceHash: sourceHashOf(source), canonical: null, source };
}

function withCreationTimestamp(body: JsonObject, timestamp: string): JsonObject {
  const metadata = isJsonObject(body.metadata) ? body.metadata : {};
  return { ...body, metadata: { ...metadata, creationTimestamp: timestamp } };
}
