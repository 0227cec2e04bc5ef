import type { StalenessBudget } from '../protocol/console-model.ts';
import {
  type FleetFrame,
  FRAME_SOURCES,
  HEALTH_STATES,
  NEVER_MS,
  SYNC_STATUSES,
  type SyncStatus,
} from './frame.ts';
import { isOverBudget } from './staleness.ts';

/** Numbers of a set of nodes at one instant. */
export interface FleetSummary {
  readonly nodes: number;
  /** Answer requests from a config, whichever that is: the built-in default routes nothing. */
  readonly serving: number;
  readonly degraded: number;
  readonly down: number;
  readonly connected: number;
  readonly connecting: number;
  readonly lost: number;
  /** Serving something else than the head. What is down serves nothing: it is counted there. */
  readonly behind: number;
  readonly ahead: number;
  /** By their own word or the control plane's; see `isRejecting`. */
  readonly rejected: number;
  readonly lagRevisionsMax: number;
  readonly lagMsMax: number;
  /** Of the nodes that were verified at some time. */
  readonly unverifiedMsMax: number;
  readonly neverVerified: number;
  readonly overBudget: number;
  /** Of the last traffic step. */
  readonly requests: number;
  readonly failures: number;
  readonly bySyncStatus: Readonly<Record<SyncStatus, number>>;
  readonly bySource: Readonly<Record<(typeof FRAME_SOURCES)[number], number>>;
}

export interface CellSummary extends FleetSummary {
  readonly cell: string;
}

export interface FleetSummaries {
  readonly fleet: FleetSummary;
  /** In the order of `cells`. */
  readonly cells: readonly CellSummary[];
}

/** Sums up a frame for the whole fleet and for every cell, in one pass over its columns. */
export function summariseFleet(
  frame: FleetFrame,
  input: {
    readonly headRevision: number | null;
    readonly budget: StalenessBudget;
    readonly cells: readonly string[];
    /** Index into `cells`, by row of the frame. */
    readonly cellOf: readonly number[];
  },
): FleetSummaries {
  const tallies = input.cells.map(() => new Tally());
  // Rows outside every cell still belong to the fleet.
  const cellless = new Tally();
  for (let i = 0; i < frame.nodes; i += 1) {
    const tally = tallies[input.cellOf[i] ?? -1] ?? cellless;
    tally.add(frame, i, input.headRevision, input.budget);
  }
  const whole = new Tally();
  for (const tally of [...tallies, cellless]) whole.merge(tally);
  return {
    fleet: whole.summary(),
    cells: tallies.map((tally, index) => ({ cell: input.cells[index] ?? '', ...tally.summary() })),
  };
}

/** What the packed flags mean, by bit; see `packNodeFlags`. */
const AHEAD_BIT = 64;
const REJECTED_BIT = 128;
const HEALTH_DOWN = HEALTH_STATES.indexOf('down');
const SYNCED = SYNC_STATUSES.indexOf('SYNCED');
const ERROR = SYNC_STATUSES.indexOf('ERROR');

/**
 * Whether a node refuses what it was sent. Its own flag goes with its memory, so the control plane's
 * word counts as well; a node that serves the target lacks nothing that it once refused, and one that
 * is ahead refused what a restore has undone.
 */
export function isRejecting(flags: number, syncStatus: number): boolean {
  if (syncStatus === ERROR) return true;
  const isRefused = (flags & (REJECTED_BIT | AHEAD_BIT)) === REJECTED_BIT;
  return isRefused && syncStatus !== SYNCED;
}

class Tally {
  #nodes = 0;
  #serving = 0;
  readonly #byLink = [0, 0, 0, 0];
  readonly #byHealth = [0, 0, 0, 0];
  readonly #bySource = [0, 0, 0, 0];
  readonly #bySync = [0, 0, 0, 0, 0];
  #behind = 0;
  #ahead = 0;
  #rejected = 0;
  #lagRevisionsMax = 0;
  #lagMsMax = 0;
  #unverifiedMsMax = 0;
  #neverVerified = 0;
  #overBudget = 0;
  #requests = 0;
  #failures = 0;

  add(frame: FleetFrame, row: number, head: number | null, budget: StalenessBudget): void {
    const flags = frame.flags[row] ?? 0;
    const lagRevisions = frame.lagRevisions[row] ?? 0;
    const lagMs = frame.lagMs[row] ?? 0;
    const unverifiedMs = frame.unverifiedMs[row] ?? 0;
    this.#nodes += 1;
    bump(this.#byLink, flags & 3);
    const health = (flags >> 2) & 3;
    bump(this.#byHealth, health);
    if (health < HEALTH_DOWN && (frame.servingRevision[row] ?? 0) !== 0) this.#serving += 1;
    bump(this.#bySource, (flags >> 4) & 3);
    const syncStatus = frame.syncStatus[row] ?? 0;
    bump(this.#bySync, syncStatus);
    const isAhead = (flags & AHEAD_BIT) !== 0;
    if (isAhead) this.#ahead += 1;
    if (isRejecting(flags, syncStatus)) this.#rejected += 1;
    const servesOther = head !== null && (isAhead || frame.servingRevision[row] !== head);
    if (servesOther && health !== HEALTH_DOWN) this.#behind += 1;
    if (lagRevisions > this.#lagRevisionsMax) this.#lagRevisionsMax = lagRevisions;
    if (lagMs > this.#lagMsMax) this.#lagMsMax = lagMs;
    if (unverifiedMs === NEVER_MS) this.#neverVerified += 1;
    else if (unverifiedMs > this.#unverifiedMsMax) this.#unverifiedMsMax = unverifiedMs;
    if (isOverBudget(budget, { lagRevisions, lagMs, unverifiedMs })) this.#overBudget += 1;
    this.#requests += frame.requests[row] ?? 0;
    this.#failures += frame.failures[row] ?? 0;
  }

  merge(other: Tally): void {
    this.#nodes += other.#nodes;
    this.#serving += other.#serving;
    addInto(this.#byLink, other.#byLink);
    addInto(this.#byHealth, other.#byHealth);
    addInto(this.#bySource, other.#bySource);
    addInto(this.#bySync, other.#bySync);
    this.#behind += other.#behind;
    this.#ahead += other.#ahead;
    this.#rejected += other.#rejected;
    this.#lagRevisionsMax = Math.max(this.#lagRevisionsMax, other.#lagRevisionsMax);
    this.#lagMsMax = Math.max(this.#lagMsMax, other.#lagMsMax);
    this.#unverifiedMsMax = Math.max(this.#unverifiedMsMax, other.#unverifiedMsMax);
    this.#neverVerified += other.#neverVerified;
    this.#overBudget += other.#overBudget;
    this.#requests += other.#requests;
    this.#failures += other.#failures;
  }

  summary(): FleetSummary {
    const [connected = 0, connecting = 0, lost = 0] = this.#byLink;
    const [, degraded = 0, down = 0] = this.#byHealth;
    return {
      nodes: this.#nodes,
      serving: this.#serving,
      degraded,
      down,
      connected,
      connecting,
      lost,
      behind: this.#behind,
      ahead: this.#ahead,
      rejected: this.#rejected,
      lagRevisionsMax: this.#lagRevisionsMax,
      lagMsMax: this.#lagMsMax,
      unverifiedMsMax: this.#unverifiedMsMax,
      neverVerified: this.#neverVerified,
      overBudget: this.#overBudget,
      requests: this.#requests,
      failures: this.#failures,
      bySyncStatus: countsByName(SYNC_STATUSES, this.#bySync),
      bySource: countsByName(FRAME_SOURCES, this.#bySource),
    };
  }
}

/** Names in the order of their codes → counts. */
export function countsByName<N extends string>(
  names: readonly N[],
  counts: readonly number[],
): Record<N, number> {
  const out: Partial<Record<N, number>> = {};
  names.forEach((name, index) => {
    out[name] = counts[index] ?? 0;
  });
  return out as Record<N, number>;
}

function bump(counts: number[], index: number): void {
  const count = counts[index];
  if (count !== undefined) counts[index] = count + 1;
}

function addInto(counts: number[], other: readonly number[]): void {
  other.forEach((count, index) => {
    counts[index] = (counts[index] ?? 0) + count;
  });
}
