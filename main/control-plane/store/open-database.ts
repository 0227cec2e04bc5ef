import { closeSync, mkdtempSync, openSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { AssertionError } from '../../../core/lib/assert.ts';
import { err, ok, type Result } from '../../../core/lib/result.ts';
import { readApplicationId, readUserVersion, STORE_APPLICATION_ID } from './migrate.ts';

/** Why a store could not be opened. `detail` is one plain sentence that names the file. */
export interface OpenStoreError {
  readonly reason:
    | 'read-only'
    | 'newer-version'
    | 'damaged'
    | 'in-use'
    | 'not-a-store'
    | 'open-failed';
  readonly detail: string;
}

/** Commits between two checkpoints pay no more than their own sync; 16 MiB of log at 4 KiB a page. */
const WAL_CHECKPOINT_PAGES = 4_096;
/** What the log is cut back to after a checkpoint. */
const WAL_BYTES_KEPT_MAX = 32 * 1024 * 1024;

/**
 * Opens the file and takes it for this process alone, or creates it. What a refused file holds is
 * not changed.
 */
export function openDatabase(
  path: string,
  versionMax: number,
): Result<Database.Database, OpenStoreError> {
  let db: Database.Database | null = null;
  try {
    // Whoever comes second is told at once: there is nothing to wait for.
    db = new Database(path, { timeout: 0 });
    db.pragma('locking_mode = EXCLUSIVE');
    const refusal = inspect(db, path, versionMax);
    if (refusal !== null) {
      db.close();
      return err(refusal);
    }
    const journal = db.pragma('journal_mode = WAL', { simple: true });
    if (journal !== 'wal') throw new Error(`its journal mode is ${String(journal)}, not WAL`);
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.pragma('trusted_schema = OFF');
    db.pragma(`wal_autocheckpoint = ${WAL_CHECKPOINT_PAGES}`);
    db.pragma(`journal_size_limit = ${WAL_BYTES_KEPT_MAX}`);
    // In exclusive mode a lock once taken is kept; only a write takes the one that shuts all out.
    db.exec('BEGIN IMMEDIATE; COMMIT');
    return ok(db);
  } catch (error) {
    db?.close();
    return err(explainOpenError(error, path));
  }
}

function inspect(db: Database.Database, path: string, versionMax: number): OpenStoreError | null {
  const applicationId = readApplicationId(db);
  const version = readUserVersion(db);
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  const fresh = applicationId === 0 && version === 0 && tables === 0;
  if (!fresh && applicationId !== STORE_APPLICATION_ID) {
    return {
      reason: 'not-a-store',
      detail: `${path} is a SQLite database, but not a Holdfast store.`,
    };
  }
  if (version > versionMax) {
    return {
      reason: 'newer-version',
      detail: `${path} was written by a newer Holdfast (store version ${version}; this one knows ${versionMax}): use that one.`,
    };
  }
  const check = db.pragma('quick_check(1)', { simple: true });
  return check === 'ok' ? null : damaged(path, String(check));
}

/** Turns what SQLite threw at opening into a refusal that a person can act on. */
export function explainOpenError(error: unknown, path: string): OpenStoreError {
  const code = error instanceof Database.SqliteError ? error.code : '';
  const message = error instanceof Error ? error.message : String(error);
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return {
      reason: 'in-use',
      detail: `${path} is in use by another Holdfast: close that one, or choose another data directory.`,
    };
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return damaged(path, message);
  // What the store takes for granted about its own rows does not hold.
  if (error instanceof AssertionError) return damaged(path, message);
  if (code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM') return readOnly(path);
  if (code.startsWith('SQLITE_CANTOPEN') && !isFolderWritable(dirname(path))) return readOnly(path);
  // A file that could be opened for reading only cannot be locked for writing.
  if (code === 'SQLITE_IOERR_LOCK' && !isFileWritable(path)) return readOnly(path);
  return { reason: 'open-failed', detail: `${path} cannot be opened: ${oneLine(message)}.` };
}

function damaged(path: string, message: string): OpenStoreError {
  return {
    reason: 'damaged',
    detail: `${path} is damaged, or no database at all (${oneLine(message)}): restore a backup.`,
  };
}

function readOnly(path: string): OpenStoreError {
  return { reason: 'read-only', detail: `${path} cannot be written: its place is read-only.` };
}

/**
 * These two ask the file system instead of reading permission bits, which say little for root or a
 * read-only mount. True when the trouble is something else: a folder that is not there, for instance.
 */
function isFolderWritable(folder: string): boolean {
  return !isDenied(() => rmdirSync(mkdtempSync(join(folder, '.holdfast-probe-'))));
}

/** Only where no store of this process has the file: closing it here would let go of that one's lock. */
function isFileWritable(path: string): boolean {
  return !isDenied(() => closeSync(openSync(path, 'r+')));
}

function isDenied(attempt: () => void): boolean {
  try {
    attempt();
    return false;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    return code === 'EACCES' || code === 'EROFS' || code === 'EPERM';
  }
}

function oneLine(message: string): string {
  return message.replaceAll(/\s+/g, ' ').replace(/\.$/, '').slice(0, 200);
}
