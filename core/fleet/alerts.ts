import type { NodeId } from '../config/ids.ts';
import { withoutFullStop } from '../lib/sentence.ts';
import type { Alert, AlertKind, StalenessBudget } from '../protocol/console-model.ts';
import type {
  ConvergenceSummary,
  SnapshotStoreLoad,
  UnforcedKind,
} from '../protocol/control-plane-control.ts';
import { type FleetSummaries, type FleetSummary, isRejecting } from './aggregate.ts';
import { type FleetFrame, unpackNodeFlags } from './frame.ts';
import { isOverBudget } from './staleness.ts';

/** Nodes named in an alert; the rest is counted. */
export const ALERT_NODES_NAMED_MAX = 5;

/** Periods without a dump, from which on a snapshot store is said to fail: one that fails now and then is none. */
export const SNAPSHOT_PERIODS_MISSED_MAX = 3;

/** How long a condition must hold before it is an alert, and be gone before it is cleared. */
const HYSTERESIS_MS: Readonly<
  Record<AlertKind, { readonly raise: number; readonly clear: number }>
> = {
  'control-plane-down': { raise: 0, clear: 0 },
  'simulator-down': { raise: 0, clear: 0 },
  'convergence-late': { raise: 0, clear: 0 },
  'head-not-in-force': { raise: 0, clear: 0 },
  'snapshot-store-failing': { raise: 0, clear: 0 },
  // The control plane's word, which says what was refused, may come a little after the node's.
  'nodes-rejected': { raise: 500, clear: 1_000 },
  'nodes-ahead': { raise: 1_000, clear: 1_000 },
  'nodes-not-serving': { raise: 2_000, clear: 2_000 },
  'staleness-budget': { raise: 5_000, clear: 3_000 },
};

/** Something that is wrong now. */
export interface AlertCondition {
  /** `kind`, or `kind:subject`; stable for one condition. */
  readonly id: string;
  readonly kind: AlertKind;
  readonly title: string;
  readonly detail: string;
}

interface AlertTrack {
  readonly condition: AlertCondition;
  readonly trueSinceMs: number;
  /** Null while the condition holds. */
  readonly falseSinceMs: number | null;
  /** Null until it has held long enough. */
  readonly raisedAtMs: number | null;
}

export type AlertState = ReadonlyMap<string, AlertTrack>;
export const NO_ALERTS: AlertState = new Map();

export interface AlertStep {
  readonly state: AlertState;
  readonly open: readonly Alert[];
  readonly raised: readonly Alert[];
  readonly cleared: readonly Alert[];
}

/** Takes the conditions that hold now and says which alerts begin and end. */
export function stepAlerts(
  state: AlertState,
  conditions: readonly AlertCondition[],
  nowMs: number,
): AlertStep {
  const next = new Map<string, AlertTrack>();
  const raised: Alert[] = [];
  const cleared: Alert[] = [];
  for (const condition of conditions) {
    const before = state.get(condition.id);
    const trueSinceMs = before?.trueSinceMs ?? nowMs;
    const due = nowMs - trueSinceMs >= HYSTERESIS_MS[condition.kind].raise;
    const raisedAtMs = before?.raisedAtMs ?? (due ? nowMs : null);
    const track = { condition, trueSinceMs, falseSinceMs: null, raisedAtMs };
    next.set(condition.id, track);
    if (raisedAtMs !== null && before?.raisedAtMs == null) raised.push(alertOf(track, null));
  }
  for (const [id, track] of state) {
    // A condition that never became an alert is forgotten as soon as it is gone.
    if (next.has(id) || track.raisedAtMs === null) continue;
    const falseSinceMs = track.falseSinceMs ?? nowMs;
    if (nowMs - falseSinceMs >= HYSTERESIS_MS[track.condition.kind].clear) {
      cleared.push(alertOf(track, nowMs));
    } else {
      next.set(id, { ...track, falseSinceMs });
    }
  }
  const open: Alert[] = [];
  for (const track of next.values()) {
    if (track.raisedAtMs !== null) open.push(alertOf(track, null));
  }
  return { state: next, open, raised, cleared };
}

export interface AlertProcess {
  readonly state: 'up' | 'starting' | 'down';
  readonly reason: string | null;
  /** For how long it has said nothing though it is up; null while it answers. */
  readonly silentMs: number | null;
}

/** What alerts are judged by. */
export interface AlertInput {
  readonly controlPlane: AlertProcess;
  readonly simulator: AlertProcess;
  readonly frame: FleetFrame;
  readonly summaries: FleetSummaries;
  readonly nodeIds: readonly NodeId[];
  readonly cells: readonly string[];
  readonly cellOf: readonly number[];
  readonly budget: StalenessBudget;
  /** Every revision that is past its deadline and misses nodes. */
  readonly late: readonly ConvergenceSummary[];
  /** The head as it is believed, and what of it no node was sent. */
  readonly unforced: { readonly revision: number; readonly kinds: readonly UnforcedKind[] } | null;
  /** What the control plane last said of the snapshot store, and when; null: there is none, or nothing was said. */
  readonly snapshotStore: { readonly atMs: number; readonly load: SnapshotStoreLoad } | null;
  /** What the node of a row refused last; null when that is not known. */
  readonly refusedRevisionOf: (row: number) => number | null;
}

/** The conditions that hold in a fleet. */
export function alertConditions(input: AlertInput): AlertCondition[] {
  const conditions = [
    ...processConditions(input),
    ...convergenceConditions(input),
    ...headConditions(input),
    ...snapshotStoreConditions(input),
  ];
  const { fleet } = input.summaries;
  const rows = (
    count: number,
    kind: AlertKind,
    title: string,
    where: RowPredicate,
    why: string,
  ) => {
    if (count === 0) return;
    conditions.push({ id: kind, kind, title, detail: `${namesOf(input, count, where)} ${why}` });
  };
  rows(
    fleet.rejected,
    'nodes-rejected',
    `${nodeCount(fleet.rejected)} rejected ${refusedWords(input)}`,
    (_flags, row) => isRejectingRow(input.frame, row),
    `${servingWords(fleet, 'They keep serving what they served.')} Open a node to see which resource it refused and why.`,
  );
  rows(
    fleet.ahead,
    'nodes-ahead',
    `${nodeCount(fleet.ahead)} ahead of the control plane`,
    (flags) => flags.ahead,
    `${servingWords(fleet, 'They keep serving.')} Adopt the fleet’s state to bring both together.`,
  );
  // A simulator that is down takes every node with it: that is one alert, not two.
  if (input.simulator.state === 'up' && input.simulator.silentMs === null) {
    rows(
      fleet.down,
      'nodes-not-serving',
      `${nodeCount(fleet.down)} not serving`,
      (flags) => flags.health === 'down',
      'They answer no requests.',
    );
  }
  rows(
    fleet.overBudget,
    'staleness-budget',
    `${nodeCount(fleet.overBudget)} over the staleness budget`,
    (_flags, row) => isOverBudget(input.budget, rowStaleness(input.frame, row)),
    budgetWords(fleet, input.budget),
  );
  return conditions;
}

type RowPredicate = (flags: ReturnType<typeof unpackNodeFlags>, row: number) => boolean;

function processConditions(input: AlertInput): AlertCondition[] {
  const conditions: AlertCondition[] = [];
  if (input.controlPlane.state === 'down') {
    conditions.push({
      id: 'control-plane-down',
      kind: 'control-plane-down',
      title: 'Control plane is down',
      detail: `${reasonWords(input.controlPlane)} ${servingWords(input.summaries.fleet, 'Nodes keep serving what they have.')} Publishing waits until it is started again.`,
    });
  }
  if (input.controlPlane.silentMs !== null) {
    conditions.push({
      id: 'control-plane-down:silent',
      kind: 'control-plane-down',
      title: 'Control plane does not answer',
      detail: `Its process is up but has said nothing for ${seconds(input.controlPlane.silentMs)}. ${servingWords(input.summaries.fleet, 'Nodes keep serving what they have.')} What is believed of them is as old. Kill it and start it again if it stays so.`,
    });
  }
  if (input.simulator.silentMs !== null) {
    conditions.push({
      id: 'simulator-down:silent',
      kind: 'simulator-down',
      title: 'Simulator does not answer',
      detail: `Its process is up but has said nothing for ${seconds(input.simulator.silentMs)}. Its nodes answer nothing meanwhile. Kill it if it stays so: it is started again by itself.`,
    });
  }
  if (input.simulator.state === 'down') {
    conditions.push({
      id: 'simulator-down',
      kind: 'simulator-down',
      title: 'Simulator is down',
      detail: `${reasonWords(input.simulator)} All simulated nodes are gone with it and come back from their disks when it is started again.`,
    });
  }
  return conditions;
}

/** One for each late revision: a publish that follows does not hide the one before it. */
function convergenceConditions({ late }: AlertInput): AlertCondition[] {
  return late.flatMap(({ revision, nodes, reached, deadlineMs, missing }) => {
    const lacking = nodes - reached;
    if (lacking <= 0) return [];
    const named = listed(missing.slice(0, ALERT_NODES_NAMED_MAX), lacking);
    return [
      {
        id: `convergence-late:r${revision}`,
        kind: 'convergence-late' as const,
        title: `r${revision} has not reached ${nodeCount(lacking)}`,
        detail: `${reached} of ${nodes} acknowledged; the deadline was ${seconds(deadlineMs)}. Missing: ${named}.`,
      },
    ];
  });
}

/** A newer version knows kinds that were kept as they came; only a publish sends them to nodes. */
function headConditions({ unforced }: AlertInput): AlertCondition[] {
  if (unforced === null || unforced.kinds.length === 0) return [];
  const { revision, kinds } = unforced;
  const documents = kinds.reduce((sum, kind) => sum + kind.documents, 0);
  const isOne = documents === 1;
  const named = kinds.map((kind) => `${kind.documents} ${kind.kind}`).join(', ');
  return [
    {
      id: `head-not-in-force:r${revision}`,
      kind: 'head-not-in-force',
      title: `${isOne ? '1 resource' : `${documents} resources`} of r${revision} ${isOne ? 'is' : 'are'} not in force`,
      detail: `${named}: when r${revision} was published, ${isOne ? 'its kind was' : 'their kinds were'} not known, so no node has ${isOne ? 'it' : 'them'}. Publish the text of r${revision} again to put ${isOne ? 'it' : 'them'} in force.`,
    },
  ];
}

/** No publish waits for it, so nothing else tells of it until nodes need what is there. */
function snapshotStoreConditions({ snapshotStore }: AlertInput): AlertCondition[] {
  if (snapshotStore === null) return [];
  const { atMs, load } = snapshotStore;
  const { last, lastError, failures, intervalMs } = load;
  if (lastError === null) return [];
  // The first try is at once: one more than the periods since.
  const isFailing =
    last === null
      ? failures > SNAPSHOT_PERIODS_MISSED_MAX
      : atMs - last.atMs > SNAPSHOT_PERIODS_MISSED_MAX * intervalMs;
  if (!isFailing) return [];
  const held =
    last === null
      ? 'Nothing was dumped since the control plane was started'
      : `It was last dumped as of r${last.revision}`;
  return [
    {
      id: 'snapshot-store-failing',
      kind: 'snapshot-store-failing',
      title: 'Snapshot store takes no dump',
      detail: `${held}. The newest try failed: ${withoutFullStop(lastError.detail)}. Nodes that start without the control plane find nothing newer there. It is tried again every ${seconds(intervalMs)}; look whether its disk is full or cannot be written.`,
    },
  ];
}

/** What was refused is seldom the head alone: a node may still refuse an earlier revision. */
function refusedWords(input: AlertInput): string {
  const revisions = new Set<number | null>();
  for (let row = 0; row < input.frame.nodes; row += 1) {
    if (isRejectingRow(input.frame, row)) revisions.add(input.refusedRevisionOf(row));
  }
  const [first] = revisions;
  if (revisions.size === 1 && first != null) return `r${first}`;
  return revisions.size === 1 ? 'what they were sent' : 'different revisions';
}

function isRejectingRow(frame: FleetFrame, row: number): boolean {
  return isRejecting(frame.flags[row] ?? 0, frame.syncStatus[row] ?? 0);
}

function namesOf(input: AlertInput, count: number, where: RowPredicate): string {
  const names: string[] = [];
  const byCell = new Map<string, number>();
  for (let row = 0; row < input.frame.nodes; row += 1) {
    if (!where(unpackNodeFlags(input.frame.flags[row] ?? 0), row)) continue;
    const cell = input.cells[input.cellOf[row] ?? -1] ?? '?';
    byCell.set(cell, (byCell.get(cell) ?? 0) + 1);
    if (names.length < ALERT_NODES_NAMED_MAX) names.push(input.nodeIds[row] ?? '?');
  }
  const cells = [...byCell].map(([cell, nodes]) => `${cell} (${nodes})`).join(', ');
  return `In ${cells}: ${listed(names, count)}.`;
}

function listed(names: readonly string[], count: number): string {
  const more = count - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

function rowStaleness(frame: FleetFrame, row: number) {
  return {
    lagRevisions: frame.lagRevisions[row] ?? 0,
    lagMs: frame.lagMs[row] ?? 0,
    unverifiedMs: frame.unverifiedMs[row] ?? 0,
  };
}

function budgetWords(fleet: FleetSummary, budget: StalenessBudget): string {
  const worst = [
    `${fleet.lagRevisionsMax} revisions behind (budget ${budget.lagRevisions})`,
    `${secondsOver(fleet.lagMsMax, budget.lagMs)} of lag (budget ${seconds(budget.lagMs)})`,
    `${secondsOver(fleet.unverifiedMsMax, budget.unverifiedMs)} unverified (budget ${seconds(budget.unverifiedMs)})`,
  ];
  const never = fleet.neverVerified > 0 ? `, ${fleet.neverVerified} never verified` : '';
  return `Worst: ${worst.join(', ')}${never}. ${servingWords(fleet, 'They keep serving.')}`;
}

/** Whoever is behind may still serve; nobody is said to serve while no node does. */
function servingWords(fleet: FleetSummary, whenServing: string): string {
  return fleet.serving === 0 ? 'No node serves now.' : whenServing;
}

function reasonWords({ reason }: AlertProcess): string {
  return `Reason: ${withoutFullStop(reason ?? 'not started')}.`;
}

/** Whole seconds that never look like the budget when they are beyond it. */
function secondsOver(ms: number, budgetMs: number): string {
  const words = `${Math.floor(ms / 1_000)} s`;
  return ms > budgetMs && words === seconds(budgetMs) ? `over ${words}` : words;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}

function nodeCount(count: number): string {
  return count === 1 ? '1 node' : `${count} nodes`;
}

function alertOf(track: AlertTrack, clearedAtMs: number | null): Alert {
  const { id, kind, title, detail } = track.condition;
  return { id, kind, title, detail, raisedAtMs: track.raisedAtMs ?? 0, clearedAtMs };
}
