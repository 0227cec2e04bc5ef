import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  write,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { NodeId, RootHash } from '../../../core/config/ids.ts';
import type { ConfigSnapshot } from '../../../core/config/snapshot.ts';
import { LruMap } from '../../../core/lib/lru-map.ts';
import { err, ok, type Result } from '../../../core/lib/result.ts';
import type { DiskLoad, NodeDiskRecord } from '../../../core/node/node-events.ts';
import { decodeJson } from '../../../core/protocol/decode-json.ts';
import type { ResourceBody } from '../../../core/protocol/node-link.ts';
import { compactedFile } from './disk-compaction.ts';
import { type DiskChange, encodeChanges } from './disk-encoder.ts';
import { DiskIndex, type Span } from './disk-index.ts';
import {
  COMPACTION_AT_OPEN_WASTE_BYTES,
  COMPACTION_BYTES_MIN,
  COMPACTION_LIVE_RATIO,
  FLEET_DISK_BYTES_MAX,
  LOADED_CONFIGS_MAX,
} from './disk-limits.ts';
import { DISK_HEADER, decodeDiskRecord, encodeDiskRecord, scanDisk } from './disk-records.ts';

const bodySchema = z.record(z.string(), z.unknown());
const writeAt = promisify(write);
const syncData = promisify(fdatasync);

export const FLEET_DISK_FILE = 'fleet.disk';
/** What the fleet holds is its owner's alone, whatever the umask. */
const DIR_MODE = 0o700;
const FILE_MODE = 0o600;

export interface FleetDiskInput {
  readonly dir: string;
  /** Hears of damage and of failed writes. */
  readonly note: (text: string) => void;
  /** Overrides `COMPACTION_BYTES_MIN`. */
  readonly compactionBytesMin?: number;
}

type Pending = DiskChange & { readonly done: (ok: boolean) => void };

/**
 * The disks of all nodes of one simulator in one append-only, content-addressed file, so that they
 * survive its `SIGKILL`. Sharing the file is an optimisation of simulation: each node reads and
 * writes as if the disk were its own. What is asked while a write is under way is gathered into one
 * append and one `fdatasync`.
 */
export class FleetDisk {
  readonly #dir: string;
  readonly #note: (text: string) => void;
  readonly #compactionBytesMin: number;
  #fd: number;
  #size: number;
  #index: DiskIndex;
  /** Configs known to be wholly in the file. */
  readonly #whole = new Set<RootHash>();
  #basis: ConfigSnapshot | null = null;
  /** Bounded by the fleet: a node has at most one persist and one wipe under way. */
  #pending: Pending[] = [];
  #committing = false;
  #broken = false;
  #closed = false;
  /** Size at the last look for waste, so that looking costs little. */
  #lookedAt = 0;
  readonly #loaded = new LruMap<RootHash, readonly ResourceBody[]>(LOADED_CONFIGS_MAX);

  private constructor(input: FleetDiskInput, fd: number, size: number, index: DiskIndex) {
    this.#dir = input.dir;
    this.#note = input.note;
    this.#compactionBytesMin = input.compactionBytesMin ?? COMPACTION_BYTES_MIN;
    this.#fd = fd;
    this.#size = size;
    this.#index = index;
  }

  /** Opens or makes the file in `dir`. Cuts a torn tail; notes and skips damaged records. */
  static open(
    input: FleetDiskInput,
  ): Result<FleetDisk, { readonly reason: 'open-failed'; readonly detail: string }> {
    try {
      return ok(FleetDisk.#open(input));
    } catch (error) {
      return err({ reason: 'open-failed', detail: describe(error) });
    }
  }

  static #open(input: FleetDiskInput): FleetDisk {
    mkdirSync(input.dir, { recursive: true, mode: DIR_MODE });
    const path = join(input.dir, FLEET_DISK_FILE);
    rmSync(`${path}.new`, { force: true });
    const found = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    const header = found.subarray(0, DISK_HEADER.length);
    const foreign = found.length >= DISK_HEADER.length && !header.equals(DISK_HEADER);
    if (foreign) {
      renameSync(path, `${path}.unreadable`);
      input.note(`${FLEET_DISK_FILE} is not a fleet's disk: put aside, all disks are empty`);
    }
    const file = foreign ? Buffer.alloc(0) : found;
    const fd = openSync(path, file.length === 0 ? 'w+' : 'r+', FILE_MODE);
    const index = new DiskIndex();
    const { end, damaged } = scanDisk(file, (scanned) => index.add(scanned));
    if (file.length < DISK_HEADER.length) writeSync(fd, DISK_HEADER, 0, DISK_HEADER.length, 0);
    const size = Math.max(end, DISK_HEADER.length);
    if (file.length > size) ftruncateSync(fd, size);
    if (damaged > 0) input.note(`${FLEET_DISK_FILE}: ${damaged} damaged places skipped`);
    const disk = new FleetDisk(input, fd, size, index);
    const waste = size - index.liveBytes();
    if (waste > COMPACTION_AT_OPEN_WASTE_BYTES && waste > size / 2) disk.#compact();
    return disk;
  }

  get fileBytes(): number {
    return this.#size;
  }

  /** Makes `record` and the config durable; `done` hears when it is, or that it could not be. */
  persist(
    nodeId: NodeId,
    record: NodeDiskRecord,
    snapshot: ConfigSnapshot,
    done: (ok: boolean) => void,
  ): void {
    this.#enqueue({ kind: 'persist', nodeId, record, snapshot, done });
  }

  /** Empties the disks of these nodes. */
  wipe(nodeIds: readonly NodeId[], done: (ok: boolean) => void): void {
    this.#enqueue({ kind: 'wipe', nodeIds, done });
  }

  /** Empties every disk but those of these nodes, whoever the rest belonged to. */
  keepOnly(nodeIds: ReadonlySet<NodeId>, done: (ok: boolean) => void): void {
    const strays = [...this.#index.pointers.keys()].filter((nodeId) => !nodeIds.has(nodeId));
    if (strays.length === 0) done(true);
    else this.wipe(strays, done);
  }

  /** Calls back once all that was asked before was tried: at once, when nothing is under way. */
  afterPending(run: () => void): void {
    if (this.#committing) this.#enqueue({ kind: 'wipe', nodeIds: [], done: run });
    else run();
  }

  /** What a node finds on its disk. The same config is the same array for every node. */
  read(nodeId: NodeId): DiskLoad {
    const record = this.#index.pointers.get(nodeId);
    if (record === undefined) return { kind: 'empty' };
    const resources = this.#loaded.get(record.hash) ?? this.#load(record.hash);
    if (resources === null) {
      return { kind: 'damaged', detail: `r${record.revision} cannot be read back` };
    }
    return { kind: 'found', record, resources };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
  }

  #load(root: RootHash): readonly ResourceBody[] | null {
    const manifest = this.#index.manifest(root);
    if (manifest === null) return null;
    const resources: ResourceBody[] = [];
    for (const contentHash of manifest.values()) {
      const span = this.#index.resources.get(contentHash);
      const bytes = span === undefined ? null : this.#readSpan(span);
      const record = bytes === null ? null : decodeDiskRecord(bytes);
      if (record?.type !== 'resource' || record.contentHash !== contentHash) {
        // Forgotten, so that the next push writes it again.
        this.#index.resources.delete(contentHash);
        this.#whole.delete(root);
        return null;
      }
      const body = decodeJson(bodySchema, record.canonical);
      if (!body.ok) return null;
      resources.push(body.value);
    }
    this.#whole.add(root);
    this.#loaded.set(root, resources);
    return resources;
  }

  #readSpan({ offset, bytes }: Span): Buffer | null {
    const buffer = Buffer.allocUnsafe(bytes);
    return readSync(this.#fd, buffer, 0, bytes, offset) === bytes ? buffer : null;
  }

  #enqueue(change: Pending): void {
    this.#pending.push(change);
    if (this.#committing) return;
    this.#committing = true;
    // The other nodes that were told the same are handled in this turn of the event loop.
    setImmediate(() => void this.#commitAll());
  }

  async #commitAll(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending;
      this.#pending = [];
      const written = await this.#commit(batch);
      for (const { done } of batch) done(written);
    }
    this.#committing = false;
  }

  async #commit(batch: readonly Pending[]): Promise<boolean> {
    if (this.#broken || this.#closed) return false;
    const start = this.#size;
    try {
      const records = encodeChanges(this.#index, this.#whole, this.#basis, batch);
      if (records.length === 0) return true;
      const parts = records.map(encodeDiskRecord);
      const bytes = Buffer.concat(parts);
      if (start + bytes.length > FLEET_DISK_BYTES_MAX) throw new Error('the file is full');
      await this.#append(bytes, start);
      let offset = start;
      for (const [i, record] of records.entries()) {
        const length = parts[i]?.length ?? 0;
        this.#index.add({ record, offset, bytes: length });
        offset += length;
      }
      this.#size = offset;
      for (const change of batch) {
        if (change.kind === 'wipe') continue;
        this.#whole.add(change.snapshot.hash);
        this.#basis = change.snapshot;
      }
      this.#compactIfWorthwhile();
      return true;
    } catch (error) {
      this.#note(`${FLEET_DISK_FILE}: write failed: ${describe(error)}`);
      this.#cutBack(start);
      return false;
    }
  }

  async #append(bytes: Buffer, start: number): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await writeAt(
        this.#fd,
        bytes,
        done,
        bytes.length - done,
        start + done,
      );
      done += bytesWritten;
    }
    await syncData(this.#fd);
  }

  /** After a failed write, nothing of it may be read back later. */
  #cutBack(size: number): void {
    try {
      ftruncateSync(this.#fd, size);
    } catch {
      this.#broken = true;
    }
  }

  #compactIfWorthwhile(): void {
    const worthLooking = Math.max(this.#compactionBytesMin, this.#lookedAt * 1.25);
    if (this.#size < worthLooking) return;
    this.#lookedAt = this.#size;
    if (this.#size < this.#index.liveBytes() * COMPACTION_LIVE_RATIO) return;
    try {
      this.#compact();
    } catch (error) {
      this.#note(`${FLEET_DISK_FILE}: could not be compacted: ${describe(error)}`);
    }
  }

  /** Writes a new file and puts it in the old one's place; a crash leaves one of the two, whole. */
  #compact(): void {
    const path = join(this.#dir, FLEET_DISK_FILE);
    const content = compactedFile(this.#index, (span) => this.#readSpan(span));
    const fd = openSync(`${path}.new`, 'w+', FILE_MODE);
    try {
      for (let done = 0; done < content.length; ) done += writeSync(fd, content, done);
      fdatasyncSync(fd);
      renameSync(`${path}.new`, path);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
    syncDirectory(this.#dir);
    closeSync(this.#fd);
    this.#fd = fd;
    this.#size = content.length;
    this.#index = new DiskIndex();
    scanDisk(content, (scanned) => this.#index.add(scanned));
    this.#lookedAt = 0;
    // Damaged records were left behind, so what was whole must be looked at anew.
    this.#whole.clear();
    this.#basis = null;
  }
}

function syncDirectory(dir: string): void {
  // Not every platform can sync a directory; the rename itself is atomic on all of them.
  let fd: number | null = null;
  try {
    fd = openSync(dir, 'r');
    fsyncSync(fd);
  } catch {
    // Best effort.
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
