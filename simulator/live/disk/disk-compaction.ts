import type { ContentHash, RootHash } from '../../../core/config/ids.ts';
import { manifestRecord, PointerGroups } from './disk-encoder.ts';
import type { DiskIndex, Manifest, Span } from './disk-index.ts';
import { MANIFEST_CHAIN_MAX } from './disk-limits.ts';
import { DISK_HEADER, decodeDiskRecord, encodeDiskRecord } from './disk-records.ts';

interface Base {
  readonly root: RootHash;
  readonly manifest: Manifest;
  readonly depth: number;
}

/**
 * The whole content of a new file that holds what some node still needs, and nothing else. Pointers
 * to configs that cannot be read are kept: those nodes must come to know that their disk is damaged.
 */
export function compactedFile(index: DiskIndex, readSpan: (span: Span) => Buffer | null): Buffer {
  const parts: Buffer[] = [DISK_HEADER];
  const copied = new Set<ContentHash>();
  let base: Base | null = null;
  for (const root of index.roots()) {
    const manifest = index.manifest(root);
    if (manifest === null) continue;
    for (const contentHash of manifest.values()) {
      const span = index.resources.get(contentHash);
      if (copied.has(contentHash) || span === undefined) continue;
      copied.add(contentHash);
      const bytes = readSpan(span);
      if (bytes !== null && decodeDiskRecord(bytes) !== null) parts.push(bytes);
    }
    const usable: Base | null = base !== null && base.depth < MANIFEST_CHAIN_MAX ? base : null;
    const depth: number = usable?.depth ?? 0;
    const record = manifestRecord(root, manifest, usable?.root ?? null, usable?.manifest ?? null);
    parts.push(encodeDiskRecord(record));
    const chained = record.type === 'manifest' && record.manifest.base !== null;
    base = { root, manifest, depth: chained ? depth + 1 : 1 };
  }
  const pointers = new PointerGroups();
  for (const [nodeId, record] of index.pointers) pointers.add(nodeId, record);
  for (const record of pointers.records()) parts.push(encodeDiskRecord(record));
  return Buffer.concat(parts);
}
