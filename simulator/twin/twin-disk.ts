import type { NodeId } from '../../core/config/ids.ts';
import type { ConfigSnapshot } from '../../core/config/snapshot.ts';
import type { DiskLoad, NodeDiskRecord } from '../../core/node/node-events.ts';
import type { ResourceBody } from '../../core/protocol/node-link.ts';

interface Written {
  readonly record: NodeDiskRecord;
  readonly snapshot: ConfigSnapshot;
}

interface NodeDisk {
  /** What a restart finds. */
  durable: Written | null;
  /** What was durable before that, for a disk that comes back stale. */
  before: Written | null;
  isCorrupt: boolean;
}

/**
 * The disks of all nodes. A config is kept as the snapshot that its nodes share, so that a thousand
 * disks with the same content cost one; a corrupted copy is its own.
 */
export class TwinDisk {
  readonly #disks = new Map<NodeId, NodeDisk>();
  /** One list a snapshot, so that what is read again is verified once for all who hold the same. */
  readonly #resources = new WeakMap<ConfigSnapshot, readonly ResourceBody[]>();

  write(nodeId: NodeId, record: NodeDiskRecord, snapshot: ConfigSnapshot): void {
    const disk = this.#disk(nodeId);
    disk.before = disk.durable;
    disk.durable = { record, snapshot };
    disk.isCorrupt = false;
  }

  lose(nodeId: NodeId): void {
    this.#disks.delete(nodeId);
  }

  /** The last write is undone, as by a disk that lied about it. */
  revert(nodeId: NodeId): void {
    const disk = this.#disk(nodeId);
    disk.durable = disk.before;
    disk.before = null;
  }

  /** One resource is no longer what was written. */
  corrupt(nodeId: NodeId): void {
    this.#disk(nodeId).isCorrupt = true;
  }

  /** What was written last and is kept; null: nothing, or damaged since. */
  durable(nodeId: NodeId): NodeDiskRecord | null {
    const disk = this.#disks.get(nodeId);
    return disk === undefined || disk.isCorrupt ? null : (disk.durable?.record ?? null);
  }

  read(nodeId: NodeId): DiskLoad {
    const disk = this.#disks.get(nodeId);
    if (disk === undefined || disk.durable === null) return { kind: 'empty' };
    const { record, snapshot } = disk.durable;
    const resources = this.#resourcesOf(snapshot);
    if (!disk.isCorrupt) return { kind: 'found', record, resources };
    const [first, ...rest] = resources;
    if (first === undefined) return { kind: 'damaged', detail: 'its only record is unreadable' };
    return { kind: 'found', record, resources: [{ ...first, spec: { damaged: true } }, ...rest] };
  }

  #disk(nodeId: NodeId): NodeDisk {
    let disk = this.#disks.get(nodeId);
    if (disk === undefined) {
      disk = { durable: null, before: null, isCorrupt: false };
      this.#disks.set(nodeId, disk);
    }
    return disk;
  }

  #resourcesOf(snapshot: ConfigSnapshot): readonly ResourceBody[] {
    const known = this.#resources.get(snapshot);
    if (known !== undefined) return known;
    const resources = [...snapshot.resources.values()].map(({ body }) => body);
    this.#resources.set(snapshot, resources);
    return resources;
  }
}
