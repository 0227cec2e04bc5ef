import { compareCodeUnits } from './compare-code-units.ts';
import type { ContentHash, ResourceKey } from './ids.ts';

/** What leads from one set of resources to another. Both lists are in code-unit order of keys. */
export interface ConfigDelta {
  /** Resources that are new or whose content differs, with the content they have afterwards. */
  readonly changed: readonly { readonly key: ResourceKey; readonly contentHash: ContentHash }[];
  readonly removed: readonly ResourceKey[];
}

/** Compares two manifests. Empty lists when the sets are the same. */
export function computeDelta(
  from: ReadonlyMap<ResourceKey, ContentHash>,
  to: ReadonlyMap<ResourceKey, ContentHash>,
): ConfigDelta {
  const changed: { key: ResourceKey; contentHash: ContentHash }[] = [];
  const removed: ResourceKey[] = [];
  for (const [key, contentHash] of to) {
    if (from.get(key) !== contentHash) changed.push({ key, contentHash });
  }
  for (const key of from.keys()) if (!to.has(key)) removed.push(key);
  // A delta's bytes must not depend on the order in which the maps were filled.
  changed.sort((a, b) => compareCodeUnits(a.key, b.key));
  removed.sort(compareCodeUnits);
  return { changed, removed };
}
