import type { NodeId, RootHash } from '../../core/config/ids.ts';
import type { ActiveFault } from '../../core/fault/fault.ts';
import { type FleetSummaries, summariseFleet } from '../../core/fleet/aggregate.ts';
import { createFleetFrame, type FleetFrame, SYNC_STATUSES } from '../../core/fleet/frame.ts';
import type { RosterNode } from '../../core/fleet/roster.ts';
import type { PublishedLine } from '../../core/fleet/staleness.ts';
import { BoundedQueue } from '../../core/lib/bounded-queue.ts';
import type {
  RevisionRow,
  RosterMessage,
  StalenessBudget,
  TrafficSample,
} from '../../core/protocol/console-model.ts';
import type {
  Belief,
  ControlPlaneLoad,
  ConvergenceSummary,
} from '../../core/protocol/control-plane-control.ts';
import type { SimulatorFrame, TrafficStepTotals } from '../../core/protocol/simulator-control.ts';
import { hasColumnsFor } from './child-events.ts';
import { agedFrame, mergeFrame, reorderedFrame } from './fleet-frames.ts';
import { TELEMETRY_SILENCE_MS, TRAFFIC_STEPS_MAX } from './limits.ts';
import { RefusedRevisions } from './refused-revisions.ts';
import type { HeadCopy } from './store/console-rows.ts';
import type { ConsoleStore } from './store/console-store.ts';
import { REVISIONS_KEPT_MAX } from './store/console-tables.ts';
import type { ForecastRow } from './store/forecast-rows.ts';

const SYNCED = SYNC_STATUSES.indexOf('SYNCED');
const NOT_SENT = SYNC_STATUSES.indexOf('NOT_SENT');

/**
 * All that the console knows: the roster, the head, what nodes really do and what the control plane
 * believes of them. What must outlast an outage is kept in the host's file.
 */
export class FleetModel {
  readonly #store: ConsoleStore;
  readonly #nowMs: () => number;
  #nodes: readonly RosterNode[];
  #roster: RosterMessage;
  #rowOf = new Map<string, number>();
  #rows: RevisionRow[];
  #complete = false;
  #line: PublishedLine = { revisions: [], complete: true };
  #head: HeadCopy | null;
  #frame: FleetFrame;
  #summaries: FleetSummaries;
  #syncStatus: Uint8Array = new Uint8Array(0);
  /** What `SYNCED` in the sync column means: the hash of the target it was judged by. */
  #syncedTo: RootHash | null = null;
  readonly #refused = new RefusedRevisions();
  #lastSampleMs = 0;
  belief: Belief | null = null;
  budget: StalenessBudget;
  /** Kept as the control plane last said it; null when it was never heard in this run. */
  believedAtMs: number | null = null;
  readonly faults = new Map<string, ActiveFault>();
  readonly traffic = new BoundedQueue<TrafficSample>(TRAFFIC_STEPS_MAX);
  lastStep: TrafficStepTotals | null = null;
  #freshTraffic: TrafficSample[] = [];

  constructor(store: ConsoleStore, nowMs: () => number, budget: StalenessBudget) {
    this.#store = store;
    this.#nowMs = nowMs;
    this.budget = budget;
    this.#nodes = store.roster();
    this.#roster = rosterOf(this.#nodes, 1);
    this.#frame = createFleetFrame(0, 0, nowMs());
    this.#rows = store.revisions();
    this.#head = store.head();
    this.#indexRoster();
    this.#setLine();
    this.#summaries = this.#summarise();
  }

  get roster(): RosterMessage {
    return this.#roster;
  }
  get rosterNodes(): readonly RosterNode[] {
    return this.#nodes;
  }
  get frame(): FleetFrame {
    return this.#frame;
  }
  get summaries(): FleetSummaries {
    return this.#summaries;
  }
  get head(): HeadCopy | null {
    return this.#head;
  }
  /** Newest first; `complete` when nothing older exists. */
  get revisions(): { readonly rows: readonly RevisionRow[]; readonly complete: boolean } {
    return { rows: this.#rows, complete: this.#complete };
  }
  get load(): ControlPlaneLoad | null {
    return this.belief?.load ?? null;
  }

  /**
   * What the control plane believes of the head and the inventory as they are known here. A belief
   * that was made before the last change of either is counted anew: only who stated the very hash of
   * the head has acknowledged it.
   */
  get believed(): {
    readonly acknowledged: number;
    readonly rejected: number;
    readonly ahead: number;
  } {
    const { belief } = this;
    const target = this.#head?.record.rootHash ?? null;
    const isOfHead = belief !== null && (belief.head?.rootHash ?? null) === target;
    if (isOfHead && belief.counts.inventory === this.#nodes.length) return belief.counts;
    const { bySyncStatus } = this.#summaries.fleet;
    const isColumnOfHead = target !== null && this.#syncedTo === target;
    const acknowledged = isColumnOfHead ? bySyncStatus.SYNCED : 0;
    return { acknowledged, rejected: bySyncStatus.ERROR, ahead: 0 };
  }

  rowOf(nodeId: NodeId): number | null {
    return this.#rowOf.get(nodeId) ?? null;
  }

  /** Whether the history that is looked at has a revision of this very content, as far as its rows are known. */
  hasRevision(asked: Pick<ForecastRow, 'lineage' | 'revision' | 'rootHash'>): boolean {
    const { revision, rootHash } = asked;
    if (this.#head === null || this.#head.lineage !== asked.lineage) return false;
    const { record } = this.#head;
    if (revision >= record.revision)
      return revision === record.revision && rootHash === record.rootHash;
    const known = this.#rows.find((row) => row.revision === revision);
    return known === undefined || known.rootHash === rootHash;
  }

  /** What the node of a row refused last; null when that is not known. */
  refusedRevisionOf(row: number): number | null {
    const nodeId = this.#roster.nodeIds[row];
    return nodeId === undefined ? null : this.#refused.of(nodeId);
  }

  /** The inventory, in its own order. True when it differs from what was known. */
  setInventory(nodes: readonly RosterNode[]): boolean {
    const isSame =
      nodes.length === this.#nodes.length &&
      nodes.every((node, row) => {
        const known = this.#nodes[row];
        return known?.nodeId === node.nodeId && known.cell === node.cell;
      });
    if (isSame) return false;
    this.#nodes = nodes.map(({ nodeId, cell }) => ({ nodeId, cell }));
    this.#roster = rosterOf(this.#nodes, this.#roster.rosterVersion + 1);
    this.#indexRoster();
    this.#refused.keepOnly((nodeId) => this.#rowOf.has(nodeId));
    this.#store.saveRoster(this.#nodes);
    return true;
  }

  /** The control plane said what its head is. */
  setHead(head: Omit<HeadCopy, 'manifest'> | null): void {
    const before = this.#head;
    // The manifest belongs to the root hash, so it outlives a change of anything else.
    const manifest = head?.record.rootHash === before?.record.rootHash ? before?.manifest : null;
    this.#head = head === null ? null : { ...head, manifest: manifest ?? null };
    this.#judgeSyncAnew(head?.record.rootHash ?? null);
    this.#summaries = this.#summarise();
    this.#store.saveHead(this.#head);
  }

  /** Keys and hashes that were verified against the root hash of `head`. */
  setHeadManifest(head: HeadCopy, manifest: NonNullable<HeadCopy['manifest']>): void {
    if (this.#head?.record.rootHash !== head.record.rootHash) return;
    this.#head = { ...this.#head, manifest };
    this.#store.saveHead(this.#head);
  }

  /** A new revision became the head. */
  addRevision(row: RevisionRow): void {
    const others = this.#rows.filter((known) => known.revision !== row.revision);
    this.#rows = [row, ...others]
      .sort((a, b) => b.revision - a.revision)
      .slice(0, REVISIONS_KEPT_MAX);
    if (others.length >= REVISIONS_KEPT_MAX) this.#complete = false;
    this.#setLine();
    this.#store.saveRevision(row);
  }

  replaceRevisions(rows: readonly RevisionRow[], complete: boolean): void {
    this.#rows = rows.slice(0, REVISIONS_KEPT_MAX);
    this.#complete = complete;
    this.#setLine();
    this.#store.replaceRevisions(this.#rows);
  }

  setBelief(belief: Belief): void {
    for (const late of belief.late) this.#noteConvergence(late);
    this.#noteConvergence(belief.convergence);
    this.belief = belief;
    this.believedAtMs = belief.atMs;
    // Beliefs made before the last change of the inventory have other rows.
    if (belief.syncStatus.length !== this.#nodes.length) return;
    this.#syncStatus = belief.syncStatus;
    this.#syncedTo = belief.head?.rootHash ?? null;
    this.#refused.learn(belief, this.#roster.nodeIds);
    // Not left to the next sample: what is shown would mix a new head with an old belief.
    this.#frame = { ...this.#frame, syncStatus: belief.syncStatus };
    this.#summaries = this.#summarise();
  }

  /** False when the sample is of another roster, and so of no use. */
  acceptSample(sample: SimulatorFrame, controlPlaneUp: boolean): boolean {
    this.#addTraffic(sample.traffic, controlPlaneUp);
    const { rosterVersion, nodeIds } = this.#roster;
    if (sample.rosterVersion !== rosterVersion) return false;
    if (!hasColumnsFor(sample, nodeIds.length)) return false;
    this.#frame = mergeFrame(sample, this.#syncStatus, this.#line);
    this.#summaries = this.#summarise();
    this.#lastSampleMs = this.#nowMs();
    return true;
  }

  /**
   * Lets the clocks run on when samples stay away; `simulatorUp` is false as well when its process
   * hangs. True when the frame was renewed.
   */
  age(simulatorUp: boolean): boolean {
    const nowMs = this.#nowMs();
    if (simulatorUp && nowMs - this.#lastSampleMs < TELEMETRY_SILENCE_MS) return false;
    const input = { nowMs, simulatorUp, line: this.#line, syncStatus: this.#syncStatus };
    this.#frame = agedFrame(this.#frame, input);
    this.#summaries = this.#summarise();
    this.lastStep = null;
    return true;
  }

  /** Steps that were not taken before. */
  takeFreshTraffic(): TrafficSample[] {
    const fresh = this.#freshTraffic;
    this.#freshTraffic = [];
    return fresh;
  }

  /** Back to knowing nothing, as before the first run. */
  forget(): void {
    this.setInventory([]);
    this.setHead(null);
    this.replaceRevisions([], true);
    this.belief = null;
    this.believedAtMs = null;
    this.faults.clear();
    this.traffic.clear();
    this.lastStep = null;
  }

  /** Keeps how far a revision came beside it, for when the control plane cannot be asked. */
  #noteConvergence(summary: ConvergenceSummary | null): void {
    if (summary === null) return;
    const index = this.#rows.findIndex((row) => row.revision === summary.revision);
    const row = this.#rows[index];
    if (row === undefined) return;
    const known = row.convergence;
    if (known?.reached === summary.reached && known.late === summary.late) return;
    const updated = { ...row, convergence: summary };
    this.#rows = this.#rows.with(index, updated);
    if (summary.t100Ms !== null || summary.late) this.#store.saveRevision(updated);
  }

  /** Who was in sync with an earlier target has not been sent this one, as far as is known. */
  #judgeSyncAnew(target: RootHash | null): void {
    if (this.#syncedTo === target) return;
    this.#syncedTo = target;
    this.#syncStatus = this.#syncStatus.map((status) => (status === SYNCED ? NOT_SENT : status));
    this.#frame = { ...this.#frame, syncStatus: this.#syncStatus };
  }

  #addTraffic(steps: readonly TrafficStepTotals[], controlPlaneUp: boolean): void {
    for (const step of steps) {
      this.lastStep = step;
      const sample: TrafficSample = {
        atMs: step.atMs,
        requests: step.requests,
        answered: step.answered,
        refused: step.refused,
        failed: step.failed,
        limited: step.limited ?? 0,
        shed: step.shed ?? 0,
        denied: step.denied ?? 0,
        controlPlaneUp,
        latencyP99Ms: step.latencyP99Us / 1_000,
      };
      this.traffic.pushEvicting(sample);
      this.#freshTraffic.push(sample);
    }
    this.#freshTraffic = this.#freshTraffic.slice(-TRAFFIC_STEPS_MAX);
  }

  #indexRoster(): void {
    const rowsBefore = this.#rowOf;
    const { nodeIds, rosterVersion } = this.#roster;
    this.#rowOf = new Map(nodeIds.map((nodeId, row) => [nodeId, row]));
    const nowMs = this.#nowMs();
    // A belief may be newer than the last sample.
    const isColumnOfFrame = this.#syncStatus.length === this.#frame.nodes;
    const syncStatus = isColumnOfFrame ? this.#syncStatus : this.#frame.syncStatus;
    const last = { ...this.#frame, syncStatus };
    this.#frame = reorderedFrame(last, { rowsBefore, nodeIds, rosterVersion, nowMs });
    this.#syncStatus = this.#frame.syncStatus;
    this.#summaries = this.#summarise();
  }

  #setLine(): void {
    const revisions = [...this.#rows]
      .reverse()
      .map(({ revision, publishedAtMs }) => ({ revision, publishedAtMs }));
    this.#line = { revisions, complete: this.#complete };
  }

  #summarise(): FleetSummaries {
    return summariseFleet(this.#frame, {
      headRevision: this.#head?.record.revision ?? null,
      budget: this.budget,
      cells: this.#roster.cells,
      cellOf: this.#roster.cellOf,
    });
  }
}

function rosterOf(nodes: readonly RosterNode[], rosterVersion: number): RosterMessage {
  const cells = [...new Set(nodes.map((node) => node.cell))];
  const index = new Map(cells.map((cell, i) => [cell, i]));
  return {
    rosterVersion,
    cells,
    nodeIds: nodes.map((node) => node.nodeId),
    cellOf: nodes.map((node) => index.get(node.cell) ?? 0),
  };
}
