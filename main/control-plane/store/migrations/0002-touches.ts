import type { Database } from 'better-sqlite3';
import { assert } from '../../../../core/lib/assert.ts';
import { decodeCheckpoint } from '../checkpoint-blob.ts';
import { applyListEdit, type ListEdit } from '../list-edits.ts';
import type { Migration } from '../migrate.ts';

/**
 * Every document row is written by one revision, so it can say which: `text_since`. `content_since`
 * is the revision that made its body what it is: an earlier one where only the text was changed.
 * With both, blame reads nothing but the documents themselves. A removal writes no document, so
 * what it removed has a table.
 */
const SCHEMA = `
ALTER TABLE document ADD COLUMN text_since INTEGER REFERENCES revision (revision);
ALTER TABLE document ADD COLUMN content_since INTEGER REFERENCES revision (revision);

CREATE TABLE removed_resource (
  revision INTEGER NOT NULL REFERENCES revision (revision),
  key TEXT NOT NULL,
  PRIMARY KEY (revision, key)
) STRICT, WITHOUT ROWID;
`;

const APPEND_ONLY = (table: string, verb: 'UPDATE' | 'DELETE') =>
  `CREATE TRIGGER ${table}_no_${verb.toLowerCase()} BEFORE ${verb} ON ${table}
   BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`;

/** Who touched what last, filled in for the history that is there. */
export const touches: Migration = {
  version: 2,
  name: 'touches',
  up(db) {
    db.exec(SCHEMA);
    db.exec('DROP TRIGGER document_no_update');
    new TouchFiller(db).fill();
    db.exec(APPEND_ONLY('document', 'UPDATE'));
    db.exec(APPEND_ONLY('removed_resource', 'UPDATE'));
    db.exec(APPEND_ONLY('removed_resource', 'DELETE'));
  },
};

interface OldDocument {
  readonly key: string;
  readonly body: number | null;
}

/** Goes through the history once, oldest first, and says of each document who wrote it. */
class TouchFiller {
  readonly #db: Database;
  readonly #documents = new Map<number, OldDocument>();
  readonly #contentSince = new Map<number, number>();
  readonly #sql: ReturnType<typeof prepare>;

  constructor(db: Database) {
    this.#db = db;
    this.#sql = prepare(db);
    const select = db.prepare<[], OldDocument & { id: number }>(
      'SELECT id, key, body FROM document',
    );
    for (const { id, key, body } of select.iterate()) this.#documents.set(id, { key, body });
  }

  fill(): void {
    const revisions = this.#db
      .prepare<[], number>('SELECT revision FROM revision ORDER BY revision')
      .pluck()
      .all();
    let before: readonly number[] = [];
    for (const revision of revisions) {
      const after = this.#listAt(revision, before);
      this.#touched(revision, before, after);
      before = after;
    }
  }

  #listAt(revision: number, before: readonly number[]): readonly number[] {
    const checkpoint = this.#sql.checkpoint.get(revision);
    if (checkpoint !== undefined) return decodeCheckpoint(checkpoint);
    const edits = this.#sql.changes.all(revision);
    if (edits.length === 0) return before;
    const after = [...before];
    for (const edit of edits) applyListEdit(after, edit);
    return after;
  }

  #touched(revision: number, before: readonly number[], after: readonly number[]): void {
    if (before === after) return;
    const held = new Set(before);
    const fresh = after.filter((id) => !held.has(id));
    const kept = new Set(after);
    const gone = before.filter((id) => !kept.has(id));
    const goneByKey = new Map(gone.map((id) => [this.#of(id).key, id]));
    for (const id of new Set(fresh)) this.#write(id, revision, goneByKey);
    if (gone.length === 0) return;
    const keys = new Set(gone.map((id) => this.#of(id).key));
    for (const id of after) keys.delete(this.#of(id).key);
    for (const key of keys) this.#sql.insertRemoved.run(revision, key);
  }

  #write(id: number, revision: number, goneByKey: ReadonlyMap<string, number>): void {
    const { key, body } = this.#of(id);
    const previous = goneByKey.get(key);
    const isSameContent =
      previous !== undefined && body !== null && this.#of(previous).body === body;
    const contentSince = isSameContent ? (this.#contentSince.get(previous) ?? revision) : revision;
    this.#contentSince.set(id, contentSince);
    this.#sql.update.run(revision, contentSince, id);
  }

  #of(id: number): OldDocument {
    const document = this.#documents.get(id);
    assert(document !== undefined, `document ${id} is in the store`);
    return document;
  }
}

function prepare(db: Database) {
  return {
    checkpoint: db
      .prepare<[number], Buffer>('SELECT documents FROM checkpoint WHERE revision = ?')
      .pluck(),
    changes: db.prepare<[number], ListEdit<number>>(
      `SELECT op, position, document AS item FROM revision_change
       WHERE revision = ? ORDER BY ordinal`,
    ),
    update: db.prepare<[number, number, number]>(
      'UPDATE document SET text_since = ?, content_since = ? WHERE id = ?',
    ),
    insertRemoved: db.prepare<[number, string]>(
      'INSERT INTO removed_resource (revision, key) VALUES (?, ?)',
    ),
  };
}
