import type { ContentHash, NodeId, ResourceKey, RootHash } from '../../../core/config/ids.ts';
import type { NodeDiskRecord } from '../../../core/node/node-events.ts';
import { MANIFEST_CHAIN_MAX } from './disk-limits.ts';
import type { ManifestRecord, ScannedRecord } from './disk-records.ts';

/** Where a record lies in the file. */
export interface Span {
  readonly offset: number;
  readonly bytes: number;
}

export type Manifest = ReadonlyMap<ResourceKey, ContentHash>;

/** What the file holds, as its records in order say. */
export class DiskIndex {
  readonly resources = new Map<ContentHash, Span>();
  readonly manifests = new Map<
    RootHash,
    { readonly manifest: ManifestRecord; readonly bytes: number }
  >();
  readonly pointers = new Map<NodeId, NodeDiskRecord>();

  add({ record, offset, bytes }: ScannedRecord): void {
    switch (record.type) {
      case 'resource':
        this.resources.set(record.contentHash, { offset, bytes });
        return;
      case 'manifest':
        this.manifests.set(record.manifest.root, { manifest: record.manifest, bytes });
        return;
      case 'pointers': {
        const { nodes, ...config } = record.pointers;
        for (const [nodeId, verifiedAt] of nodes) {
          this.pointers.set(nodeId, { ...config, verifiedAt });
        }
        return;
      }
      case 'tombstones':
        for (const nodeId of record.tombstones.nodes) this.pointers.delete(nodeId);
        return;
    }
  }

  /** Manifests from a full one up to `root`'s; null when one is missing. */
  chain(root: RootHash): readonly ManifestRecord[] | null {
    const chain: ManifestRecord[] = [];
    let next: RootHash | null = root;
    while (next !== null) {
      const held = this.manifests.get(next);
      if (held === undefined || chain.length > MANIFEST_CHAIN_MAX) return null;
      chain.push(held.manifest);
      next = held.manifest.base;
    }
    return chain.reverse();
  }

  manifest(root: RootHash): Manifest | null {
    const chain = this.chain(root);
    if (chain === null) return null;
    const manifest = new Map<ResourceKey, ContentHash>();
    for (const { set, removed } of chain) {
      for (const key of removed) manifest.delete(key);
      for (const [key, contentHash] of set) manifest.set(key, contentHash);
    }
    return manifest;
  }

  /** Configs that some node points to. */
  roots(): Set<RootHash> {
    const roots = new Set<RootHash>();
    for (const { hash } of this.pointers.values()) roots.add(hash);
    return roots;
  }

  /** Bytes of the records that a rewritten file would need, without the pointers. */
  liveBytes(): number {
    const contents = new Set<ContentHash>();
    let bytes = 0;
    for (const root of this.roots()) {
      bytes += this.manifests.get(root)?.bytes ?? 0;
      for (const contentHash of this.manifest(root)?.values() ?? []) contents.add(contentHash);
    }
    for (const contentHash of contents) bytes += this.resources.get(contentHash)?.bytes ?? 0;
    return bytes;
  }
}
