import type Database from 'better-sqlite3';
import { draftRowSchema, draftSummaryRowSchema } from './console-rows.ts';
import type { ConsoleStore } from './console-store.ts';
import { rowsOf, runner } from './console-tables.ts';

/** One draft for each operator and base. */
export function draftTable(
  database: Database.Database,
): Pick<ConsoleStore, 'drafts' | 'draft' | 'saveDraft' | 'discardDraft' | 'discardDrafts'> {
  // Replacing takes the next number, so that what was saved last is the newest whatever the clock says.
  const save = runner(
    database,
    'INSERT OR REPLACE INTO draft (operator, base, text, bytes, saved_at_ms) VALUES (?, ?, ?, octet_length(?), ?)',
  );
  const discard = runner(database, 'DELETE FROM draft WHERE operator = ? AND base IS ?');
  return {
    drafts(operator) {
      const sql =
        'SELECT base, saved_at_ms AS savedAtMs, bytes FROM draft WHERE operator = ? ORDER BY saved_seq DESC';
      return rowsOf(database, draftSummaryRowSchema, sql, operator);
    },
    draft(operator, base) {
      const sql =
        'SELECT base, text, saved_at_ms AS savedAtMs FROM draft WHERE operator = ? AND base IS ?';
      return rowsOf(database, draftRowSchema, sql, operator, base)[0] ?? null;
    },
    saveDraft(operator, { base, text, savedAtMs }) {
      save(operator, base, text, text, savedAtMs);
    },
    discardDraft(operator, base) {
      const discarded = discard(operator, base).changes > 0;
      if (discarded) emptyLog(database);
      return discarded;
    },
    discardDrafts(operator) {
      const sql = 'DELETE FROM draft WHERE operator = ?';
      const discarded = database.prepare(sql).run(operator).changes > 0;
      if (discarded) emptyLog(database);
      return discarded;
    },
  };
}

/** The write-ahead log holds what was deleted, as it was saved, until it is cut short. */
function emptyLog(database: Database.Database): void {
  try {
    database.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // The draft is deleted all the same; a full disk or a reader puts this off to the next checkpoint.
  }
}
