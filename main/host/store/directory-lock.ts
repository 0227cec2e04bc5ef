import Database from 'better-sqlite3';
import { err, ok, type Result } from '../../../core/lib/result.ts';

export interface DirectoryLock {
  release(): void;
}

/**
 * Takes the data directory for this process. The lock is the operating system's, held through an
 * open SQLite transaction, so it vanishes with the process however that ends.
 */
export function lockDirectory(
  path: string,
): Result<DirectoryLock, { reason: 'held' | 'read-only' | 'open-failed'; detail: string }> {
  let database: Database.Database | null = null;
  try {
    database = new Database(path, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    const code = error instanceof Database.SqliteError ? error.code : '';
    const detail = error instanceof Error ? error.message : String(error);
    if (code.startsWith('SQLITE_BUSY')) return err({ reason: 'held', detail });
    const isReadOnly = code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_PERM');
    return err({ reason: isReadOnly ? 'read-only' : 'open-failed', detail });
  }
  const held = database;
  return ok({
    release() {
      held.close();
    },
  });
}
