import { z } from 'zod';
import { NEVER_MS } from '../fleet/frame.ts';
import { CELLS_MAX, CONFIG_TEXT_BYTES_MAX, INVENTORY_NODES_MAX } from '../protocol/limits.ts';
import { cellSchema, countSchema, nodeIdSchema } from '../protocol/primitives.ts';
import { requestShapeSchema } from '../protocol/simulator-control.ts';

/** Revisions whose text a shape carries, the head among them; what is older is the oldest. */
export const SHAPE_TEXTS_MAX = 4;

/** Of a link without faults, each way. */
export const linkNatureSchema = z.strictObject({
  latencyUs: z.int().min(0).max(60_000_000),
  /** A further uniform draw from 0 to this. */
  jitterUs: z.int().min(0).max(60_000_000),
});

/**
 * A fleet as it is at one instant, as far as it matters to what a publish comes to: what a rehearsal
 * begins with. What a node's agent can do follows from its id (`agentProfileOf`).
 */
export const fleetShapeSchema = z.strictObject({
  nodes: z
    .array(
      z.strictObject({
        nodeId: nodeIdSchema,
        cell: cellSchema,
        /** Index into `texts` of what it serves; null: nothing yet. */
        serving: z
          .int()
          .min(0)
          .max(SHAPE_TEXTS_MAX - 1)
          .nullable(),
        /** Down nodes stay down for the whole rehearsal. */
        isUp: z.boolean(),
        /** Since the control plane last told it what is current; absent: never, or it does not matter. */
        unverifiedMs: z
          .int()
          .min(0)
          .max(NEVER_MS - 1)
          .optional(),
      }),
    )
    .min(1)
    .max(INVENTORY_NODES_MAX),
  cells: z.int().min(1).max(CELLS_MAX),
  /** Oldest first; the last is the head, which the draft is published on. Empty: nothing was published. */
  texts: z.array(z.string().max(CONFIG_TEXT_BYTES_MAX)).max(SHAPE_TEXTS_MAX),
  /** The revision of each text, for words. */
  revisions: z.array(countSchema).max(SHAPE_TEXTS_MAX),
  /** Faults in force, as a faults file of the twin (docs/TWIN.md); `atMs` 0, what is left of each. */
  faultsText: z.string().max(1024 * 1024),
  /** What clients ask; empty: made from the head's text. */
  shapes: z.array(requestShapeSchema).max(50),
  requestsPerSecond: z.int().min(0).max(1_000),
  heartbeatMs: z.int().min(100).max(600_000),
  link: linkNatureSchema,
  /** All nodes run in one process, as a console's own do; false: on a machine each. */
  nodesShareProcess: z.boolean(),
});
export type FleetShape = z.output<typeof fleetShapeSchema>;
