import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { err, ok, type Result } from '../../../core/lib/result.ts';

export interface BackupError {
  readonly reason: 'backup-failed';
  /** One plain sentence that names the file. */
  readonly detail: string;
}

/**
 * Copies the open store to `target` while it goes on working. The copy is made beside the target,
 * checked, synced and then renamed over it: whoever finds the target finds a whole backup, a single
 * file without a log.
 */
export async function backupDatabase(
  db: Database.Database,
  target: string,
): Promise<Result<{ bytes: number }, BackupError>> {
  const path = resolve(target);
  const partial = join(dirname(path), `.${basename(path)}.${randomUUID()}.partial`);
  try {
    if (isStoreItself(db.name, path)) {
      return err({
        reason: 'backup-failed',
        detail: `${target} is the store itself: choose another file for the backup.`,
      });
    }
    await db.backup(partial);
    finishCopy(partial);
    const bytes = statSync(partial).size;
    renameSync(partial, path);
    syncPath(dirname(path));
    return ok({ bytes });
  } catch (error) {
    removePartial(partial);
    const message = error instanceof Error ? error.message : String(error);
    return err({ reason: 'backup-failed', detail: `${target} could not be written: ${message}.` });
  }
}

function removePartial(partial: string): void {
  // A path that no file can have, with a NUL in it for instance, has nothing to remove either.
  if (partial.includes('\0')) return;
  for (const suffix of ['', '-journal', '-wal', '-shm']) {
    rmSync(`${partial}${suffix}`, { force: true });
  }
}

/** Takes the copy out of WAL mode, so that one file is all of it, and reads it through once. */
function finishCopy(partial: string): void {
  const copy = new Database(partial, { fileMustExist: true, timeout: 0 });
  try {
    copy.pragma('locking_mode = EXCLUSIVE');
    copy.pragma('journal_mode = DELETE');
    const check = copy.pragma('quick_check(1)', { simple: true });
    if (check !== 'ok') throw new Error(`the copy is damaged: ${String(check)}`);
  } finally {
    copy.close();
  }
  syncPath(partial);
}

function syncPath(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function isStoreItself(own: string, target: string): boolean {
  const ownPath = resolve(own);
  if (target === ownPath || target === `${ownPath}-wal`) return true;
  const mine = statSync(ownPath);
  const other = statSync(target, { throwIfNoEntry: false });
  return other !== undefined && other.dev === mine.dev && other.ino === mine.ino;
}
