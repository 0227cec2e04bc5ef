import type { BuiltDocuments } from '../config/build-documents.ts';
import { computeDelta } from '../config/delta.ts';
import type { ContentHash, Generation, ResourceKey, Revision } from '../config/ids.ts';
import { NO_REVISION } from '../config/plan-publish.ts';
import { utf8Length } from '../config/utf8-length.ts';
import { assert } from '../lib/assert.ts';
import type { ConfigStore } from '../ports/store.ts';
import type { DraftDelta } from '../protocol/control-plane-control.ts';
import type { Target } from './node-record.ts';
import { deltaBody, fullBody } from './push-bodies.ts';

const NOTHING: ReadonlyMap<ResourceKey, ContentHash> = new Map();

/**
 * What publishing documents now would send: the frames that the push bodies would be, with the
 * numbers that the revision would get. Their lengths are those of life, whoever publishes in between.
 */
export function draftDelta(
  store: ConfigStore,
  { documents, manifest, rootHash }: BuiltDocuments,
  nodes: number,
): DraftDelta {
  const head = store.head();
  const from = head?.revision ?? NO_REVISION;
  const held = head === null ? NOTHING : (store.manifest(head.revision) ?? NOTHING);
  const target: Target = {
    revision: (from + 1) as Revision,
    generation: (store.generation() + 1) as Generation,
    hash: rootHash,
  };
  const delta = computeDelta(held, manifest);
  const bodies = new Map<ResourceKey, string>();
  for (const { key, canonical } of documents) if (canonical !== null) bodies.set(key, canonical);
  const changed = delta.changed.map(({ key }) => {
    const canonical = bodies.get(key);
    assert(canonical !== undefined, `${key} is one of the documents`);
    return canonical;
  });
  return {
    changed: delta.changed.length,
    removed: delta.removed.length,
    bytes: utf8Length(deltaBody(target, from, changed, delta.removed)),
    fullBytes: utf8Length(fullBody(target, [...bodies.values()])),
    nodes,
  };
}
