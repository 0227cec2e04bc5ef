import type { NodeId } from '../../../core/config/ids.ts';
import type { ControlPlaneSettings } from '../../../core/control-plane/settings.ts';
import { planInventory, type RosterNode } from '../../../core/fleet/roster.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { MICROS_PER_MS } from '../../../core/ports/clock.ts';
import type { RandomStream } from '../../../core/ports/random.ts';
import { type ScheduledFault, standingMsOf } from '../twin-fault.ts';
import { drawFault, drawStoreFault } from './draw-fault.ts';
import { drawConfig } from './swarm-config.ts';

/** What an operator does in a seed's run. */
export type OperatorAction =
  | { readonly kind: 'publish'; readonly text: string }
  /** To the revision so many before the head. */
  | { readonly kind: 'rollback'; readonly back: number }
  | { readonly kind: 'retire'; readonly nodeId: NodeId }
  | { readonly kind: 'provision'; readonly node: RosterNode }
  | { readonly kind: 'adopt' };

export interface ScheduledAction {
  readonly atMs: number;
  readonly action: OperatorAction;
}

/** All that a seed decides. The same seed gives the same plan. */
export interface SwarmPlan {
  readonly seed: number;
  readonly nodes: number;
  readonly cells: number;
  readonly heartbeatMs: number;
  readonly settings: Partial<ControlPlaneSettings>;
  /** Nodes that run an agent which lacks features. */
  readonly olderAgents: ReadonlySet<NodeId>;
  readonly diskWriteUsMax: number;
  /** Short, so that what is damaged is found within the run. */
  readonly scrubPeriodMs: number;
  readonly configText: string;
  readonly faults: readonly ScheduledFault[];
  readonly actions: readonly ScheduledAction[];
  /** By then every fault is over. */
  readonly healedMs: number;
  /** After healing and the last action, by then all must be well … */
  readonly settledMs: number;
  /** … and stay so to the end. */
  readonly endMs: number;
}

/** Virtual time for the fleet to come to rest once nothing stands in its way: a full disk is asked again after 80 s. */
export const SETTLE_MS = 120_000;
/** Virtual time in which no link may end after that: a few heartbeats and their deadlines. */
const QUIET_MS = 20_000;
/** The fleet comes up before the first fault, mostly. */
const FAULTS_FROM_MS = 500;
const FAULTS_SPAN_MS_MIN = 10_000;
const FAULTS_SPAN_MS_MAX = 70_000;
const SCRUB_MS_MIN = 5_000;
const SCRUB_MS_SPREAD = 25_000;
const CONNECTION_AGE_MS_MIN = 4_000;
const CONNECTION_AGE_MS_SPREAD = 40_000;
const OUTAGE_MS_MIN = 8_000;
const OUTAGE_MS_SPREAD = 40_000;
const SNAPSHOT_MS_MIN = 1_000;
const SNAPSHOT_MS_SPREAD = 15_000;
const ADOPT_AFTER_MS = [15_000, 30_000, 45_000];

/** Draws what a seed does. */
export function drawPlan(seed: number): SwarmPlan {
  const random = createSeededRandom(seed).split('swarm');
  const nodes = drawNodes(random.split('size'));
  const shape = random.split('shape');
  const cells = 1 + shape.below(Math.min(4, nodes));
  const fleet = planInventory({ nodes, cells, current: [] }).add;
  const spanMs = FAULTS_SPAN_MS_MIN + shape.below(FAULTS_SPAN_MS_MAX - FAULTS_SPAN_MS_MIN + 1);
  const churn = drawChurn(random.split('churn'), spanMs);
  const faults = drawFaults(random.split('faults'), { spanMs, fleet, churn });
  const healedMs = Math.max(spanMs, ...faults.map(overAtMs)) + 1_000;
  const after = drawAftermath(random.split('aftermath'), healedMs, faults);
  const inventory = drawInventoryChanges(random.split('inventory'), { spanMs, healedMs, fleet });
  const actions = [...churn, ...inventory, ...after].sort((a, b) => a.atMs - b.atMs);
  const settledMs = Math.max(healedMs, ...actions.map(({ atMs }) => atMs)) + SETTLE_MS;
  const agents = random.split('agents');
  const hasOlder = agents.below(4) === 0;
  return {
    seed,
    nodes,
    cells,
    heartbeatMs: 1_000 + shape.below(4_001),
    settings: drawSettings(random.split('settings')),
    olderAgents: new Set(
      fleet.filter(() => hasOlder && agents.below(3) === 0).map(({ nodeId }) => nodeId),
    ),
    scrubPeriodMs: SCRUB_MS_MIN + random.split('scrub').below(SCRUB_MS_SPREAD),
    diskWriteUsMax: 2_000 + shape.below(3) * 60_000,
    configText: drawConfig(random.split('first-config')),
    faults,
    actions,
    healedMs,
    settledMs,
    endMs: settledMs + QUIET_MS,
  };
}

/** Two to sixty, mostly few: what goes wrong, goes wrong between few. */
function drawNodes(random: RandomStream): number {
  const size = random.below(20);
  if (size < 15) return 2 + random.below(7);
  return size < 19 ? 9 + random.below(12) : 21 + random.below(40);
}

/** A third of the seeds renew links every few seconds; half have caps that a handful of nodes reaches. */
function drawSettings(random: RandomStream): Partial<ControlPlaneSettings> {
  const snapshotMs = SNAPSHOT_MS_MIN + random.split('snapshots').below(SNAPSHOT_MS_SPREAD);
  const snapshotIntervalUs = snapshotMs * MICROS_PER_MS;
  return {
    snapshotIntervalUs,
    ...drawAge(random.split('age')),
    ...drawLog(random.split('log')),
    ...drawCaps(random),
  };
}

/** A third of the seeds have a log that a few publishes outrun. */
function drawLog(random: RandomStream): Partial<ControlPlaneSettings> {
  return random.below(3) > 0 ? {} : { logRevisionsMax: 1 + random.below(3) };
}

function drawAge(random: RandomStream): Partial<ControlPlaneSettings> {
  if (random.below(3) > 0) return {};
  const ms = CONNECTION_AGE_MS_MIN + random.below(CONNECTION_AGE_MS_SPREAD);
  return { connectionAgeUs: ms * MICROS_PER_MS };
}

function drawCaps(random: RandomStream): Partial<ControlPlaneSettings> {
  if (random.below(2) === 0) return {};
  return {
    handshakesMax: 2 + random.below(6),
    fullPushesInFlightMax: 1 + random.below(3),
    fullPushesQueuedMax: 1 + random.below(6),
  };
}

function drawChurn(random: RandomStream, spanMs: number): ScheduledAction[] {
  const actions: ScheduledAction[] = [];
  const times = 1 + random.below(6);
  for (let i = 0; i < times; i += 1) {
    actions.push(...drawBurst(random, FAULTS_FROM_MS + random.below(spanMs)));
  }
  return actions;
}

/** One publish, or several faster than they can be answered; now and then a rollback. */
function drawBurst(random: RandomStream, fromMs: number): ScheduledAction[] {
  const count = random.below(2) === 0 ? 1 : 2 + random.below(4);
  let atMs = fromMs;
  return Array.from({ length: count }, () => {
    atMs += random.below(80);
    const action: OperatorAction =
      random.below(6) === 0
        ? { kind: 'rollback', back: 1 + random.below(3) }
        : { kind: 'publish', text: drawConfig(random) };
    return { atMs, action };
  });
}

function drawFaults(
  random: RandomStream,
  {
    spanMs,
    fleet,
    churn,
  }: { spanMs: number; fleet: readonly RosterNode[]; churn: readonly ScheduledAction[] },
): ScheduledFault[] {
  const faults: ScheduledFault[] = [];
  const count = random.below(9);
  for (let i = 0; i < count; i += 1) {
    faults.push({
      atMs: FAULTS_FROM_MS + random.below(spanMs),
      fault: drawFault(random, fleet),
    });
  }
  // What goes wrong while a push is under way finds more than what goes wrong at rest.
  for (const { atMs } of churn) {
    if (random.below(3) > 0) continue;
    faults.push({ atMs: atMs + random.below(120), fault: drawFault(random, fleet) });
  }
  faults.push(...drawDamagedDelivery(random.split('delivery'), fleet, churn));
  faults.push(...drawStoreFaults(random.split('snapshot-store'), fleet, spanMs));
  if (random.below(4) === 0) {
    const backupMs = FAULTS_FROM_MS + random.below(spanMs);
    const restoreMs = backupMs + 1_000 + random.below(spanMs);
    const downMs = random.below(10_000);
    faults.push(
      { atMs: backupMs, fault: { kind: 'control-plane-backup' } },
      { atMs: restoreMs, fault: { kind: 'control-plane-restore', downMs } },
    );
  }
  return faults.sort((a, b) => a.atMs - b.atMs);
}

/** What befalls the snapshot store, and a control plane that is away for long enough that it matters. */
function drawStoreFaults(
  random: RandomStream,
  fleet: readonly RosterNode[],
  spanMs: number,
): ScheduledFault[] {
  if (random.below(2) > 0) return [];
  const faults: ScheduledFault[] = [];
  const count = 1 + random.below(3);
  for (let i = 0; i < count; i += 1) {
    const atMs = FAULTS_FROM_MS + random.below(spanMs);
    faults.push({ atMs, fault: drawStoreFault(random, fleet) });
  }
  const downMs = OUTAGE_MS_MIN + random.below(OUTAGE_MS_SPREAD);
  const atMs = FAULTS_FROM_MS + random.below(spanMs);
  if (random.below(2) > 0) faults.push({ atMs, fault: { kind: 'control-plane-kill', downMs } });
  return faults;
}

/** Pushes of the last publish arrive damaged, and then their nodes start anew. */
function drawDamagedDelivery(
  random: RandomStream,
  fleet: readonly RosterNode[],
  churn: readonly ScheduledAction[],
): ScheduledFault[] {
  const lastMs = Math.max(...churn.map(({ atMs }) => atMs));
  const node = fleet[random.below(fleet.length)];
  if (random.below(2) > 0 || node === undefined) return [];
  const target = { scope: 'node', nodeId: node.nodeId } as const;
  const durationMs = 1_000 + random.below(8_000);
  const restartMs = lastMs + durationMs + random.below(5_000);
  return [
    { atMs: lastMs, fault: { kind: 'push-corrupted', target, durationMs } },
    { atMs: restartMs, fault: { kind: 'node-restart', target, disk: 'keep' } },
  ];
}

function overAtMs({ atMs, fault }: ScheduledFault): number {
  if ('downMs' in fault) return atMs + (fault.downMs ?? 0);
  return atMs + (standingMsOf(fault) ?? 0);
}

/** After healing: somebody adopts where the fleet is ahead, and something is published. */
function drawAftermath(
  random: RandomStream,
  healedMs: number,
  faults: readonly ScheduledFault[],
): ScheduledAction[] {
  const actions: ScheduledAction[] = [];
  const wasRestored = faults.some(({ fault }) => fault.kind === 'control-plane-restore');
  if (wasRestored && random.below(4) > 0) {
    for (const ms of ADOPT_AFTER_MS) {
      actions.push({ atMs: healedMs + ms, action: { kind: 'adopt' } });
    }
  }
  if (random.below(3) > 0) actions.push(...drawBurst(random, healedMs + 60_000));
  return actions;
}

/** A node that is retired in the middle of it all, and provisioned again. */
function drawInventoryChanges(
  random: RandomStream,
  { spanMs, healedMs, fleet }: { spanMs: number; healedMs: number; fleet: readonly RosterNode[] },
): ScheduledAction[] {
  const node = fleet[random.below(fleet.length)];
  if (node === undefined || random.below(4) > 0) return [];
  const retireMs = FAULTS_FROM_MS + random.below(spanMs);
  const backMs = retireMs + random.below(20_000);
  return [
    { atMs: retireMs, action: { kind: 'retire', nodeId: node.nodeId } },
    { atMs: backMs, action: { kind: 'provision', node } },
    // The control plane may have been down for that.
    { atMs: healedMs, action: { kind: 'provision', node } },
  ];
}
