import type { Database } from 'better-sqlite3';
import type { Generation, Revision, RootHash } from '../../../core/config/ids.ts';
import { assert } from '../../../core/lib/assert.ts';
import type { Micros } from '../../../core/ports/clock.ts';
import type { RevisionOrigin, RevisionRecord } from '../../../core/ports/store.ts';
import type { ListEdit } from './list-edits.ts';

export interface RevisionRow {
  readonly revision: Revision;
  readonly parent: Revision | null;
  readonly generation: Generation;
  readonly rootHash: RootHash;
  readonly author: string;
  readonly message: string;
  readonly createdAt: Micros;
  readonly origin: RevisionOrigin['kind'];
  readonly originOf: Revision | null;
  readonly resources: number;
  readonly changed: number;
  readonly sourceBytes: number;
}

export function encodeOrigin(origin: RevisionOrigin): Pick<RevisionRow, 'origin' | 'originOf'> {
  switch (origin.kind) {
    case 'publish':
      return { origin: 'publish', originOf: null };
    case 'rollback':
      return { origin: 'rollback', originOf: origin.of };
    case 'adopt':
      return { origin: 'adopt', originOf: origin.servedRevision };
  }
}

export function decodeRevision(row: RevisionRow): RevisionRecord {
  const { origin, originOf, ...rest } = row;
  return Object.freeze({ ...rest, origin: decodeOrigin(origin, originOf) });
}

function decodeOrigin(kind: RevisionOrigin['kind'], of: Revision | null): RevisionOrigin {
  if (kind === 'publish') return { kind };
  assert(of !== null, 'the table demands origin_of for all but a publish');
  return kind === 'rollback' ? { kind, of } : { kind, servedRevision: of };
}

export const REVISION_COLUMNS = `revision, parent, generation, root_hash AS rootHash, author, message,
  created_at_us AS createdAt, origin, origin_of AS originOf, resources, changed,
  source_bytes AS sourceBytes`;

/** Every statement of the history, prepared once. */
export function prepareRevisionStatements(db: Database) {
  return {
    state: db.prepare<[], { generation: Generation; head: Revision | null }>(
      'SELECT generation, head FROM store WHERE id = 1',
    ),
    moveHead: db.prepare<[Revision, Generation, Revision | null]>(
      'UPDATE store SET head = ?, generation = ? WHERE id = 1 AND head IS ?',
    ),
    insertRevision: db.prepare<[RevisionRow]>(
      `INSERT INTO revision (revision, parent, generation, root_hash, author, message,
         created_at_us, origin, origin_of, resources, changed, source_bytes)
       VALUES (@revision, @parent, @generation, @rootHash, @author, @message,
         @createdAt, @origin, @originOf, @resources, @changed, @sourceBytes)`,
    ),
    insertRemoved: db.prepare<[Revision, string]>(
      'INSERT INTO removed_resource (revision, key) VALUES (?, ?)',
    ),
    exists: db.prepare<[Revision], number>('SELECT 1 FROM revision WHERE revision = ?').pluck(),
    revision: db.prepare<[Revision], RevisionRow>(
      `SELECT ${REVISION_COLUMNS} FROM revision WHERE revision = ?`,
    ),
    revisions: db.prepare<[number, number], RevisionRow>(
      `SELECT ${REVISION_COLUMNS} FROM revision WHERE revision < ?
       ORDER BY revision DESC LIMIT ?`,
    ),
    insertChange: db.prepare<[Revision, number, ListEdit<never>['op'], number, number | null]>(
      `INSERT INTO revision_change (revision, ordinal, op, position, document)
       VALUES (?, ?, ?, ?, ?)`,
    ),
    changes: db.prepare<[Revision, Revision], ListEdit<number>>(
      `SELECT op, position, document AS item FROM revision_change
       WHERE revision > ? AND revision <= ? ORDER BY revision, ordinal`,
    ),
    insertCheckpoint: db.prepare<[Revision, Buffer]>(
      'INSERT INTO checkpoint (revision, documents) VALUES (?, ?)',
    ),
    checkpointAt: db.prepare<[Revision], { revision: Revision; documents: Buffer }>(
      `SELECT revision, documents FROM checkpoint WHERE revision <= ?
       ORDER BY revision DESC LIMIT 1`,
    ),
    sinceCheckpoint: db.prepare<[], { revisions: number; changes: number }>(
      `WITH last AS (SELECT max(revision) AS revision FROM checkpoint)
       SELECT (SELECT count(*) FROM revision WHERE revision > (SELECT revision FROM last))
                AS revisions,
              (SELECT count(*) FROM revision_change WHERE revision > (SELECT revision FROM last))
                AS changes`,
    ),
  };
}
