import type { Revision } from '../../core/config/ids.ts';
import type { SnapshotResource } from '../../core/config/snapshot.ts';
import { assert } from '../../core/lib/assert.ts';
import type { ConfigStore } from '../../core/ports/store.ts';

/** What nodes are sent of a stored revision, in its order. */
export function storedResources(store: ConfigStore, revision: Revision): SnapshotResource[] {
  const manifest = store.manifest(revision);
  return [...(manifest?.entries() ?? [])].map(([key, contentHash]) => {
    const canonical = store.canonical(contentHash);
    assert(canonical !== null, 'a published body is in the store');
    return { key, contentHash, canonical, body: JSON.parse(canonical) };
  });
}
