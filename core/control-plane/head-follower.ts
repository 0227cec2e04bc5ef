import type { ConvergenceTracker } from '../fleet/convergence.ts';
import type { Micros } from '../ports/clock.ts';
import type { ConfigStore, RevisionRecord } from '../ports/store.ts';
import type { ConvergenceSummary, UnforcedKind } from '../protocol/control-plane-control.ts';
import { type ConvergenceView, convergenceOf } from './history-queries.ts';
import type { NodeRecord, Target } from './node-record.ts';
import type { NodeRegistry } from './node-registry.ts';
import type { StateKeeper } from './state-keeper.ts';
import type { SyncEngine } from './sync-engine.ts';
import { unforcedDocuments } from './unforced-documents.ts';

export interface HeadFollowerParts {
  readonly store: ConfigStore;
  readonly registry: NodeRegistry;
  readonly convergence: ConvergenceTracker;
  readonly engine: SyncEngine;
  readonly keeper: StateKeeper;
  readonly convergenceDeadlineUs: number;
}

/** Makes the newest revision the fleet's target, and follows how it spreads. */
export class HeadFollower {
  readonly #parts: HeadFollowerParts;
  #unforced: readonly UnforcedKind[] = [];

  constructor(parts: HeadFollowerParts) {
    this.#parts = parts;
  }

  get unforced(): readonly UnforcedKind[] {
    return this.#unforced;
  }

  view(): ConvergenceView {
    const { store, convergence: tracker, convergenceDeadlineUs: deadlineUs } = this.#parts;
    return { store, tracker, deadlineUs };
  }

  follow(record: RevisionRecord, now: Micros): void {
    const { store, registry, convergence, keeper } = this.#parts;
    this.#setTarget(record);
    const dropped = convergence.follow(
      { revision: record.revision, generation: record.generation, at: record.createdAt },
      registry.all(),
    );
    if (dropped !== null) store.saveConvergence(dropped);
    keeper.saveSoon(now);
  }

  /** Follows the head again from what nodes had said: saved words keep the instant of the first. */
  resume(head: RevisionRecord, now: Micros): void {
    const { store, registry, convergence, keeper } = this.#parts;
    this.#setTarget(head);
    const saved = store.convergence(head.revision);
    // A curve that had ended stays as it was: last words alone would tell it with later instants.
    if (saved !== null && saved.t100Us !== null && saved.nodes === registry.size) return;
    const bytes = saved?.bytes ?? 0;
    convergence.follow(
      { revision: head.revision, generation: head.generation, at: head.createdAt, bytes },
      registry.all(),
    );
    for (const node of registry.all()) {
      if (node.said.state !== 'serving' || registry.isAhead(node)) continue;
      const { lineage, generation } = node.said.served;
      if (lineage !== store.lineage) continue;
      convergence.reached(node.nodeId, generation, node.said.heardAt);
    }
    keeper.saveSoon(now);
  }

  /** A head that every one of these nodes had reached before this process began. */
  followEnded(nodes: readonly NodeRecord[]): void {
    const { store, convergence } = this.#parts;
    const head = store.head();
    const saved = head === null ? null : store.convergence(head.revision);
    if (head === null || saved === null || saved.nodes !== nodes.length) return;
    const { generation, createdAt: at } = head;
    convergence.followEnded(saved, { generation, at }, nodes);
  }

  /** Of the head; a curve that had ended before this process began is told from its record. */
  newestConvergence(now: Micros): ConvergenceSummary | null {
    const { store, convergence } = this.#parts;
    const followed = convergence.newest(now);
    const head = store.head();
    if (followed !== null || head === null) return followed;
    return convergenceOf(this.view(), head, now);
  }

  #setTarget(record: RevisionRecord): void {
    const { store, registry, engine } = this.#parts;
    const target = targetOf(record);
    engine.setTarget(target);
    registry.setHead(target);
    this.#unforced = unforcedDocuments(store, record.revision);
  }
}

function targetOf({ revision, generation, rootHash }: RevisionRecord): Target {
  return { revision, generation, hash: rootHash };
}
