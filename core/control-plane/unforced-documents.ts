import type { ResourceKey, Revision } from '../config/ids.ts';
import { joinDocuments, type ParsedDocument, parseConfig } from '../gateway/parse-config.ts';
import { compareText } from '../lib/compare-text.ts';
import type { ConfigStore } from '../ports/store.ts';
import type { UnforcedKind } from '../protocol/control-plane-control.ts';
import { loadDocument } from './publisher.ts';

/**
 * Documents of a revision that were of unknown kinds when it was published, and would be pushed if
 * it were published now: a newer version knows their kinds. Nodes do not have them. By kind, sorted.
 */
export function unforcedDocuments(store: ConfigStore, revision: Revision): UnforcedKind[] {
  const byKind = new Map<string, number>();
  for (const { kind } of parseUnforced(store, revision)) {
    byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
  }
  return [...byKind]
    .map(([kind, documents]) => ({ kind, documents }))
    .sort((a, b) => compareText(a.kind, b.kind));
}

/** The same by key, as they are read now: a version that did not know the kind named them otherwise. */
export function unforcedKeys(store: ConfigStore, revision: Revision): ResourceKey[] {
  return parseUnforced(store, revision).map(({ key }) => key);
}

function parseUnforced(store: ConfigStore, revision: Revision): readonly ParsedDocument[] {
  const unpushed = (store.documents(revision) ?? []).filter((entry) => entry.contentHash === null);
  if (unpushed.length === 0) return [];
  const text = joinDocuments(unpushed.map((entry) => loadDocument(store, entry).source));
  return parseConfig(text).documents.filter(({ pushed }) => pushed);
}
