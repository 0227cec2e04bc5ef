import { z } from 'zod';
import type { ContentHash, ResourceKey, Revision } from '../config/ids.ts';
import { LruMap } from '../lib/lru-map.ts';
import type { ConfigStore } from '../ports/store.ts';
import { decodeJson } from '../protocol/decode-json.ts';

/** Bodies whose timestamp is remembered. */
const TIMESTAMPS_CACHED_MAX = 50_000;

const stampedSchema = z.looseObject({
  metadata: z.looseObject({ creationTimestamp: z.string() }),
});

/** Reads `metadata.creationTimestamp` of stored bodies, each body once. */
export class CreationTimestamps {
  readonly #byContent = new LruMap<ContentHash, string | null>(TIMESTAMPS_CACHED_MAX);

  /** Looks up by resource in one revision; null where the resource is new. */
  lookup(store: ConfigStore, revision: Revision | null): (key: ResourceKey) => string | null {
    const manifest = revision === null ? null : store.manifest(revision);
    return (key) => {
      const contentHash = manifest?.get(key);
      return contentHash === undefined ? null : this.#of(store, contentHash);
    };
  }

  #of(store: ConfigStore, contentHash: ContentHash): string | null {
    const cached = this.#byContent.get(contentHash);
    if (cached !== undefined) return cached;
    const canonical = store.canonical(contentHash);
    const timestamp = canonical === null ? null : creationTimestampIn(canonical);
    this.#byContent.set(contentHash, timestamp);
    return timestamp;
  }
}

/** The creation timestamp that a canonical body states; null when it states none. */
export function creationTimestampIn(canonical: string): string | null {
  const decoded = decodeJson(stampedSchema, canonical);
  return decoded.ok ? decoded.value.metadata.creationTimestamp : null;
}
