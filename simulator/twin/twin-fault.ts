import { z } from 'zod';
import { describeFault, describeTarget } from '../../core/fault/describe-fault.ts';
import { FAULT_DURATION_MS_MAX, linkFaultSchema } from '../../core/fault/fault.ts';
import type { RosterNode } from '../../core/fleet/roster.ts';
import { assert } from '../../core/lib/assert.ts';
import { err, ok, type Result } from '../../core/lib/result.ts';
import { decodeJson } from '../../core/protocol/decode-json.ts';
import { targetSchema } from '../../core/protocol/primitives.ts';
import { targetCovers } from '../live/fault-board.ts';
import { faultProblem } from './fault-problem.ts';

/**
 * What the twin can break. Faults of links are those of the live world and more; the rest are
 * the twin's own. Standing faults end after `durationMs`, with null at the end of the run.
 */

const durationMs = z.int().min(1).max(FAULT_DURATION_MS_MAX).nullable();

const twinFaultSchema = z.discriminatedUnion('kind', [
  ...linkFaultSchema.options,
  z.strictObject({
    /** Nothing passes in one direction; the other goes on. */
    kind: z.literal('link-one-way'),
    target: targetSchema,
    blocked: z.enum(['to-node', 'to-control-plane']),
    durationMs,
  }),
  z.strictObject({
    /** Each frame is lost with this chance and sent again, so that it and all behind it stall. */
    kind: z.literal('link-loss'),
    target: targetSchema,
    perMille: z.int().min(1).max(1_000),
    stallMs: z.int().min(1).max(60_000),
    durationMs,
  }),
  z.strictObject({
    kind: z.literal('link-bandwidth'),
    target: targetSchema,
    /** Each way. */
    bytesPerSecond: z.int().min(100).max(1_000_000_000),
    durationMs,
  }),
  /** Both ends see the connection break. */
  z.strictObject({ kind: z.literal('link-reset'), target: targetSchema }),
  /** The node's end is gone, and nothing tells the control plane. */
  z.strictObject({ kind: z.literal('link-half-open'), target: targetSchema }),
  z.strictObject({
    kind: z.literal('node-restart'),
    target: targetSchema,
    /** What becomes of the disk while the node is down. `stale`: it has the config before the last. */
    disk: z.enum(['keep', 'lose', 'stale', 'corrupt']),
  }),
  /** One resource of what a node serves is no longer what it was; its disk still is. */
  z.strictObject({ kind: z.literal('memory-corrupted'), target: targetSchema }),
  /** Writes fail, as on a full disk. */
  z.strictObject({ kind: z.literal('disk-full'), target: targetSchema, durationMs }),
  /** Writes are said to be durable and are not: a restart finds what was there before. */
  z.strictObject({ kind: z.literal('disk-lies'), target: targetSchema, durationMs }),
  /** What a node reads of a push has one resource that is not what was sent. */
  z.strictObject({ kind: z.literal('push-corrupted'), target: targetSchema, durationMs }),
  /** An agent says each ack once more when it says the next one. */
  z.strictObject({ kind: z.literal('answers-repeated'), target: targetSchema, durationMs }),
  /** Nodes cannot read the snapshot store. */
  z.strictObject({ kind: z.literal('store-cut'), target: targetSchema, durationMs }),
  /** The snapshot store takes no dump; what lies in it stays, and grows old. */
  z.strictObject({ kind: z.literal('store-writes-fail'), durationMs }),
  /** What is read of the snapshot store is not what was written. */
  z.strictObject({ kind: z.literal('store-corrupted'), durationMs }),
  /** The snapshot store is empty, until the next dump. */
  z.strictObject({ kind: z.literal('store-lost') }),
  z.strictObject({
    /** As `SIGKILL` does; it is started again after `downMs`, with null never. */
    kind: z.literal('control-plane-kill'),
    downMs: z.int().min(0).max(FAULT_DURATION_MS_MAX).nullable(),
  }),
  /** Copies the store. The newest copy alone is kept. */
  z.strictObject({ kind: z.literal('control-plane-backup') }),
  z.strictObject({
    /** Kills the control plane and starts it on the newest copy of its store. */
    kind: z.literal('control-plane-restore'),
    downMs: z.int().min(0).max(FAULT_DURATION_MS_MAX),
  }),
]);

export type TwinFault = z.output<typeof twinFaultSchema>;

/** Faults in one schedule. */
export const SCHEDULED_FAULTS_MAX = 1_000;

const scheduledFaultSchema = z.strictObject({
  /** Milliseconds since the start of the run. */
  atMs: z
    .int()
    .min(0)
    .max(365 * FAULT_DURATION_MS_MAX),
  fault: twinFaultSchema,
});
export type ScheduledFault = z.output<typeof scheduledFaultSchema>;

/** How many there are comes first: what is wrong with each is not looked for then. */
const faultScheduleSchema = z
  .array(z.unknown())
  .max(SCHEDULED_FAULTS_MAX)
  .pipe(z.array(scheduledFaultSchema));

/** Reads a faults file: a JSON list of `{"atMs": …, "fault": {…}}`. The error is one sentence. */
export function readFaultSchedule(text: string): Result<readonly ScheduledFault[], string> {
  const file = decodeJson(z.unknown(), text);
  if (!file.ok) return err('this is not JSON');
  const read = faultScheduleSchema.safeParse(file.value);
  if (read.success) return ok(read.data);
  const [issue] = read.error.issues;
  assert(issue !== undefined, 'what is refused is refused for something');
  return err(faultProblem(file.value, issue, SCHEDULED_FAULTS_MAX));
}

/** `links cut, cell eu-west` */
export function describeTwinFault(fault: TwinFault): string {
  switch (fault.kind) {
    case 'link-latency':
    case 'link-partition':
      return describeFault(fault);
    case 'link-one-way':
      return fault.blocked === 'to-node'
        ? `nothing reaches the node, ${describeTarget(fault.target)}`
        : `nothing leaves the node, ${describeTarget(fault.target)}`;
    case 'link-loss':
      return `frames stall for ${fault.stallMs} ms, ${describeTarget(fault.target)}`;
    case 'link-bandwidth':
      return `${fault.bytesPerSecond} B/s, ${describeTarget(fault.target)}`;
    case 'link-reset':
      return `links reset, ${describeTarget(fault.target)}`;
    case 'link-half-open':
      return `links half open, ${describeTarget(fault.target)}`;
    case 'node-restart':
      return `restart (disk: ${fault.disk}), ${describeTarget(fault.target)}`;
    case 'memory-corrupted':
      return `memory damaged, ${describeTarget(fault.target)}`;
    case 'disk-full':
      return `disks full, ${describeTarget(fault.target)}`;
    case 'disk-lies':
      return `disks lose what they were given, ${describeTarget(fault.target)}`;
    case 'push-corrupted':
      return `pushes arrive damaged, ${describeTarget(fault.target)}`;
    case 'answers-repeated':
      return `answers said twice, ${describeTarget(fault.target)}`;
    case 'store-cut':
      return `snapshot store out of reach, ${describeTarget(fault.target)}`;
    case 'store-writes-fail':
      return 'snapshot store takes no dump';
    case 'store-corrupted':
      return 'snapshot store damaged';
    case 'store-lost':
      return 'snapshot store emptied';
    case 'control-plane-kill':
      return 'control plane killed';
    case 'control-plane-backup':
      return 'store copied';
    case 'control-plane-restore':
      return 'older store put back';
  }
}

/** Whether a fault is aimed at a node or cell that is not in the fleet. */
export function coversNobody(fault: TwinFault, fleet: readonly RosterNode[]): boolean {
  if (!('target' in fault)) return false;
  const { target } = fault;
  return !fleet.some(({ nodeId, cell }) => targetCovers(target, nodeId, cell));
}

/** How long a fault stands, milliseconds; null: to the end of the run; 0: it only happens. */
export function standingMsOf(fault: TwinFault): number | null {
  return 'durationMs' in fault ? fault.durationMs : 0;
}
