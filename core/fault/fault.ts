import { z } from 'zod';
import { targetSchema } from '../protocol/primitives.ts';

/**
 * Everything that can be broken on purpose, as data: one union drives the form, the wire and the
 * simulator. Standing faults stay until they are cleared or their time is up; instant ones happen.
 */

/** Longest time a standing fault may last, so that a forgotten one ends by itself. */
export const FAULT_DURATION_MS_MAX = 24 * 60 * 60 * 1_000;

const duration = z.int().min(100).max(FAULT_DURATION_MS_MAX).nullable();

export const linkFaultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('link-latency'),
    target: targetSchema,
    /** Added to every frame, each way. */
    latencyMs: z.int().min(0).max(60_000),
    /** A further uniform draw from 0 to this, without reordering. */
    jitterMs: z.int().min(0).max(60_000),
    /** Null: until cleared. */
    durationMs: duration,
  }),
  z.strictObject({
    /** Nothing passes, either way; both ends notice by their own deadlines, as in life. */
    kind: z.literal('link-partition'),
    target: targetSchema,
    durationMs: duration,
  }),
]);
export type LinkFault = z.output<typeof linkFaultSchema>;

/** A standing fault in force. */
export interface ActiveFault {
  readonly id: string;
  readonly fault: LinkFault;
  readonly startedAtMs: number;
  /** Null: until cleared. */
  readonly endsAtMs: number | null;
  /** Nodes it holds, counted once when it began. */
  readonly nodes: number;
}
