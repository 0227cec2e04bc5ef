import {
  EMPTY_ROOT_HASH,
  type Generation,
  type Lineage,
  type NodeId,
  type Revision,
  type RootHash,
} from '../config/ids.ts';
import type { Micros } from '../ports/clock.ts';
import type { ConfigStore, InventoryNode, NodeWord, Written } from '../ports/store.ts';
import { SUPERSEDES_MAX } from '../protocol/limits.ts';
import type { ServingStatement } from '../protocol/primitives.ts';
import type { NodeRecord, NodeSaid, Served } from './node-record.ts';

/** A saved word of generation 0 says that the node serves nothing: real generations begin at 1. */
const NOTHING_GENERATION = 0 as Generation;
const NOTHING_REVISION = 0 as Revision;

interface Head {
  readonly generation: Generation;
  readonly hash: RootHash;
}

/**
 * The nodes that ought to exist, in the store's order, with what each last said. Words are kept for
 * saving in batches, and only when what is said changes: so a saved `heardAt` is the instant at
 * which a node first said it.
 */
export class NodeRegistry {
  readonly #store: ConfigStore;
  #inventory: readonly InventoryNode[];
  #records = new Map<NodeId, NodeRecord>();
  #version = 1;
  readonly #superseded: Set<Lineage>;
  readonly #unsaved = new Map<NodeId, NodeWord>();
  #head: Head | null = null;
  /** What a node said last that was new of it. */
  #lastServed: Served | null = null;

  constructor(store: ConfigStore) {
    this.#store = store;
    this.#superseded = new Set(store.superseded());
    this.#inventory = store.inventory();
    for (const node of this.#inventory) this.#records.set(node.nodeId, newRecord(node));
    for (const word of store.nodeWords()) this.#load(word);
  }

  get inventory(): readonly InventoryNode[] {
    return this.#inventory;
  }

  /** Grows with every change of the inventory. */
  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#records.size;
  }

  get superseded(): Lineage[] {
    return [...this.#superseded];
  }

  /** As many as a welcome has room for: the newest, and the one that this node serves. */
  supersededFor({ said }: NodeRecord): Lineage[] {
    const newest = [...this.#superseded].slice(-SUPERSEDES_MAX);
    const held = said.state === 'serving' ? said.served.lineage : null;
    if (held === null || !this.#superseded.has(held) || newest.includes(held)) return newest;
    return [held, ...newest.slice(1)];
  }

  get hasUnsaved(): boolean {
    return this.#unsaved.size > 0;
  }

  get(nodeId: NodeId): NodeRecord | undefined {
    return this.#records.get(nodeId);
  }

  /** In inventory order. */
  all(): IterableIterator<NodeRecord> {
    return this.#records.values();
  }

  /** Takes a node's own word. */
  heard(node: NodeRecord, serving: Omit<ServingStatement, 'source'> | null, now: Micros): void {
    const before = node.said;
    const isDamaged = serving?.damaged === true;
    if (serving === null) {
      node.said = { state: 'nothing', heardAt: now };
      if (before.state === 'nothing') return;
    } else if (
      before.state === 'serving' &&
      isSame(before.served, serving) &&
      before.isDamaged === isDamaged
    ) {
      before.heardAt = now;
      return;
    } else {
      node.said = { state: 'serving', served: this.#servedBy(serving), isDamaged, heardAt: now };
    }
    this.#unsaved.set(node.nodeId, this.#wordOf(node.nodeId, node.said, now));
  }

  /** What nodes say in a row is mostly the same, and is kept once. */
  #servedBy(serving: Served): Served {
    if (this.#lastServed !== null && isSame(this.#lastServed, serving)) return this.#lastServed;
    const { lineage, generation, revision, hash } = serving;
    this.#lastServed = { lineage, generation, revision, hash };
    return this.#lastServed;
  }

  takeUnsaved(): NodeWord[] {
    const words = [...this.#unsaved.values()];
    this.#unsaved.clear();
    return words;
  }

  /** Words that could not be written are kept for the next time, unless the node has spoken since. */
  keepUnsaved(words: readonly NodeWord[]): void {
    for (const word of words) {
      if (this.#records.has(word.nodeId) && !this.#unsaved.has(word.nodeId)) {
        this.#unsaved.set(word.nodeId, word);
      }
    }
  }

  /**
   * Newer than this store's history, of a history that no operator took over, or of a branch that
   * left this store's: after an old backup was put back and published to, two contents can share
   * the newest generation, and a node would rightly refuse to be moved from one to the other.
   */
  isAhead(node: NodeRecord): boolean {
    if (node.said.state !== 'serving') return false;
    const { isDamaged, served } = node.said;
    const { lineage, generation, hash } = served;
    if (lineage !== this.#store.lineage) return !this.#superseded.has(lineage);
    if (this.#head === null) return generation > this.#store.generation();
    if (generation === this.#head.generation) return hash !== this.#head.hash && !isDamaged;
    return generation > this.#head.generation;
  }

  ahead(): NodeRecord[] {
    return [...this.#records.values()].filter((node) => this.isAhead(node));
  }

  supersede(lineage: Lineage, actor: string, now: Micros): Written {
    const written = this.#store.supersede(lineage, actor, now);
    if (written.ok) this.#superseded.add(lineage);
    return written;
  }

  /** What the newest generation of this store is. */
  setHead(head: Head): void {
    this.#head = head;
  }

  /** Reads the inventory anew after the store changed it. Returns what came and what went. */
  reload(): { added: NodeRecord[]; retired: NodeRecord[] } {
    const before = this.#records;
    const added: NodeRecord[] = [];
    this.#inventory = this.#store.inventory();
    this.#records = new Map();
    for (const node of this.#inventory) {
      const known = before.get(node.nodeId);
      const record = known ?? newRecord(node);
      if (known === undefined) added.push(record);
      before.delete(node.nodeId);
      this.#records.set(node.nodeId, record);
    }
    for (const nodeId of before.keys()) this.#unsaved.delete(nodeId);
    this.#version += 1;
    return { added, retired: [...before.values()] };
  }

  #load(word: NodeWord): void {
    const record = this.#records.get(word.nodeId);
    // A word from before the node was provisioned is that of a namesake that was retired.
    if (record === undefined || word.heardAt < record.provisionedAt) return;
    if (word.generation === NOTHING_GENERATION) {
      record.said = { state: 'nothing', heardAt: word.heardAt };
      return;
    }
    const { lineage, generation, revision, hash, heardAt } = word;
    const served = { lineage, generation, revision, hash };
    record.said = { state: 'serving', served, isDamaged: false, heardAt };
  }

  #wordOf(nodeId: NodeId, said: NodeSaid, heardAt: Micros): NodeWord {
    // What is damaged is of no generation: a saved word that states one would be believed.
    if (said.state === 'serving' && !said.isDamaged) return { nodeId, ...said.served, heardAt };
    return {
      nodeId,
      lineage: this.#store.lineage,
      generation: NOTHING_GENERATION,
      revision: NOTHING_REVISION,
      hash: EMPTY_ROOT_HASH,
      heardAt,
    };
  }
}

function newRecord(node: InventoryNode): NodeRecord {
  return {
    nodeId: node.nodeId,
    cell: node.cell,
    provisionedAt: node.provisionedAt,
    said: { state: 'never-heard' },
    capabilities: null,
    bootId: null,
    connectionId: null,
    unanswered: null,
    rejection: null,
    retriedInFull: null,
    lastNack: null,
  };
}

function isSame(a: Served, b: Served): boolean {
  return (
    a.generation === b.generation &&
    a.hash === b.hash &&
    a.lineage === b.lineage &&
    a.revision === b.revision
  );
}
