import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok } from '../../core/lib/result.ts';
import type { SnapshotWriter, SnapshotWritten } from '../../core/ports/snapshot-store.ts';
import { SNAPSHOT_FILE_NAME, type SnapshotDump } from '../../core/protocol/snapshot-file.ts';

const PRIVATE_DIRECTORY_MODE = 0o700;
const PRIVATE_FILE_MODE = 0o600;

/**
 * The snapshot store as the control plane sees it: one file in a directory, which stands in for an
 * object store. A dump is written aside, made durable and renamed, so that whoever reads finds the one
 * before or this one. What lies there is never more than two snapshots.
 */
export function createSnapshotDirectoryWriter(directory: string): SnapshotWriter {
  const path = join(directory, SNAPSHOT_FILE_NAME);
  return {
    write(dump, done) {
      void put(path, dump).then(done);
    },
  };
}

async function put(path: string, { line, bodies }: SnapshotDump): Promise<SnapshotWritten> {
  const aside = `${path}.new`;
  try {
    await makeDirectory(dirname(path));
    const file = await open(aside, 'w', PRIVATE_FILE_MODE);
    await writeAll(file, [line, bodies]);
    await rename(aside, path);
    await syncDirectory(dirname(path));
    return ok(undefined);
  } catch (error) {
    return err({ detail: error instanceof Error ? error.message : String(error) });
  }
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: PRIVATE_DIRECTORY_MODE });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

async function writeAll(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  try {
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename lasts when its directory does. Where a directory cannot be opened, it cannot be synced. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
