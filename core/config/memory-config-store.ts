import { assert } from '../lib/assert.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { Micros } from '../ports/clock.ts';
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
} from '../ports/store.ts';
import { inventoryAudit, publishAudit, supersedeAudit } from './audit-entries.ts';
import { compareCodeUnits } from './compare-code-units.ts';
import type {
  ContentHash,
  Generation,
  Lineage,
  NodeId,
  ResourceKey,
  Revision,
  SourceHash,
} from './ids.ts';
import { type PublishBasis, planPublish, type RevisionContent } from './plan-publish.ts';
import { isFound, searchWords } from './revision-search.ts';
import { touchesOf } from './touches.ts';

const WRITTEN: Written = ok(undefined);

/** A store that forgets everything with its process: for the twin and for tests. */
export function createMemoryConfigStore(input: { lineage: Lineage }): ConfigStore {
  return new MemoryConfigStore(input.lineage);
}

/**
 * A copy as it stands now, which shares nothing that changes with the first: what a backup is to a
 * store that has a file. Only of a store that this module made.
 */
export function copyMemoryConfigStore(store: ConfigStore): ConfigStore {
  assert(store instanceof MemoryConfigStore, 'only a memory store can be copied');
  return store.copy();
}

interface StoredRevision extends RevisionContent {
  readonly record: RevisionRecord;
  /** Of what it changed or removed. */
  readonly changedKeys: readonly ResourceKey[];
}

class MemoryConfigStore implements ConfigStore {
  readonly lineage: Lineage;
  #generation = 0 as Generation;
  /** Oldest first. */
  readonly #order: StoredRevision[] = [];
  readonly #byNumber = new Map<Revision, StoredRevision>();
  readonly #canonicals = new Map<ContentHash, string>();
  readonly #sources = new Map<SourceHash, string>();
  readonly #nodes = new Map<NodeId, InventoryNode>();
  readonly #retired = new Set<NodeId>();
  readonly #words = new Map<NodeId, NodeWord>();
  readonly #convergence = new Map<Revision, ConvergenceRecord>();
  readonly #superseded = new Set<Lineage>();
  readonly #audit: AuditEntry[] = [];
  #closed = false;

  constructor(lineage: Lineage) {
    this.lineage = lineage;
  }

  copy(): MemoryConfigStore {
    this.#assertOpen();
    const copy = new MemoryConfigStore(this.lineage);
    copy.#generation = this.#generation;
    copy.#order.push(...this.#order);
    copy.#audit.push(...this.#audit);
    fill(copy.#byNumber, this.#byNumber);
    fill(copy.#canonicals, this.#canonicals);
    fill(copy.#sources, this.#sources);
    fill(copy.#nodes, this.#nodes);
    fill(copy.#words, this.#words);
    fill(copy.#convergence, this.#convergence);
    for (const nodeId of this.#retired) copy.#retired.add(nodeId);
    for (const lineage of this.#superseded) copy.#superseded.add(lineage);
    return copy;
  }

  head(): RevisionRecord | null {
    this.#assertOpen();
    return this.#order.at(-1)?.record ?? null;
  }

  generation(): Generation {
    this.#assertOpen();
    return this.#generation;
  }

  publish(input: PublishInput): Result<RevisionRecord, PublishError> {
    this.#assertOpen();
    const basis: PublishBasis = {
      head: this.#order.at(-1) ?? null,
      generation: this.#generation,
    };
    const plan = planPublish(basis, input);
    if (!plan.ok) return plan;
    const { record, content, fresh, removed } = plan.value;
    for (const { document } of fresh) {
      const { contentHash, canonical, sourceHash, source } = document;
      if (contentHash !== null && canonical !== null) this.#canonicals.set(contentHash, canonical);
      this.#sources.set(sourceHash, source);
    }
    const changedKeys = [...fresh.map(({ document }) => document.key), ...removed];
    const stored: StoredRevision = { ...content, record, changedKeys };
    this.#order.push(stored);
    this.#byNumber.set(record.revision, stored);
    this.#generation = record.generation;
    this.#audit.push(publishAudit(record));
    return ok(record);
  }

  revision(revision: Revision): RevisionRecord | null {
    this.#assertOpen();
    return this.#byNumber.get(revision)?.record ?? null;
  }

  revisions(query: { before?: Revision; limit: number }): RevisionRecord[] {
    this.#assertOpen();
    const { before, limit } = query;
    const out: RevisionRecord[] = [];
    for (let i = this.#order.length - 1; i >= 0 && out.length < limit; i -= 1) {
      const record = this.#order[i]?.record;
      if (record === undefined) break;
      if (before === undefined || record.revision < before) out.push(record);
    }
    return out;
  }

  searchRevisions(query: Parameters<ConfigStore['searchRevisions']>[0]): RevisionRecord[] {
    this.#assertOpen();
    const { search, before, limit } = query;
    const words = searchWords(search);
    const out: RevisionRecord[] = [];
    for (let i = this.#order.length - 1; i >= 0 && out.length < limit; i -= 1) {
      const stored = this.#order[i];
      if (stored === undefined) break;
      if (before !== undefined && stored.record.revision >= before) continue;
      if (isFound(stored.record, stored.changedKeys, words)) out.push(stored.record);
    }
    return out;
  }

  touches(revision: Revision): ResourceTouches[] | null {
    this.#assertOpen();
    const stored = this.#byNumber.get(revision);
    if (stored === undefined) return null;
    return touchesOf(stored.documents, (number) => this.revision(number));
  }

  documents(revision: Revision): DocumentEntry[] | null {
    this.#assertOpen();
    return this.#byNumber.get(revision)?.documents.map(({ entry }) => entry) ?? null;
  }

  manifest(revision: Revision): ReadonlyMap<ResourceKey, ContentHash> | null {
    this.#assertOpen();
    return this.#byNumber.get(revision)?.manifest ?? null;
  }

  canonical(hash: ContentHash): string | null {
    this.#assertOpen();
    return this.#canonicals.get(hash) ?? null;
  }

  source(hash: SourceHash): string | null {
    this.#assertOpen();
    return this.#sources.get(hash) ?? null;
  }

  inventory(): InventoryNode[] {
    this.#assertOpen();
    return [...this.#nodes.values()].sort(byNodeId);
  }

  changeInventory(change: Parameters<ConfigStore['changeInventory']>[0]): Written {
    this.#assertOpen();
    const retiring = new Set(change.retire);
    for (const node of change.add) {
      assert(!retiring.has(node.nodeId), `${node.nodeId} is both added and retired`);
    }
    const added: NodeId[] = [];
    for (const { nodeId, cell, provisionedAt } of change.add) {
      if (this.#nodes.has(nodeId)) continue;
      this.#nodes.set(nodeId, { nodeId, cell, provisionedAt });
      this.#retired.delete(nodeId);
      added.push(nodeId);
    }
    const retired: NodeId[] = [];
    for (const nodeId of change.retire) {
      if (!this.#nodes.delete(nodeId)) continue;
      this.#words.delete(nodeId);
      this.#retired.add(nodeId);
      retired.push(nodeId);
    }
    this.#audit.push(...inventoryAudit({ added, retired, actor: change.actor, at: change.at }));
    return WRITTEN;
  }

  wasRetired(nodeId: NodeId): boolean {
    this.#assertOpen();
    return this.#retired.has(nodeId);
  }

  nodeWords(): NodeWord[] {
    this.#assertOpen();
    return [...this.#words.values()].sort(byNodeId);
  }

  saveNodeWords(words: readonly NodeWord[]): Written {
    this.#assertOpen();
    for (const word of words) {
      if (this.#nodes.has(word.nodeId)) this.#words.set(word.nodeId, word);
    }
    return WRITTEN;
  }

  convergence(revision: Revision): ConvergenceRecord | null {
    this.#assertOpen();
    return this.#convergence.get(revision) ?? null;
  }

  saveConvergence(record: ConvergenceRecord): Written {
    this.#assertOpen();
    assert(this.#byNumber.has(record.revision), 'convergence is that of a stored revision');
    this.#convergence.set(record.revision, { ...record });
    return WRITTEN;
  }

  superseded(): Lineage[] {
    this.#assertOpen();
    return [...this.#superseded];
  }

  supersede(lineage: Lineage, actor: string, at: Micros): Written {
    this.#assertOpen();
    if (lineage === this.lineage || this.#superseded.has(lineage)) return WRITTEN;
    this.#superseded.add(lineage);
    this.#audit.push(supersedeAudit(lineage, actor, at));
    return WRITTEN;
  }

  audit(entry: AuditEntry): void {
    this.#assertOpen();
    this.#audit.push({ ...entry });
  }

  auditTail(limit: number): AuditEntry[] {
    this.#assertOpen();
    return limit > 0 ? this.#audit.slice(-limit).reverse() : [];
  }

  async backup(): ReturnType<ConfigStore['backup']> {
    return err({
      reason: 'backup-failed',
      detail: 'This store lives in memory only and has no file to back up.',
    });
  }

  close(): void {
    this.#closed = true;
  }

  #assertOpen(): void {
    assert(!this.#closed, 'the store is closed');
  }
}

function fill<K, V>(into: Map<K, V>, from: ReadonlyMap<K, V>): void {
  for (const [key, value] of from) into.set(key, value);
}

/** The order of the binary collation, too: node ids are ASCII. */
function byNodeId(a: { nodeId: NodeId }, b: { nodeId: NodeId }): number {
  return compareCodeUnits(a.nodeId, b.nodeId);
}
