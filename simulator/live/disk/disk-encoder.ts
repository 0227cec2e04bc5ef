import type { ContentHash, NodeId, ResourceKey, RootHash } from '../../../core/config/ids.ts';
import type { ConfigSnapshot } from '../../../core/config/snapshot.ts';
import type { NodeDiskRecord } from '../../../core/node/node-events.ts';
import type { Micros } from '../../../core/ports/clock.ts';
import type { DiskIndex, Manifest } from './disk-index.ts';
import { MANIFEST_CHAIN_MAX, NODES_PER_RECORD_MAX } from './disk-limits.ts';
import type { DiskRecord } from './disk-records.ts';

/** Something that a node's disk is asked to keep or to forget. */
export type DiskChange =
  | {
      readonly kind: 'persist';
      readonly nodeId: NodeId;
      readonly record: NodeDiskRecord;
      readonly snapshot: ConfigSnapshot;
    }
  | { readonly kind: 'wipe'; readonly nodeIds: readonly NodeId[] };

/** Records that make a batch of changes durable, in an order that never points at what is not there. */
export function encodeChanges(
  index: DiskIndex,
  whole: ReadonlySet<RootHash>,
  basis: ConfigSnapshot | null,
  changes: readonly DiskChange[],
): DiskRecord[] {
  const out: DiskRecord[] = [];
  const written = new Set<RootHash>(whole);
  const contents = new Set<ContentHash>();
  let base = basis;
  let pointers = new PointerGroups();
  for (const change of changes) {
    if (change.kind === 'wipe') {
      // What was asked before a wipe must not come back after it.
      out.push(...pointers.records(), ...tombstones(change.nodeIds));
      pointers = new PointerGroups();
      continue;
    }
    const { snapshot } = change;
    if (!written.has(snapshot.hash)) {
      out.push(...configRecords(index, contents, base, snapshot));
      written.add(snapshot.hash);
      base = snapshot;
    }
    pointers.add(change.nodeId, change.record);
  }
  out.push(...pointers.records());
  return out;
}

function* configRecords(
  index: DiskIndex,
  contents: Set<ContentHash>,
  base: ConfigSnapshot | null,
  snapshot: ConfigSnapshot,
): Generator<DiskRecord> {
  for (const { contentHash, canonical } of snapshot.resources.values()) {
    if (index.resources.has(contentHash) || contents.has(contentHash)) continue;
    contents.add(contentHash);
    yield { type: 'resource', contentHash, canonical };
  }
  const usable = base !== null && canBuildOn(index, base.hash, snapshot.hash) ? base : null;
  const baseManifest = usable === null ? null : manifestOf(usable);
  yield manifestRecord(snapshot.hash, manifestOf(snapshot), usable?.hash ?? null, baseManifest);
}

/** A manifest that is written again must not come to build on itself. */
function canBuildOn(index: DiskIndex, base: RootHash, root: RootHash): boolean {
  const chain = index.chain(base);
  if (chain === null || chain.length >= MANIFEST_CHAIN_MAX) return false;
  return chain.every((manifest) => manifest.root !== root);
}

function manifestOf(snapshot: ConfigSnapshot): Manifest {
  const manifest = new Map<ResourceKey, ContentHash>();
  for (const { key, contentHash } of snapshot.resources.values()) manifest.set(key, contentHash);
  return manifest;
}

/** Against an earlier manifest where that is smaller, else in full. */
export function manifestRecord(
  root: RootHash,
  manifest: Manifest,
  base: RootHash | null,
  baseManifest: Manifest | null,
): DiskRecord {
  const full = { root, base: null, set: [...manifest], removed: [] };
  if (base === null || baseManifest === null || base === root) {
    return { type: 'manifest', manifest: full };
  }
  const set = full.set.filter(([key, contentHash]) => baseManifest.get(key) !== contentHash);
  const removed = [...baseManifest.keys()].filter((key) => !manifest.has(key));
  const smaller = set.length + removed.length < full.set.length;
  return { type: 'manifest', manifest: smaller ? { root, base, set, removed } : full };
}

/** Nodes that hold the same config share a record, which is what a group commit mostly writes. */
export class PointerGroups {
  readonly #groups = new Map<
    string,
    { record: NodeDiskRecord; nodes: [NodeId, Micros | null][] }
  >();

  add(nodeId: NodeId, record: NodeDiskRecord): void {
    const name = `${record.lineage}/${record.generation}/${record.revision}/${record.hash}`;
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = { record, nodes: [] };
      this.#groups.set(name, group);
    }
    group.nodes.push([nodeId, record.verifiedAt]);
  }

  records(): DiskRecord[] {
    const out: DiskRecord[] = [];
    for (const { record, nodes } of this.#groups.values()) {
      const { lineage, generation, revision, hash } = record;
      for (const part of inParts(nodes)) {
        out.push({
          type: 'pointers',
          pointers: { lineage, generation, revision, hash, nodes: part },
        });
      }
    }
    return out;
  }
}

function tombstones(nodeIds: readonly NodeId[]): DiskRecord[] {
  return inParts(nodeIds).map((nodes) => ({ type: 'tombstones', tombstones: { nodes } }));
}

function inParts<T>(items: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let i = 0; i < items.length; i += NODES_PER_RECORD_MAX) {
    parts.push(items.slice(i, i + NODES_PER_RECORD_MAX));
  }
  return parts;
}
