import { curveOfRecord } from '../../../core/fleet/convergence.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { heartbeatUs } from '../../../core/node/backoff.ts';
import { MICROS_PER_MS, type Micros } from '../../../core/ports/clock.ts';
import type { ConvergenceReport } from '../../../core/protocol/control-plane-control.ts';
import {
  CURVE_POINTS_MAX,
  REJECTIONS_NAMED_MAX,
  type SeedOutcome,
} from '../../../core/rehearsal/seed-outcome.ts';
import type { LinkTotals } from '../twin-connection.ts';
import type { SentCounts } from '../twin-control-plane.ts';
import type { TwinNode } from '../twin-node.ts';
import type { TwinPublish, TwinWorld } from '../twin-world.ts';
import { isCutOff } from './is-settled.ts';
import { believedOf, type Refusal, refusalOf, refuses } from './refusals.ts';
import type { RehearsalTraffic } from './rehearsal-traffic.ts';

/** By the publish of the draft, over all lives of the control plane's process. */
export type SentBefore = Pick<SentCounts, 'pushesFull' | 'pushesDelta'> &
  Pick<LinkTotals, 'bytesPushed'>;

export interface OutcomeInput {
  readonly world: TwinWorld;
  readonly seed: number;
  readonly publishedAt: Micros;
  readonly horizonAt: Micros;
  /** See `isSettled`. */
  readonly isOutOfReach: (fault: number) => boolean;
  readonly traffic: RehearsalTraffic;
  readonly sentBefore: SentBefore;
}

/** Different refusals that are told apart; more are counted under the first ones. */
const REFUSALS_GROUPED_MAX = 10_000;

/** What a seed came to, when it is over: what does not change any more is told as at the horizon. */
export function outcomeOf(input: OutcomeInput): SeedOutcome {
  const { world, seed, publishedAt, horizonAt, traffic, sentBefore } = input;
  const [published] = world.publishes;
  const sent = world.controlPlane.sentCounts;
  const refusing = published === undefined ? [] : nodesRefusing(world, published);
  reckonStaleness(input);
  return {
    seed,
    ...spreadOf(world, published),
    lagMsMax: world.staleness.lagUsMax / MICROS_PER_MS,
    unverifiedMsMax: world.staleness.unverifiedUsMax / MICROS_PER_MS,
    ...traffic.countsUntil(horizonAt, publishedAt),
    nodesRejecting: refusing.length,
    rejections: rejectionsOf(refusing.map((node) => refusalOf(world, node))),
    // A control plane that is killed takes its own count with it.
    bytes: world.linkTotals.bytesPushed - sentBefore.bytesPushed,
    pushesFull: sent.pushesFull - sentBefore.pushesFull,
    pushesDelta: sent.pushesDelta - sentBefore.pushesDelta,
    traceHash: world.trace.digest(),
  };
}

/**
 * Who lacks the draft now lacks it until the end, and who is cut off stays so. Whoever is connected is next
 * told what is current at its heartbeat.
 */
function reckonStaleness({ world, seed, horizonAt, isOutOfReach }: OutcomeInput): void {
  const now = world.time.now();
  const random = createSeededRandom(seed).split('next-heartbeat');
  for (const node of world.nodes) {
    const { verifiedAt, serving, phase } = node.machine;
    if (verifiedAt !== null) {
      const isConnected = phase.kind === 'running' && phase.link.kind === 'open';
      const toldUs = isConnected ? heartbeatUs(random, world.options.heartbeatMs) : 0;
      const toldAt = Math.min(horizonAt, Math.max(now, verifiedAt + toldUs));
      const until = isCutOff(node, isOutOfReach) ? horizonAt : toldAt;
      world.staleness.unverifiedFor(until - verifiedAt);
    }
    if (serving !== null) world.staleness.servedUntil(serving.statement.generation, horizonAt);
  }
}

type Spread = Pick<
  SeedOutcome,
  'nodes' | 'reached' | 't50Ms' | 't95Ms' | 't99Ms' | 't100Ms' | 'curve'
>;

/** A draft that was never published reached nobody. */
function spreadOf(world: TwinWorld, published: TwinPublish | undefined): Spread {
  const nodes = world.nodes.length;
  const nothing = { t50Ms: null, t95Ms: null, t99Ms: null, t100Ms: null };
  if (published === undefined) return { nodes, reached: 0, curve: [], ...nothing };
  const report = world.controlPlane.convergenceReport(published.revision);
  if (report !== null) return spreadOfReport(report);
  const record = world.controlPlane.convergence(published.revision);
  if (record === null) return { nodes, reached: 0, curve: [], ...nothing };
  const ms = (us: number | null) => (us === null ? null : us / MICROS_PER_MS);
  return {
    nodes: record.nodes,
    reached: record.reached,
    t50Ms: ms(record.t50Us),
    t95Ms: ms(record.t95Us),
    t99Ms: ms(record.t99Us),
    t100Ms: ms(record.t100Us),
    // A control plane that is down at the end tells no curve; what it had saved of it is true as well.
    curve: pointsOf(curveOfRecord(record)),
  };
}

function spreadOfReport(report: ConvergenceReport): Spread {
  const { nodes, reached, t50Ms, t95Ms, t99Ms, t100Ms, curve } = report;
  return { nodes, reached, t50Ms, t95Ms, t99Ms, t100Ms, curve: pointsOf(curve) };
}

function pointsOf(curve: ConvergenceReport['curve']): [number, number][] {
  return curve.slice(0, CURVE_POINTS_MAX).map(([ms, count]) => [ms, count]);
}

function nodesRefusing(world: TwinWorld, published: TwinPublish): readonly TwinNode[] {
  const believed = believedOf(world, published);
  return world.nodes.filter((node) => refuses(node, published, believed));
}

/** By resource and sentence, most nodes first. */
function rejectionsOf(refusals: readonly Refusal[]): SeedOutcome['rejections'] {
  const groups = new Map<string, { key: string; detail: string; nodes: number }>();
  for (const { detail, resources } of refusals) {
    // What is refused as a whole names no resource.
    for (const one of resources.length > 0 ? resources : [{ key: '', detail }]) {
      const name = `${one.key} ${one.detail}`;
      const group = groups.get(name);
      if (group !== undefined) group.nodes += 1;
      else if (groups.size < REFUSALS_GROUPED_MAX) {
        groups.set(name, { key: one.key, detail: one.detail, nodes: 1 });
      }
    }
  }
  return [...groups.values()].sort((a, b) => b.nodes - a.nodes).slice(0, REJECTIONS_NAMED_MAX);
}
