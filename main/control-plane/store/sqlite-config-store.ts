import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import type {
  ContentHash,
  Generation,
  Lineage,
  NodeId,
  ResourceKey,
  Revision,
  SourceHash,
} from '../../../core/config/ids.ts';
import { assert } from '../../../core/lib/assert.ts';
import { err, ok, type Result } from '../../../core/lib/result.ts';
import type { Micros } from '../../../core/ports/clock.ts';
import type {
  AuditEntry,
  ConfigStore,
  ConvergenceRecord,
  DocumentEntry,
  InventoryNode,
  NodeWord,
  PublishError,
  PublishInput,
  ResourceTouches,
  RevisionRecord,
  Written,
} from '../../../core/ports/store.ts';
import { backupDatabase } from './backup-database.ts';
import { FleetRecords } from './fleet-records.ts';
import { migrate } from './migrate.ts';
import { ALL_MIGRATIONS } from './migrations/all-migrations.ts';
import { explainOpenError, type OpenStoreError, openDatabase } from './open-database.ts';
import { RevisionLog } from './revision-log.ts';

export type { OpenStoreError };

/**
 * Opens the control plane's store, or makes it where there is no file yet. The file belongs to the
 * store until it is closed or its process ends; whoever else opens it meanwhile gets `in-use`.
 *
 * `newLineage` is asked once in the life of a file.
 */
export function openSqliteConfigStore(input: {
  readonly path: string;
  readonly now: Micros;
  newLineage(): Lineage;
}): Result<ConfigStore, OpenStoreError> {
  const { path } = input;
  const opened = openDatabase(path, ALL_MIGRATIONS.length);
  if (!opened.ok) return opened;
  const db = opened.value;
  try {
    migrate(db, ALL_MIGRATIONS);
    const store = new SqliteConfigStore(db, readLineage(db, input));
    if (store.isSound()) return ok(store);
    db.close();
    return err({
      reason: 'damaged',
      detail: `${path} is damaged (the head does not have its root hash): restore a backup.`,
    });
  } catch (error) {
    db.close();
    return err(explainOpenError(error, path));
  }
}

function readLineage(
  db: Database,
  input: { readonly now: Micros; newLineage(): Lineage },
): Lineage {
  const select = db.prepare<[], Lineage>('SELECT lineage FROM store WHERE id = 1').pluck();
  const existing = select.get();
  if (existing !== undefined) return existing;
  const lineage = input.newLineage();
  db.prepare<[Lineage, Micros]>(
    'INSERT INTO store (id, lineage, created_at_us, generation, head) VALUES (1, ?, ?, 0, NULL)',
  ).run(lineage, input.now);
  return lineage;
}

/** Null when there is no such file, or it cannot be told. */
function inodeOf(path: string): bigint | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null;
}

class SqliteConfigStore implements ConfigStore {
  readonly lineage: Lineage;
  readonly #db: Database;
  readonly #inode: bigint | null;
  readonly #log: RevisionLog;
  readonly #fleet: FleetRecords;

  constructor(db: Database, lineage: Lineage) {
    this.#db = db;
    this.#inode = inodeOf(db.name);
    this.lineage = lineage;
    this.#fleet = new FleetRecords(db, lineage);
    this.#log = new RevisionLog(db, (entry) => this.#fleet.audit(entry));
  }

  isSound(): boolean {
    return this.#log.isHeadSound();
  }

  head(): RevisionRecord | null {
    return this.#open().#log.head();
  }

  generation(): Generation {
    return this.#open().#log.generation();
  }

  publish(input: PublishInput): Result<RevisionRecord, PublishError> {
    this.#open();
    // SQLite would go on writing to a file that has been deleted or replaced under its name, and
    // what was reported as published would be gone with the process.
    if (inodeOf(this.#db.name) !== this.#inode) {
      const detail = `${this.#db.name} was removed or replaced while it was in use; nothing was published. Put it back, or start the control plane again`;
      return err({ reason: 'storage-failed', detail });
    }
    return this.#log.publish(input);
  }

  revision(revision: Revision): RevisionRecord | null {
    return this.#open().#log.revision(revision);
  }

  revisions(query: { before?: Revision; limit: number }): RevisionRecord[] {
    return this.#open().#log.revisions(query);
  }

  searchRevisions(query: Parameters<ConfigStore['searchRevisions']>[0]): RevisionRecord[] {
    return this.#open().#log.search(query);
  }

  touches(revision: Revision): ResourceTouches[] | null {
    return this.#open().#log.touches(revision);
  }

  documents(revision: Revision): DocumentEntry[] | null {
    return this.#open().#log.documents(revision);
  }

  manifest(revision: Revision): ReadonlyMap<ResourceKey, ContentHash> | null {
    return this.#open().#log.manifest(revision);
  }

  canonical(hash: ContentHash): string | null {
    return this.#open().#log.documentTable.canonical(hash);
  }

  source(hash: SourceHash): string | null {
    return this.#open().#log.documentTable.source(hash);
  }

  inventory(): InventoryNode[] {
    return this.#open().#fleet.inventory();
  }

  changeInventory(change: Parameters<ConfigStore['changeInventory']>[0]): Written {
    return this.#open().#fleet.changeInventory(change);
  }

  wasRetired(nodeId: NodeId): boolean {
    return this.#open().#fleet.wasRetired(nodeId);
  }

  nodeWords(): NodeWord[] {
    return this.#open().#fleet.nodeWords();
  }

  saveNodeWords(words: readonly NodeWord[]): Written {
    return this.#open().#fleet.saveNodeWords(words);
  }

  convergence(revision: Revision): ConvergenceRecord | null {
    return this.#open().#fleet.convergence(revision);
  }

  saveConvergence(record: ConvergenceRecord): Written {
    assert(this.#open().#log.has(record.revision), 'convergence is that of a stored revision');
    return this.#fleet.saveConvergence(record);
  }

  superseded(): Lineage[] {
    return this.#open().#fleet.superseded();
  }

  supersede(lineage: Lineage, actor: string, at: Micros): Written {
    return this.#open().#fleet.supersede(lineage, actor, at);
  }

  audit(entry: AuditEntry): void {
    this.#open().#fleet.audit(entry);
  }

  auditTail(limit: number): AuditEntry[] {
    return this.#open().#fleet.auditTail(limit);
  }

  backup(path: string): ReturnType<ConfigStore['backup']> {
    return backupDatabase(this.#open().#db, path);
  }

  close(): void {
    if (this.#db.open) this.#db.close();
  }

  #open(): this {
    assert(this.#db.open, 'the store is closed');
    return this;
  }
}
