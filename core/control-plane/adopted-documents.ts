import { stringify } from 'yaml';
import { buildDocuments } from '../config/build-documents.ts';
import { sourceHashOf } from '../config/canonical.ts';
import type { ResourceKey } from '../config/ids.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import { type DocumentCache, parseConfig } from '../gateway/parse-config.ts';
import { blocksPublishing } from '../gateway/problem.ts';
import { compareText } from '../lib/compare-text.ts';
import type { Micros } from '../ports/clock.ts';
import type { ConfigStore, DocumentBody } from '../ports/store.ts';
import { creationTimestampIn } from './creation-timestamps.ts';
import { loadDocument } from './publisher.ts';

/**
 * Documents for a config that was taken over from a node, which holds no comments. Where a document
 * that is known here has the very content, its source is used; else YAML is written from the body.
 * The order, and kinds that are never pushed, come from the known documents.
 */
export function adoptedDocuments(
  snapshot: ConfigSnapshot,
  known: readonly DocumentBody[],
): DocumentBody[] {
  const documents: DocumentBody[] = [];
  const taken = new Set<ResourceKey>();
  const take = (key: ResourceKey, source: string | null) => {
    const resource = snapshot.resources.get(key);
    if (resource === undefined || taken.has(key)) return;
    taken.add(key);
    const { contentHash, canonical, body } = resource;
    const text = source ?? stringify(body);
    documents.push({ key, contentHash, sourceHash: sourceHashOf(text), canonical, source: text });
  };
  for (const document of known) {
    if (document.contentHash === null) documents.push(document);
    else {
      const adopted = snapshot.resources.get(document.key);
      const isSame = adopted?.contentHash === document.contentHash;
      take(document.key, isSame ? document.source : null);
    }
  }
  for (const key of [...snapshot.resources.keys()].sort(compareText)) take(key, null);
  return documents;
}

/** The documents that sources may be taken from: the given text, else the store's head. */
export function knownDocuments(
  store: ConfigStore,
  headText: string | null,
  snapshot: ConfigSnapshot,
  cache: DocumentCache,
  now: Micros,
): DocumentBody[] {
  if (headText !== null) {
    const parsed = parseConfig(headText, cache);
    if (!blocksPublishing(parsed.problems)) {
      const creationTimestampOf = (key: ResourceKey) => {
        const canonical = snapshot.resources.get(key)?.canonical;
        return canonical === undefined ? null : creationTimestampIn(canonical);
      };
      return buildDocuments(parsed, { creationTimestampOf, now }).documents;
    }
  }
  const head = store.head();
  if (head === null) return [];
  return (store.documents(head.revision) ?? []).map((entry) => loadDocument(store, entry));
}
