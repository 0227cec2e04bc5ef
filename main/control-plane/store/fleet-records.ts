import type { Database } from 'better-sqlite3';
import { inventoryAudit, supersedeAudit } from '../../../core/config/audit-entries.ts';
import type { Lineage, NodeId, Revision } from '../../../core/config/ids.ts';
import { assert } from '../../../core/lib/assert.ts';
import { err, ok } from '../../../core/lib/result.ts';
import type { Micros } from '../../../core/ports/clock.ts';
import type {
  AuditEntry,
  ConfigStore,
  ConvergenceRecord,
  InventoryNode,
  NodeWord,
  Written,
} from '../../../core/ports/store.ts';
import { sqliteErrorText } from './sqlite-error-text.ts';

/** A full or failing disk is a refusal; anything else is a bug and thrown. */
function write(run: () => unknown): Written {
  try {
    run();
    return ok(undefined);
  } catch (error) {
    const detail = sqliteErrorText(error);
    if (detail === null) throw error;
    return err({ reason: 'storage-failed', detail });
  }
}

type InventoryChange = Parameters<ConfigStore['changeInventory']>[0];

/** Everything beside the history: inventory, the nodes' last words, convergence, lineages, audit. */
export class FleetRecords {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #lineage: Lineage;
  readonly changeInventory: (change: InventoryChange) => Written;
  readonly saveNodeWords: (words: readonly NodeWord[]) => Written;
  readonly supersede: (lineage: Lineage, actor: string, at: Micros) => Written;

  constructor(db: Database, lineage: Lineage) {
    this.#sql = prepare(db);
    this.#lineage = lineage;
    const change = db.transaction((input: InventoryChange) => this.#changeInventory(input));
    this.changeInventory = (input) => write(() => change.immediate(input));
    const save = db.transaction((words: readonly NodeWord[]) => {
      for (const word of words) this.#sql.upsertWord.run(word);
    });
    this.saveNodeWords = (words) =>
      write(() => {
        if (words.length > 0) save.immediate(words);
      });
    const supersede = db.transaction((taken: Lineage, actor: string, at: Micros) =>
      this.#supersede(taken, actor, at),
    );
    this.supersede = (taken, actor, at) => write(() => supersede.immediate(taken, actor, at));
  }

  inventory(): InventoryNode[] {
    return this.#sql.inventory.all();
  }

  wasRetired(nodeId: NodeId): boolean {
    return this.#sql.retired.get(nodeId) !== undefined;
  }

  nodeWords(): NodeWord[] {
    return this.#sql.words.all();
  }

  convergence(revision: Revision): ConvergenceRecord | null {
    return this.#sql.convergence.get(revision) ?? null;
  }

  saveConvergence(record: ConvergenceRecord): Written {
    return write(() => this.#sql.upsertConvergence.run(record));
  }

  superseded(): Lineage[] {
    return this.#sql.superseded.all();
  }

  audit(entry: AuditEntry): void {
    this.#sql.insertAudit.run(entry);
  }

  auditTail(limit: number): AuditEntry[] {
    return this.#sql.auditTail.all(Math.max(0, limit));
  }

  #changeInventory({ add, retire, actor, at }: InventoryChange): void {
    const retiring = new Set(retire);
    const added: NodeId[] = [];
    for (const node of add) {
      assert(!retiring.has(node.nodeId), `${node.nodeId} is both added and retired`);
      if (this.#sql.insertNode.run(node).changes === 0) continue;
      this.#sql.forgetRetired.run(node.nodeId);
      added.push(node.nodeId);
    }
    const retired: NodeId[] = [];
    for (const nodeId of retire) {
      if (this.#sql.deleteNode.run(nodeId).changes === 0) continue;
      this.#sql.insertRetired.run(nodeId, at);
      retired.push(nodeId);
    }
    for (const entry of inventoryAudit({ added, retired, actor, at })) this.audit(entry);
  }

  #supersede(lineage: Lineage, actor: string, at: Micros): void {
    if (lineage === this.#lineage) return;
    if (this.#sql.insertSuperseded.run(lineage, actor, at).changes === 0) return;
    this.audit(supersedeAudit(lineage, actor, at));
  }
}

/** Every statement of these tables, prepared once. */
function prepare(db: Database) {
  return {
    inventory: db.prepare<[], InventoryNode>(
      `SELECT node_id AS nodeId, cell, provisioned_at_us AS provisionedAt
       FROM node ORDER BY node_id`,
    ),
    insertNode: db.prepare<[InventoryNode]>(
      `INSERT INTO node (node_id, cell, provisioned_at_us)
       VALUES (@nodeId, @cell, @provisionedAt) ON CONFLICT DO NOTHING`,
    ),
    // Takes the node's last word along.
    deleteNode: db.prepare<[NodeId]>('DELETE FROM node WHERE node_id = ?'),
    retired: db.prepare<[NodeId], number>('SELECT 1 FROM retired_node WHERE node_id = ?').pluck(),
    insertRetired: db.prepare<[NodeId, Micros]>(
      'INSERT INTO retired_node (node_id, retired_at_us) VALUES (?, ?)',
    ),
    forgetRetired: db.prepare<[NodeId]>('DELETE FROM retired_node WHERE node_id = ?'),
    words: db.prepare<[], NodeWord>(
      `SELECT node_id AS nodeId, lineage, generation, revision, hash, heard_at_us AS heardAt
       FROM node_word ORDER BY node_id`,
    ),
    upsertWord: db.prepare<[NodeWord]>(
      `INSERT INTO node_word (node_id, lineage, generation, revision, hash, heard_at_us)
       SELECT @nodeId, @lineage, @generation, @revision, @hash, @heardAt
       WHERE EXISTS (SELECT 1 FROM node WHERE node_id = @nodeId)
       ON CONFLICT (node_id) DO UPDATE SET lineage = excluded.lineage,
         generation = excluded.generation, revision = excluded.revision, hash = excluded.hash,
         heard_at_us = excluded.heard_at_us`,
    ),
    convergence: db.prepare<[Revision], ConvergenceRecord>(
      `SELECT revision, nodes, reached, t50_us AS t50Us, t95_us AS t95Us, t99_us AS t99Us,
         t100_us AS t100Us, bytes
       FROM convergence WHERE revision = ?`,
    ),
    upsertConvergence: db.prepare<[ConvergenceRecord]>(
      `INSERT OR REPLACE INTO convergence
         (revision, nodes, reached, t50_us, t95_us, t99_us, t100_us, bytes)
       VALUES (@revision, @nodes, @reached, @t50Us, @t95Us, @t99Us, @t100Us, @bytes)`,
    ),
    superseded: db
      .prepare<[], Lineage>('SELECT lineage FROM superseded_lineage ORDER BY id')
      .pluck(),
    insertSuperseded: db.prepare<[Lineage, string, Micros]>(
      `INSERT INTO superseded_lineage (lineage, actor, at_us) VALUES (?, ?, ?)
       ON CONFLICT DO NOTHING`,
    ),
    insertAudit: db.prepare<[AuditEntry]>(
      'INSERT INTO audit (at_us, actor, action, detail) VALUES (@at, @actor, @action, @detail)',
    ),
    auditTail: db.prepare<[number], AuditEntry>(
      'SELECT at_us AS at, actor, action, detail FROM audit ORDER BY id DESC LIMIT ?',
    ),
  };
}
