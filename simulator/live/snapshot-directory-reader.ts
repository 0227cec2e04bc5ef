import type { BigIntStats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotRead, SnapshotReader } from '../../core/ports/snapshot-store.ts';
import { SnapshotDecoder } from '../../core/protocol/snapshot-decoder.ts';
import { SNAPSHOT_FILE_BYTES_MAX, SNAPSHOT_FILE_NAME } from '../../core/protocol/snapshot-file.ts';

/**
 * The snapshot store as nodes see it: one file in a directory, which stands in for an object store.
 * Nodes of this process that read at the same time share one reading, and a file that has not changed
 * is not read again: an optimisation of simulation.
 */
export class SnapshotDirectoryReader implements SnapshotReader {
  readonly #path: string;
  readonly #decoder = new SnapshotDecoder();
  #waiting: ((read: SnapshotRead) => void)[] = [];
  #isReading = false;
  #known: { readonly stamp: string; readonly read: SnapshotRead } | null = null;

  constructor(directory: string) {
    this.#path = join(directory, SNAPSHOT_FILE_NAME);
  }

  /** A node asks for one reading at a time, so that no more wait than there are nodes. */
  read(done: (read: SnapshotRead) => void): void {
    this.#waiting.push(done);
    if (!this.#isReading) void this.#readForAll();
  }

  async #readForAll(): Promise<void> {
    this.#isReading = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    const read = await this.#readOnce();
    this.#isReading = false;
    for (const done of waiting) done(read);
    // Who asked while the file was being read may be given what came after.
    if (this.#waiting.length > 0 && !this.#isReading) void this.#readForAll();
  }

  async #readOnce(): Promise<SnapshotRead> {
    let file: FileHandle | null = null;
    try {
      file = await open(this.#path, 'r');
      const stats = await file.stat({ bigint: true });
      const stamp = stampOf(stats);
      if (this.#known?.stamp === stamp) return this.#known.read;
      if (!stats.isFile()) return { kind: 'unreachable', detail: 'a directory is in its place' };
      if (stats.size > SNAPSHOT_FILE_BYTES_MAX) {
        const detail = `it has ${stats.size} bytes, over the bound of ${SNAPSHOT_FILE_BYTES_MAX}`;
        return { kind: 'damaged', detail };
      }
      const read = this.#decoder.decodeFile(await file.readFile());
      this.#known = { stamp, read };
      return read;
    } catch (error) {
      return failed(error);
    } finally {
      // What was read is read; a close that fails changes nothing of it.
      await file?.close().catch(() => undefined);
    }
  }
}

/** A dump is renamed into its place, so what has the same stamp has the same content. */
function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join('/');
}

function failed(error: unknown): SnapshotRead {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  // Without its directory, nothing was ever put there.
  if (code === 'ENOENT') return { kind: 'empty' };
  return { kind: 'unreachable', detail: error instanceof Error ? error.message : String(error) };
}
