import type { Generation, NodeId, Revision } from '../config/ids.ts';
import { addMicros, MICROS_PER_MS, type Micros, toMs } from '../ports/clock.ts';
import type { ConvergenceRecord } from '../ports/store.ts';
import type { ConvergenceReport, ConvergenceSummary } from '../protocol/control-plane-control.ts';

/** Revisions followed at a time; older ones keep their last saved record. */
export const CONVERGENCE_REVISIONS_MAX = 20;
/** Points of one curve. */
export const CONVERGENCE_CURVE_POINTS_MAX = 300;
/** Missing nodes named in a summary. */
export const CONVERGENCE_MISSING_MAX = 20;

interface Follower {
  readonly nodeId: NodeId;
  readonly provisionedAt: Micros;
}

interface Followed {
  readonly revision: Revision;
  readonly generation: Generation;
  readonly publishedAt: Micros;
  /** Node → the instant from which it ought to have the revision. */
  readonly missing: Map<NodeId, Micros>;
  /** Node → how long it took, microseconds. */
  readonly reached: Map<NodeId, number>;
  /** The values of `reached`, ascending. */
  readonly durationsUs: number[];
  bytes: number;
  unsaved: boolean;
}

/**
 * Follows how the newest revisions spread over the inventory.
 *
 * A node has reached a revision once its own word stated that revision's generation or a later one.
 * A node provisioned after the publish joins the newest revision only, and its clock starts when it
 * was provisioned: otherwise enlarging a fleet would spoil a T100 of yesterday. A retired node
 * leaves numerator and denominator alike.
 */
export class ConvergenceTracker {
  readonly #deadlineUs: number;
  readonly #followed: Followed[] = [];
  #completed = false;

  /** @param deadlineUs how long a publish may take to reach every node, microseconds */
  constructor(deadlineUs: number) {
    this.#deadlineUs = deadlineUs;
  }

  /**
   * Begins to follow a revision over `nodes`. Returns the record of the revision that is no longer
   * followed because of it, if that has anything unsaved.
   */
  follow(
    published: {
      readonly revision: Revision;
      readonly generation: Generation;
      readonly at: Micros;
      readonly bytes?: number;
    },
    nodes: Iterable<Follower>,
  ): ConvergenceRecord | null {
    const missing = new Map<NodeId, Micros>();
    for (const node of nodes) {
      missing.set(node.nodeId, later(published.at, node.provisionedAt));
    }
    this.#followed.push({
      revision: published.revision,
      generation: published.generation,
      publishedAt: published.at,
      missing,
      reached: new Map(),
      durationsUs: [],
      bytes: published.bytes ?? 0,
      unsaved: true,
    });
    if (this.#followed.length <= CONVERGENCE_REVISIONS_MAX) return null;
    const dropped = this.#followed.shift();
    return dropped?.unsaved === true ? recordOf(dropped) : null;
  }

  /**
   * Takes up a curve that had ended before this process began, so that whoever comes joins it and
   * whoever goes leaves it. Which node took how long is not known any more; the quantiles are. Does
   * nothing when anything is followed: that is as new or newer.
   */
  followEnded(
    record: ConvergenceRecord,
    published: { readonly generation: Generation; readonly at: Micros },
    nodes: readonly Follower[],
  ): void {
    const { t50Us, t95Us, t99Us, t100Us } = record;
    if (this.#followed.length > 0 || t50Us === null || t95Us === null) return;
    if (t99Us === null || t100Us === null) return;
    const durationsUs = nodes.map((_, index) => {
      if (index < nodesAtPercent(nodes.length, 50)) return t50Us;
      if (index < nodesAtPercent(nodes.length, 95)) return t95Us;
      return index < nodesAtPercent(nodes.length, 99) ? t99Us : t100Us;
    });
    this.#followed.push({
      revision: record.revision,
      generation: published.generation,
      publishedAt: published.at,
      missing: new Map(),
      reached: new Map(nodes.map(({ nodeId }, index) => [nodeId, durationsUs[index] ?? t100Us])),
      durationsUs,
      bytes: record.bytes,
      unsaved: false,
    });
  }

  /** A node's own word stated `generation` at `at`: completes every followed revision up to it. */
  reached(nodeId: NodeId, generation: Generation, at: Micros): void {
    for (const followed of this.#followed) {
      if (followed.generation > generation) break;
      // Heartbeats come for as long as a fleet lives, and nearly always nobody is missing.
      if (followed.missing.size === 0) continue;
      const since = followed.missing.get(nodeId);
      if (since === undefined) continue;
      followed.missing.delete(nodeId);
      const durationUs = at > since ? at - since : 0;
      followed.reached.set(nodeId, durationUs);
      insertSorted(followed.durationsUs, durationUs);
      followed.unsaved = true;
      if (followed.missing.size === 0) this.#completed = true;
    }
  }

  /** Whether a revision has reached its last node since this was last asked: worth saving at once. */
  takeCompleted(): boolean {
    const completed = this.#completed;
    this.#completed = false;
    return completed;
  }

  /** A node that ought to have the newest revision from `node.provisionedAt` on. */
  provisioned(node: Follower): void {
    const newest = this.#followed.at(-1);
    if (newest === undefined || newest.reached.has(node.nodeId)) return;
    const since = later(newest.publishedAt, node.provisionedAt);
    newest.missing.set(node.nodeId, since);
    newest.unsaved = true;
  }

  retired(nodeId: NodeId): void {
    for (const followed of this.#followed) {
      const durationUs = followed.reached.get(nodeId);
      if (durationUs !== undefined) {
        followed.reached.delete(nodeId);
        followed.durationsUs.splice(lowerBound(followed.durationsUs, durationUs), 1);
        followed.unsaved = true;
      }
      if (followed.missing.delete(nodeId)) followed.unsaved = true;
    }
  }

  /** Payload bytes sent for a revision. */
  addBytes(generation: Generation, bytes: number): void {
    for (let i = this.#followed.length - 1; i >= 0; i -= 1) {
      const followed = this.#followed[i];
      if (followed === undefined || followed.generation < generation) return;
      if (followed.generation === generation) {
        followed.bytes += bytes;
        followed.unsaved = true;
        return;
      }
    }
  }

  newest(now: Micros): ConvergenceSummary | null {
    const followed = this.#followed.at(-1);
    return followed === undefined ? null : this.#summaryOf(followed, now);
  }

  summary(revision: Revision, now: Micros): ConvergenceSummary | null {
    const followed = this.#find(revision);
    return followed === undefined ? null : this.#summaryOf(followed, now);
  }

  report(revision: Revision, now: Micros): ConvergenceReport | null {
    const followed = this.#find(revision);
    if (followed === undefined) return null;
    return { ...this.#summaryOf(followed, now), curve: curveOf(followed.durationsUs) };
  }

  /**
   * Revisions that are past their deadline with nodes missing, oldest first. Who lacks a revision
   * lacks all later ones too, so one that is lacked by the same nodes as an older one says nothing
   * new and is left out: a node that is gone is told once and not with every publish.
   */
  late(now: Micros): ConvergenceSummary[] {
    const late: ConvergenceSummary[] = [];
    let missing = 0;
    for (const followed of this.#followed) {
      if (followed.missing.size === missing || !this.#isLate(followed, now)) continue;
      missing = followed.missing.size;
      late.push(this.#summaryOf(followed, now));
    }
    return late;
  }

  /** Records that changed since they were last taken. */
  takeUnsaved(): ConvergenceRecord[] {
    const records: ConvergenceRecord[] = [];
    for (const followed of this.#followed) {
      if (!followed.unsaved) continue;
      followed.unsaved = false;
      records.push(recordOf(followed));
    }
    return records;
  }

  /** The record could not be written: it is handed out again. */
  keepUnsaved(revision: Revision): void {
    const followed = this.#find(revision);
    if (followed !== undefined) followed.unsaved = true;
  }

  #find(revision: Revision): Followed | undefined {
    return this.#followed.find((followed) => followed.revision === revision);
  }

  /** When the first of the missing nodes is late; null when nothing is missing. */
  #dueAt(followed: Followed): Micros | null {
    let first: Micros | null = null;
    for (const since of followed.missing.values()) {
      if (first === null || since < first) first = since;
    }
    return first === null ? null : addMicros(first, this.#deadlineUs);
  }

  #isLate(followed: Followed, now: Micros): boolean {
    const due = this.#dueAt(followed);
    return due !== null && now >= due;
  }

  #summaryOf(followed: Followed, now: Micros): ConvergenceSummary {
    const record = recordOf(followed);
    const missing: NodeId[] = [];
    for (const nodeId of followed.missing.keys()) {
      if (missing.length === CONVERGENCE_MISSING_MAX) break;
      missing.push(nodeId);
    }
    return {
      ...summaryOfRecord(record, followed.publishedAt, this.#deadlineUs, now),
      late: this.#isLate(followed, now),
      missing,
    };
  }
}

/** A summary of a revision that is no longer followed: its missing nodes are not known by name. */
export function summaryOfRecord(
  record: ConvergenceRecord,
  publishedAt: Micros,
  deadlineUs: number,
  now: Micros,
): ConvergenceSummary {
  return {
    revision: record.revision,
    publishedAtMs: toMs(publishedAt),
    nodes: record.nodes,
    reached: record.reached,
    t50Ms: msOf(record.t50Us),
    t95Ms: msOf(record.t95Us),
    t99Ms: msOf(record.t99Us),
    t100Ms: msOf(record.t100Us),
    deadlineMs: deadlineUs / MICROS_PER_MS,
    late: record.reached < record.nodes && now >= addMicros(publishedAt, deadlineUs),
    bytes: record.bytes,
    missing: [],
  };
}

/** The coarse curve that a saved record still allows: its four quantiles. */
export function curveOfRecord(record: ConvergenceRecord): (readonly [number, number])[] {
  const curve: (readonly [number, number])[] = [[0, 0]];
  for (const [percent, us] of [
    [50, record.t50Us],
    [95, record.t95Us],
    [99, record.t99Us],
    [100, record.t100Us],
  ] as const) {
    if (us !== null) curve.push([us / MICROS_PER_MS, nodesAtPercent(record.nodes, percent)]);
  }
  return curve;
}

function recordOf(followed: Followed): ConvergenceRecord {
  const nodes = followed.missing.size + followed.reached.size;
  const at = (percent: number) =>
    nodes === 0 ? null : (followed.durationsUs[nodesAtPercent(nodes, percent) - 1] ?? null);
  return {
    revision: followed.revision,
    nodes,
    reached: followed.reached.size,
    t50Us: at(50),
    t95Us: at(95),
    t99Us: at(99),
    t100Us: at(100),
    bytes: followed.bytes,
  };
}

/** The least number of nodes that is at least `percent` of all. */
export function nodesAtPercent(nodes: number, percent: number): number {
  return Math.floor((nodes * percent + 99) / 100);
}

function curveOf(durationsUs: readonly number[]): (readonly [number, number])[] {
  const curve: (readonly [number, number])[] = [[0, 0]];
  const points = Math.min(durationsUs.length, CONVERGENCE_CURVE_POINTS_MAX - 1);
  for (let i = 1; i <= points; i += 1) {
    const count = Math.floor((durationsUs.length * i) / points);
    curve.push([(durationsUs[count - 1] ?? 0) / MICROS_PER_MS, count]);
  }
  return curve;
}

function msOf(us: number | null): number | null {
  return us === null ? null : us / MICROS_PER_MS;
}

function later(a: Micros, b: Micros): Micros {
  return a > b ? a : b;
}

/** Acks arrive in order of time, so this nearly always appends. */
function insertSorted(values: number[], value: number): void {
  const last = values.at(-1);
  if (last === undefined || last <= value) values.push(value);
  else values.splice(lowerBound(values, value + 1), 0, value);
}

/** Index of the first element that is at least `value`. */
function lowerBound(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
