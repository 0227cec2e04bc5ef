import type { NodeId } from '../../core/config/ids.ts';
import type { ConfigSnapshot } from '../../core/config/snapshot.ts';
import type { DiskLoad, NodeDiskRecord } from '../../core/node/node-events.ts';
import type { ResourceBody } from '../../core/protocol/node-link.ts';

/** A config as it lies on a disk. */
export interface DiskContent {
  readonly record: NodeDiskRecord;
  readonly snapshot: ConfigSnapshot;
}

interface NodeDisk {
  /** What a restart finds. */
  durable: DiskContent | null;
  /** What was durable before that, for a disk that comes back stale. */
  before: DiskContent | null;
  /** Has come back stale since the last write: there is nothing more to undo. */
  isStale: boolean;
  isCorrupt: boolean;
}

/**
 * The disks of all nodes. A config is kept as the snapshot that its nodes share, so that a thousand
 * disks with the same content cost one; a corrupted copy is its own.
 */
export class TwinDisk {
  readonly #disks = new Map<NodeId, NodeDisk>();

  write(nodeId: NodeId, record: NodeDiskRecord, snapshot: ConfigSnapshot): void {
    const disk = this.#disk(nodeId);
    disk.before = disk.durable;
    disk.durable = { record, snapshot };
    disk.isStale = false;
    disk.isCorrupt = false;
  }

  lose(nodeId: NodeId): void {
    this.#disks.delete(nodeId);
  }

  /** The last write is undone, as by a disk that lied about it; once, however often it comes back so. */
  revert(nodeId: NodeId): void {
    const disk = this.#disk(nodeId);
    if (disk.isStale) return;
    disk.durable = disk.before;
    disk.before = null;
    disk.isStale = true;
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
    const resources = resourcesOf(snapshot);
    if (!disk.isCorrupt) return { kind: 'found', record, resources };
    const [first, ...rest] = resources;
    if (first === undefined) return { kind: 'damaged', detail: 'its only record is unreadable' };
    return { kind: 'found', record, resources: [{ ...first, spec: { damaged: true } }, ...rest] };
  }

  #disk(nodeId: NodeId): NodeDisk {
    let disk = this.#disks.get(nodeId);
    if (disk === undefined) {
      disk = { durable: null, before: null, isStale: false, isCorrupt: false };
      this.#disks.set(nodeId, disk);
    }
    return disk;
  }
}

/** One list a snapshot, in all worlds, so that what is read again is verified once for all who hold the same. */
const resourceLists = new WeakMap<ConfigSnapshot, readonly ResourceBody[]>();

function resourcesOf(snapshot: ConfigSnapshot): readonly ResourceBody[] {
  const known = resourceLists.get(snapshot);
  if (known !== undefined) return known;
  const resources = [...snapshot.resources.values()].map(({ body }) => body);
  resourceLists.set(snapshot, resources);
  return resources;
}
