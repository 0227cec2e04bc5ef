import type { Database } from 'better-sqlite3';
import { publishAudit } from '../../../core/config/audit-entries.ts';
import type { ContentHash, Generation, ResourceKey, Revision } from '../../../core/config/ids.ts';
import {
  type PublishPlan,
  planPublish,
  type RevisionContent,
  type StoredDocument,
} from '../../../core/config/plan-publish.ts';
import { searchWords } from '../../../core/config/revision-search.ts';
import { rootHashOf } from '../../../core/config/root-hash.ts';
import { touchesOf } from '../../../core/config/touches.ts';
import { assert } from '../../../core/lib/assert.ts';
import { err, ok, type Result } from '../../../core/lib/result.ts';
import type {
  AuditEntry,
  ConfigStore,
  DocumentEntry,
  PublishError,
  PublishInput,
  ResourceTouches,
  RevisionRecord,
} from '../../../core/ports/store.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint-blob.ts';
import { DocumentTable } from './document-table.ts';
import { applyListEdit, type ListEdit, listEdits } from './list-edits.ts';
import { prepareRevisionSearch } from './revision-search-statements.ts';
import { decodeRevision, encodeOrigin, prepareRevisionStatements } from './revision-statements.ts';
import { sqliteErrorText } from './sqlite-error-text.ts';

/** Reading a revision folds the changes of at most this many. */
export const CHECKPOINT_REVISIONS_MAX = 100;
/** Nor more changes than this, or than the revision has documents. */
const CHECKPOINT_CHANGES_MIN = 256;
/** Revisions kept in memory as a whole, beside the head. */
const CACHED_REVISIONS_MAX = 16;

interface Head extends RevisionContent {
  readonly record: RevisionRecord;
}

/** What must be folded to read the head: decides when the next checkpoint is due. */
interface SinceCheckpoint {
  readonly revisions: number;
  readonly changes: number;
}

/**
 * The history of revisions. The file belongs to this process alone, so the head in memory is the
 * head; it moves only after its transaction has been committed.
 */
export class RevisionLog {
  readonly documentTable: DocumentTable;
  readonly #sql: ReturnType<typeof prepareRevisionStatements>;
  readonly #search: ReturnType<typeof prepareRevisionSearch>;
  readonly #writePlan: (plan: PublishPlan) => SinceCheckpoint;
  readonly #cache = new Map<Revision, RevisionContent>();
  #head: Head | null = null;
  #generation: Generation;
  #sinceCheckpoint: SinceCheckpoint = { revisions: 0, changes: 0 };

  constructor(db: Database, writeAudit: (entry: AuditEntry) => void) {
    this.documentTable = new DocumentTable(db);
    this.#sql = prepareRevisionStatements(db);
    this.#search = prepareRevisionSearch(db);
    const write = db.transaction((plan: PublishPlan) => this.#write(plan, writeAudit));
    this.#writePlan = (plan) => write.immediate(plan);
    const state = this.#sql.state.get();
    assert(state !== undefined, 'the store row is made when the store is');
    this.#generation = state.generation;
    if (state.head !== null) this.#loadHead(state.head);
  }

  head(): RevisionRecord | null {
    return this.#head?.record ?? null;
  }

  generation(): Generation {
    return this.#generation;
  }

  /** Whether the head's root hash is the one of its documents: finds damage that SQLite cannot see. */
  isHeadSound(): boolean {
    return this.#head === null || rootHashOf(this.#head.manifest) === this.#head.record.rootHash;
  }

  publish(input: PublishInput): Result<RevisionRecord, PublishError> {
    const planned = planPublish({ head: this.#head, generation: this.#generation }, input);
    if (!planned.ok) return planned;
    const plan = planned.value;
    try {
      this.#sinceCheckpoint = this.#writePlan(plan);
    } catch (error) {
      const detail = sqliteErrorText(error);
      if (detail === null) throw error;
      return err({ reason: 'storage-failed', detail });
    }
    const previous = this.#head;
    if (previous !== null) this.#remember(previous.record.revision, previous);
    this.#head = { ...plan.content, record: plan.record };
    this.#generation = plan.record.generation;
    return ok(plan.record);
  }

  revision(revision: Revision): RevisionRecord | null {
    if (this.#head?.record.revision === revision) return this.#head.record;
    const row = this.#sql.revision.get(revision);
    return row === undefined ? null : decodeRevision(row);
  }

  revisions(query: { before?: Revision; limit: number }): RevisionRecord[] {
    const before = query.before ?? Number.MAX_SAFE_INTEGER;
    return this.#sql.revisions.all(before, Math.max(0, query.limit)).map(decodeRevision);
  }

  search(query: Parameters<ConfigStore['searchRevisions']>[0]): RevisionRecord[] {
    const words = searchWords(query.search);
    const before = query.before ?? Number.MAX_SAFE_INTEGER;
    const rows = this.#search(words, before, Math.max(0, query.limit));
    return rows.map(decodeRevision);
  }

  touches(revision: Revision): ResourceTouches[] | null {
    const content = this.#content(revision);
    return content === null
      ? null
      : touchesOf(content.documents, (number) => this.revision(number));
  }

  documents(revision: Revision): DocumentEntry[] | null {
    return this.#content(revision)?.documents.map(({ entry }) => entry) ?? null;
  }

  manifest(revision: Revision): ReadonlyMap<ResourceKey, ContentHash> | null {
    return this.#content(revision)?.manifest ?? null;
  }

  has(revision: Revision): boolean {
    return this.#sql.exists.get(revision) !== undefined;
  }

  #write(plan: PublishPlan, writeAudit: (entry: AuditEntry) => void): SinceCheckpoint {
    const { record, content, fresh, removed } = plan;
    const { origin, originOf } = encodeOrigin(record.origin);
    this.#sql.insertRevision.run({ ...record, origin, originOf });
    for (const document of fresh) this.documentTable.insert(document);
    for (const key of removed) this.#sql.insertRemoved.run(record.revision, key);
    const edits = listEdits(this.#head?.documents ?? [], content.documents);
    const since = {
      revisions: this.#sinceCheckpoint.revisions + 1,
      changes: this.#sinceCheckpoint.changes + edits.length,
    };
    const due =
      record.parent === null ||
      since.revisions > CHECKPOINT_REVISIONS_MAX ||
      since.changes > Math.max(CHECKPOINT_CHANGES_MIN, content.documents.length);
    if (due) this.#writeCheckpoint(record.revision, content.documents);
    else this.#writeChanges(record.revision, edits);
    const moved = this.#sql.moveHead.run(record.revision, record.generation, record.parent);
    assert(moved.changes === 1, 'the head in the file is the head in memory');
    writeAudit(publishAudit(record));
    return due ? { revisions: 0, changes: 0 } : since;
  }

  #writeCheckpoint(revision: Revision, documents: readonly StoredDocument[]): void {
    const ids = documents.map((document) => this.documentTable.idOf(document));
    this.#sql.insertCheckpoint.run(revision, encodeCheckpoint(ids));
  }

  #writeChanges(revision: Revision, edits: readonly ListEdit<StoredDocument>[]): void {
    edits.forEach((edit, ordinal) => {
      const document = edit.op === 'remove' ? null : this.documentTable.idOf(edit.item);
      this.#sql.insertChange.run(revision, ordinal, edit.op, edit.position, document);
    });
  }

  #loadHead(revision: Revision): void {
    const record = this.revision(revision);
    const content = this.#read(revision);
    assert(record !== null && content !== null, 'the head is a stored revision');
    this.#head = { ...content, record };
    const since = this.#sql.sinceCheckpoint.get();
    assert(since !== undefined, 'an aggregate has one row');
    this.#sinceCheckpoint = since;
  }

  #content(revision: Revision): RevisionContent | null {
    if (this.#head?.record.revision === revision) return this.#head;
    const cached = this.#cache.get(revision);
    if (cached !== undefined) return cached;
    const content = this.#read(revision);
    if (content !== null) this.#remember(revision, content);
    return content;
  }

  #remember(revision: Revision, content: RevisionContent): void {
    this.#cache.set(revision, { documents: content.documents, manifest: content.manifest });
    if (this.#cache.size <= CACHED_REVISIONS_MAX) return;
    for (const oldest of this.#cache.keys()) {
      this.#cache.delete(oldest);
      break;
    }
  }

  #read(revision: Revision): RevisionContent | null {
    if (!this.has(revision)) return null;
    const checkpoint = this.#sql.checkpointAt.get(revision);
    assert(checkpoint !== undefined, 'the first revision is a checkpoint');
    const ids = decodeCheckpoint(checkpoint.documents);
    for (const row of this.#sql.changes.iterate(checkpoint.revision, revision)) {
      applyListEdit(ids, row);
    }
    const documents = ids.map((id) => this.documentTable.byId(id));
    const manifest = new Map<ResourceKey, ContentHash>();
    for (const { entry } of documents) {
      if (entry.contentHash !== null) manifest.set(entry.key, entry.contentHash);
    }
    return { documents, manifest };
  }
}
