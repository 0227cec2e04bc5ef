import type { Database } from 'better-sqlite3';
import type { ContentHash, ResourceKey, Revision, SourceHash } from '../../../core/config/ids.ts';
import type { FreshDocument, StoredDocument } from '../../../core/config/plan-publish.ts';
import { assert } from '../../../core/lib/assert.ts';

/** Documents kept in memory by id; beyond it the cache starts over. About 0.3 kB each. */
const CACHED_DOCUMENTS_MAX = 50_000;

interface DocumentRow {
  readonly key: ResourceKey;
  readonly contentHash: ContentHash | null;
  readonly sourceHash: SourceHash;
  readonly sourceBytes: number;
  readonly textSince: Revision;
  readonly contentSince: Revision;
}

/** Documents and their texts, each text stored once. */
export class DocumentTable {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #byId = new Map<number, StoredDocument>();
  readonly #idOf = new WeakMap<StoredDocument, number>();

  constructor(db: Database) {
    this.#sql = prepare(db);
  }

  /** Within the caller's transaction. Texts that are there already are not written again. */
  insert(fresh: FreshDocument): number {
    const { document, stored } = fresh;
    const { key, contentHash, canonical, sourceHash, source } = document;
    let body: number | bigint | null = null;
    if (contentHash !== null && canonical !== null) {
      body =
        this.#sql.bodyId.get(contentHash) ??
        this.#sql.insertBody.run(contentHash, canonical).lastInsertRowid;
    }
    const sourceId =
      this.#sql.sourceId.get(sourceHash) ??
      this.#sql.insertSource.run(sourceHash, stored.sourceBytes, source).lastInsertRowid;
    const { textSince, contentSince } = stored;
    const id = Number(
      this.#sql.insertDocument.run(key, body, sourceId, textSince, contentSince).lastInsertRowid,
    );
    this.#idOf.set(stored, id);
    return id;
  }

  /** Of a document that came from this table. */
  idOf(stored: StoredDocument): number {
    const id = this.#idOf.get(stored);
    assert(id !== undefined, `${stored.entry.key} was read from or written to this store`);
    return id;
  }

  byId(id: number): StoredDocument {
    const cached = this.#byId.get(id);
    if (cached !== undefined) return cached;
    const row = this.#sql.document.get(id);
    assert(row !== undefined, `document ${id} is in the store`);
    const { key, contentHash, sourceHash, sourceBytes, textSince, contentSince } = row;
    const stored: StoredDocument = {
      entry: Object.freeze({ key, contentHash, sourceHash }),
      sourceBytes,
      textSince,
      contentSince,
    };
    if (this.#byId.size >= CACHED_DOCUMENTS_MAX) this.#byId.clear();
    this.#byId.set(id, stored);
    this.#idOf.set(stored, id);
    return stored;
  }

  canonical(hash: ContentHash): string | null {
    return this.#sql.canonical.get(hash) ?? null;
  }

  source(hash: SourceHash): string | null {
    return this.#sql.source.get(hash) ?? null;
  }
}

function prepare(db: Database) {
  return {
    bodyId: db.prepare<[string], number>('SELECT id FROM body WHERE hash = ?').pluck(),
    insertBody: db.prepare<[string, string]>('INSERT INTO body (hash, canonical) VALUES (?, ?)'),
    sourceId: db.prepare<[string], number>('SELECT id FROM source WHERE hash = ?').pluck(),
    insertSource: db.prepare<[string, number, string]>(
      'INSERT INTO source (hash, bytes, text) VALUES (?, ?, ?)',
    ),
    insertDocument: db.prepare<
      [string, number | bigint | null, number | bigint, Revision, Revision]
    >(
      `INSERT INTO document (key, body, source, text_since, content_since)
       VALUES (?, ?, ?, ?, ?)`,
    ),
    document: db.prepare<[number], DocumentRow>(
      `SELECT d.key, b.hash AS contentHash, s.hash AS sourceHash, s.bytes AS sourceBytes,
         d.text_since AS textSince, d.content_since AS contentSince
       FROM document d JOIN source s ON s.id = d.source LEFT JOIN body b ON b.id = d.body
       WHERE d.id = ?`,
    ),
    canonical: db.prepare<[string], string>('SELECT canonical FROM body WHERE hash = ?').pluck(),
    source: db.prepare<[string], string>('SELECT text FROM source WHERE hash = ?').pluck(),
  };
}
