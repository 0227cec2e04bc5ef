import type { ResourceKey, RootHash } from '../config/ids.ts';
import {
  applyDelta,
  type ConfigSnapshot,
  type ScrubbedResource,
  type ScrubMismatch,
  type SnapshotResource,
  scrubResource,
  scrubSnapshot,
  snapshotFromBodies,
} from '../config/snapshot.ts';
import { utf8Length } from '../config/utf8-length.ts';
import { requiredFeatures } from '../gateway/features.ts';
import { LruMap } from '../lib/lru-map.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { ResourceBody } from '../protocol/node-link.ts';

/**
 * The costly and purely functional part of applying a config: canonicalising, hashing, and finding
 * out what it asks of an agent. A node on its own does it for itself (`createOwnWork`). Many
 * simulated nodes in one process are told the same bytes, so there it is done once and shared
 * (`createSharedWork`): an optimisation of simulation, which changes no outcome.
 */
export interface SharedWork {
  /**
   * Builds `basis` with `changed` put in and `removed` taken out; a null basis is the empty config.
   * The same array object must always have the same content.
   */
  prepare(
    basis: ConfigSnapshot | null,
    changed: readonly ResourceBody[],
    removed: readonly ResourceKey[],
  ): Result<PreparedConfig, PrepareError>;
  /** Recomputes every hash from the bodies; null when all is as stated. */
  scrub(snapshot: ConfigSnapshot): ScrubMismatch | null;
}

/** A config built aside, not yet served. */
export interface PreparedConfig {
  readonly snapshot: ConfigSnapshot;
  /** Canonical bytes of all resources. */
  readonly configBytes: number;
  /** What the changed resources ask of an agent. The rest was accepted before. */
  readonly featureUses: readonly FeatureUse[];
  /** The features among `featureUses`, each once. */
  readonly features: readonly string[];
}

export interface FeatureUse {
  readonly key: ResourceKey;
  readonly feature: string;
  /** Where it is used, in words: `the CORS filter`. */
  readonly use: string;
}

export interface PrepareError {
  /** `not-held`: a delta takes away what is not there, so its basis was another. */
  readonly reason: 'invalid' | 'not-held';
  readonly detail: string;
}

/** What a single node does for itself. */
export function createOwnWork(): SharedWork {
  const bytesOf = new WeakMap<ConfigSnapshot, number>();
  return {
    prepare: (basis, changed, removed) => prepare(bytesOf, basis, changed, removed),
    scrub: (snapshot) => scrubSnapshot(snapshot),
  };
}

/** Snapshots of which there is only one object for each hash. */
const INTERNED_SNAPSHOTS_MAX = 16;
/** Bases remembered for one body; beyond it the oldest is forgotten. */
const BASES_PER_BODY_MAX = 8;

/**
 * Remembers outcomes by the identity of `changed` and the basis' hash, and forgets them with the
 * arrays; nodes that hold the same content hold the same object. What was not built here is damaged
 * memory, whose hash may lie: it is its node's own, and nothing of it is shared. A scrub, too, is done
 * once for each object, and of a resource once for all configs that hold the same object.
 */
export function createSharedWork(): SharedWork {
  const own = createOwnWork();
  const interned = new LruMap<RootHash, ConfigSnapshot>(INTERNED_SNAPSHOTS_MAX);
  type Outcome = ReturnType<SharedWork['prepare']>;
  const byBody = new WeakMap<readonly ResourceBody[], Map<RootHash | null, Outcome>>();
  const builtHere = new WeakSet<ConfigSnapshot>();
  const scrubbed = new WeakMap<ConfigSnapshot, { readonly mismatch: ScrubMismatch | null }>();
  const scrubbedResources = new WeakMap<SnapshotResource, ScrubbedResource>();
  const scrubOnce = (resource: SnapshotResource) => {
    const known = scrubbedResources.get(resource) ?? scrubResource(resource);
    scrubbedResources.set(resource, known);
    return known;
  };
  return {
    scrub(snapshot) {
      const known = scrubbed.get(snapshot);
      if (known !== undefined) return known.mismatch;
      const mismatch = scrubSnapshot(snapshot, scrubOnce);
      scrubbed.set(snapshot, { mismatch });
      return mismatch;
    },
    prepare(basis, changed, removed) {
      if (basis !== null && !builtHere.has(basis)) return own.prepare(basis, changed, removed);
      let byBasis = byBody.get(changed);
      if (byBasis === undefined) {
        byBasis = new Map();
        byBody.set(changed, byBasis);
      }
      const basisHash = basis === null ? null : basis.hash;
      const known = byBasis.get(basisHash);
      if (known !== undefined) return known;
      if (byBasis.size >= BASES_PER_BODY_MAX) {
        const oldest = byBasis.keys().next();
        if (oldest.done !== true) byBasis.delete(oldest.value);
      }
      const outcome = intern(interned, own.prepare(basis, changed, removed));
      if (outcome.ok) builtHere.add(outcome.value.snapshot);
      byBasis.set(basisHash, outcome);
      return outcome;
    },
  };
}

/** The same hash is the same content, wherever it came from: disk, full or delta. */
function intern(
  interned: LruMap<RootHash, ConfigSnapshot>,
  outcome: Result<PreparedConfig, PrepareError>,
): Result<PreparedConfig, PrepareError> {
  if (!outcome.ok) return outcome;
  const { snapshot } = outcome.value;
  const known = interned.get(snapshot.hash);
  if (known !== undefined) return ok({ ...outcome.value, snapshot: known });
  interned.set(snapshot.hash, snapshot);
  return outcome;
}

function prepare(
  bytesOf: WeakMap<ConfigSnapshot, number>,
  basis: ConfigSnapshot | null,
  changed: readonly ResourceBody[],
  removed: readonly ResourceKey[],
): Result<PreparedConfig, PrepareError> {
  const built = basis === null ? snapshotFromBodies(changed) : applyDelta(basis, changed, removed);
  if (!built.ok) {
    const { reason, detail } = built.error;
    return err({ reason: reason === 'not-held' ? 'not-held' : 'invalid', detail });
  }
  const snapshot = built.value;
  const touched = changedResources(basis, snapshot);
  const featureUses: FeatureUse[] = [];
  for (const { key, body } of touched) {
    for (const [feature, use] of requiredFeatures(body)) featureUses.push({ key, feature, use });
  }
  const features = [...new Set(featureUses.map(({ feature }) => feature))];
  const configBytes =
    basis === null
      ? measure(bytesOf, snapshot)
      : measure(bytesOf, basis) + growth(basis, touched, removed);
  bytesOf.set(snapshot, configBytes);
  return ok({ snapshot, configBytes, featureUses, features });
}

/** Resources that the basis does not hold in the same form. */
function changedResources(basis: ConfigSnapshot | null, snapshot: ConfigSnapshot) {
  const touched: SnapshotResource[] = [];
  for (const resource of snapshot.resources.values()) {
    const before = basis?.resources.get(resource.key);
    if (before?.contentHash !== resource.contentHash) touched.push(resource);
  }
  return touched;
}

function measure(bytesOf: WeakMap<ConfigSnapshot, number>, snapshot: ConfigSnapshot): number {
  const known = bytesOf.get(snapshot);
  if (known !== undefined) return known;
  let bytes = 0;
  for (const { canonical } of snapshot.resources.values()) bytes += utf8Length(canonical);
  bytesOf.set(snapshot, bytes);
  return bytes;
}

/** Bytes that a delta adds, at the cost of the delta. */
function growth(
  basis: ConfigSnapshot,
  touched: readonly SnapshotResource[],
  removed: readonly ResourceKey[],
): number {
  const heldBytes = (key: ResourceKey) => utf8Length(basis.resources.get(key)?.canonical ?? '');
  let bytes = 0;
  for (const { key, canonical } of touched) bytes += utf8Length(canonical) - heldBytes(key);
  for (const key of new Set(removed)) bytes -= heldBytes(key);
  return bytes;
}
