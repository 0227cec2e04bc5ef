import Database from 'better-sqlite3';

/** What SQLite had to complain about; null for an error that is not SQLite's. */
export function sqliteErrorText(error: unknown): string | null {
  return error instanceof Database.SqliteError ? `${error.message} (${error.code})` : null;
}
