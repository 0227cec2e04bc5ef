import type { RosterNode } from '../../../core/fleet/roster.ts';
import type { RandomStream } from '../../../core/ports/random.ts';
import type { NodeTarget } from '../../../core/protocol/primitives.ts';
import type { TwinFault } from '../twin-fault.ts';

const DURATION_MS_MIN = 200;
const DURATION_MS_MAX = 30_000;
/** A full disk is asked again ever more rarely, so it must not stay full for long. */
const DISK_FULL_MS_MAX = 15_000;
const DOWN_MS_MAX = 15_000;

type FaultDraw = (random: RandomStream, target: NodeTarget) => TwinFault;

/** Every kind but the backup and its restore, which come in pairs; those listed twice come more often. */
const DRAWS: readonly FaultDraw[] = [
  (random, target) => ({
    kind: 'link-latency',
    target,
    latencyMs: random.below(1_500),
    jitterMs: random.below(1_000),
    durationMs: drawMs(random),
  }),
  (random, target) => ({ kind: 'link-partition', target, durationMs: drawMs(random) }),
  (random, target) => ({
    kind: 'link-one-way',
    target,
    blocked: random.below(2) === 0 ? 'to-node' : 'to-control-plane',
    durationMs: drawMs(random),
  }),
  (random, target) => ({
    kind: 'link-loss',
    target,
    perMille: 1 + random.below(500),
    stallMs: 1 + random.below(5_000),
    durationMs: drawMs(random),
  }),
  (random, target) => ({
    kind: 'link-bandwidth',
    target,
    bytesPerSecond: 500 + random.below(20_000),
    durationMs: drawMs(random),
  }),
  (_random, target) => ({ kind: 'link-reset', target }),
  (_random, target) => ({ kind: 'link-half-open', target }),
  drawRestart,
  drawRestart,
  (_random, target) => ({ kind: 'memory-corrupted', target }),
  (random, target) => ({
    kind: 'disk-full',
    target,
    durationMs: DURATION_MS_MIN + random.below(DISK_FULL_MS_MAX),
  }),
  (random, target) => ({ kind: 'disk-lies', target, durationMs: drawMs(random) }),
  (random, target) => ({ kind: 'push-corrupted', target, durationMs: drawMs(random) }),
  (random, target) => ({ kind: 'answers-repeated', target, durationMs: drawMs(random) }),
  drawKill,
  drawKill,
];

export function drawFault(random: RandomStream, fleet: readonly RosterNode[]): TwinFault {
  const draw = DRAWS[random.below(DRAWS.length)] ?? drawKill;
  return draw(random, drawTarget(random, fleet));
}

/** The snapshot store's own. They are drawn apart, and in half of the seeds. */
const STORE_DRAWS: readonly FaultDraw[] = [
  (random, target) => ({ kind: 'store-cut', target, durationMs: drawMs(random) }),
  (random) => ({ kind: 'store-writes-fail', durationMs: drawMs(random) }),
  (random) => ({ kind: 'store-corrupted', durationMs: drawMs(random) }),
  () => ({ kind: 'store-lost' }),
];

export function drawStoreFault(random: RandomStream, fleet: readonly RosterNode[]): TwinFault {
  const draw = STORE_DRAWS[random.below(STORE_DRAWS.length)];
  return draw?.(random, drawTarget(random, fleet)) ?? { kind: 'store-lost' };
}

function drawRestart(random: RandomStream, target: NodeTarget): TwinFault {
  const disk = (['keep', 'keep', 'keep', 'lose', 'stale', 'corrupt'] as const)[random.below(6)];
  return { kind: 'node-restart', target, disk: disk ?? 'keep' };
}

function drawKill(random: RandomStream): TwinFault {
  return { kind: 'control-plane-kill', downMs: random.below(DOWN_MS_MAX) };
}

function drawTarget(random: RandomStream, fleet: readonly RosterNode[]): NodeTarget {
  const scope = random.below(10);
  const node = fleet[random.below(fleet.length)];
  if (scope < 2 || node === undefined) return { scope: 'fleet' };
  if (scope < 4) return { scope: 'cell', cell: node.cell };
  return { scope: 'node', nodeId: node.nodeId };
}

function drawMs(random: RandomStream): number {
  return DURATION_MS_MIN + random.below(DURATION_MS_MAX);
}
