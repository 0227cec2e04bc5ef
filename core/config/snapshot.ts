import type { JsonObject } from '../gateway/json.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { ResourceBody } from '../protocol/node-link.ts';
import { canonicalJson, contentHashOf, isJson, isJsonObject, resourceKeyOf } from './canonical.ts';
import { type ContentHash, EMPTY_ROOT_HASH, type ResourceKey, type RootHash } from './ids.ts';
import { RootHashSum, rootHashElement } from './root-hash.ts';

/** One resource as a node holds it. Immutable: bodies are shared between snapshots and nodes. */
export interface SnapshotResource {
  readonly key: ResourceKey;
  readonly contentHash: ContentHash;
  readonly canonical: string;
  readonly body: JsonObject;
}

/** What a node holds. Immutable; nodes that hold the same may share one. */
export interface ConfigSnapshot {
  /** Computed from the bodies, never copied from a message. */
  readonly hash: RootHash;
  readonly resources: ReadonlyMap<ResourceKey, SnapshotResource>;
}

export interface SnapshotError {
  /**
   * `bad-resource`: not an object of JSON with a kind and a name. `duplicate-key`: one key twice, or
   * both changed and removed. `not-held`: to be removed, but not there.
   */
  readonly reason: 'bad-resource' | 'duplicate-key' | 'not-held';
  readonly detail: string;
}

/** Holds nothing. */
export const EMPTY_SNAPSHOT: ConfigSnapshot = Object.freeze({
  hash: EMPTY_ROOT_HASH,
  resources: new Map<ResourceKey, SnapshotResource>(),
});

/** Canonicalises and hashes bodies anew. */
export function snapshotFromBodies(
  bodies: Iterable<ResourceBody>,
): Result<ConfigSnapshot, SnapshotError> {
  const resources = new Map<ResourceKey, SnapshotResource>();
  const sum = new RootHashSum();
  for (const body of bodies) {
    const resource = resourceFromBody(body);
    if (!resource.ok) return resource;
    const { key, contentHash } = resource.value;
    if (resources.has(key)) return err({ reason: 'duplicate-key', detail: `${key} appears twice` });
    resources.set(key, resource.value);
    sum.add(rootHashElement(key, contentHash));
  }
  return ok(Object.freeze({ hash: sum.toRootHash(), resources }));
}

/**
 * The snapshot after a delta. Hashing costs the size of the delta; the table of resources is copied
 * once. Gives the same snapshot back when the delta is empty.
 */
export function applyDelta(
  snapshot: ConfigSnapshot,
  changed: readonly ResourceBody[],
  removed: readonly ResourceKey[],
): Result<ConfigSnapshot, SnapshotError> {
  if (changed.length === 0 && removed.length === 0) return ok(snapshot);
  const resources = new Map(snapshot.resources);
  const sum = new RootHashSum(snapshot.hash);
  const touched = new Set<ResourceKey>();
  for (const key of removed) {
    const held = resources.get(key);
    if (touched.has(key)) return err({ reason: 'duplicate-key', detail: `${key} removed twice` });
    if (held === undefined) {
      return err({ reason: 'not-held', detail: `${key} is to be removed, but is not held` });
    }
    touched.add(key);
    resources.delete(key);
    sum.remove(rootHashElement(key, held.contentHash));
  }
  for (const body of changed) {
    const resource = resourceFromBody(body);
    if (!resource.ok) return resource;
    const { key, contentHash } = resource.value;
    if (touched.has(key)) {
      return err({ reason: 'duplicate-key', detail: `${key} appears twice in one delta` });
    }
    touched.add(key);
    const held = resources.get(key);
    if (held !== undefined) sum.remove(rootHashElement(key, held.contentHash));
    resources.set(key, resource.value);
    sum.add(rootHashElement(key, contentHash));
  }
  return ok(Object.freeze({ hash: sum.toRootHash(), resources }));
}

/** Content hashes of what is held, by key. */
export function snapshotManifest(snapshot: ConfigSnapshot): Map<ResourceKey, ContentHash> {
  const manifest = new Map<ResourceKey, ContentHash>();
  for (const [key, resource] of snapshot.resources) manifest.set(key, resource.contentHash);
  return manifest;
}

export interface ScrubMismatch {
  /** What recomputing gave. */
  readonly hash: RootHash;
  /** Resources whose body no longer fits their key, text or hash. Empty when only the sum is off. */
  readonly resources: readonly ResourceKey[];
}

/** What recomputing one resource gave. */
export interface ScrubbedResource {
  /** Whether its key, text and hash fit its body. */
  readonly isSound: boolean;
  /** What the body adds to the root hash. */
  readonly element: Uint32Array;
}

/**
 * Recomputes every hash from the bodies; null when all is as stated.
 *
 * @param scrub of one resource: `scrubResource`, or what is remembered of it
 */
export function scrubSnapshot(
  snapshot: ConfigSnapshot,
  scrub: (resource: SnapshotResource) => ScrubbedResource = scrubResource,
): ScrubMismatch | null {
  const damaged: ResourceKey[] = [];
  const sum = new RootHashSum();
  for (const [key, resource] of snapshot.resources) {
    const { isSound, element } = scrub(resource);
    if (!isSound || resource.key !== key) damaged.push(key);
    sum.add(element);
  }
  const hash = sum.toRootHash();
  return damaged.length === 0 && hash === snapshot.hash ? null : { hash, resources: damaged };
}

/** Canonicalises and hashes one body anew. */
export function scrubResource(resource: SnapshotResource): ScrubbedResource {
  const { key, body } = resource;
  const canonical = canonicalJson(body);
  const contentHash = contentHashOf(canonical);
  const isSound =
    resourceKeyOf(body) === key &&
    canonical === resource.canonical &&
    contentHash === resource.contentHash;
  return { isSound, element: rootHashElement(key, contentHash) };
}

function resourceFromBody(body: ResourceBody): Result<SnapshotResource, SnapshotError> {
  if (!isJson(body) || !isJsonObject(body)) {
    return err({ reason: 'bad-resource', detail: 'a resource is not an object of plain JSON' });
  }
  const key = resourceKeyOf(body);
  if (key === null) {
    return err({ reason: 'bad-resource', detail: 'a resource states no kind or no name' });
  }
  const canonical = canonicalJson(body);
  return ok({ key, contentHash: contentHashOf(canonical), canonical, body });
}
