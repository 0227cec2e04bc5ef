import { z } from 'zod';
import type { ContentHash, NodeId, ResourceKey } from '../config/ids.ts';
import { linkFaultSchema } from '../fault/fault.ts';
import type { LinkState, ServingHealth } from '../fleet/frame.ts';
import {
  cellSchema,
  countSchema,
  nodeIdSchema,
  type ServingStatement,
  targetSchema,
} from './primitives.ts';

/**
 * Between the console host and the simulator process, over the spawner's message channel. The
 * control plane has no part in it: this is how the console learns what nodes really do.
 */

const rosterSchema = z.array(z.strictObject({ nodeId: nodeIdSchema, cell: cellSchema }));
export type Roster = z.output<typeof rosterSchema>;

/** One kind of request that the fleet is asked, with its share of the traffic. */
export const requestShapeSchema = z.strictObject({
  method: z.string().max(16),
  scheme: z.enum(['http', 'https']),
  host: z.string().max(300),
  port: z.int().min(1).max(65_535),
  /** Path with query. */
  path: z.string().max(2_000),
  headers: z.record(z.string().max(200), z.string().max(2_000)),
  /** Relative share, a positive integer. */
  weight: z.int().min(1).max(10_000),
});
export type RequestShape = z.output<typeof requestShapeSchema>;

export const simulatorCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('init'),
    /** Directory of the nodes' disks, owned by the simulator. */
    diskDir: z.string(),
    /** Absent: there is no snapshot store. */
    snapshotStore: z
      .strictObject({
        directory: z.string(),
        /** Without a welcome for so long a node reads it for the first time … */
        afterMs: z.int().min(1).max(3_600_000),
        /** … and again. */
        everyMs: z.int().min(1).max(3_600_000),
      })
      .optional(),
    controlPlaneUrl: z.string(),
    fleetToken: z.string(),
    seed: countSchema,
    rosterVersion: countSchema,
    roster: rosterSchema,
    shapes: z.array(requestShapeSchema).max(50),
    /** Requests a second a node. */
    requestsPerSecond: z.int().min(0).max(1_000),
    telemetryIntervalMs: z.int().min(50).max(10_000),
  }),
  z.strictObject({
    type: z.literal('set-roster'),
    rosterVersion: countSchema,
    roster: rosterSchema,
  }),
  z.strictObject({ type: z.literal('set-shapes'), shapes: z.array(requestShapeSchema).max(50) }),
  z.strictObject({
    type: z.literal('restart-nodes'),
    requestId: countSchema,
    target: targetSchema,
    disk: z.enum(['keep', 'wipe']),
  }),
  z.strictObject({
    type: z.literal('start-fault'),
    requestId: countSchema,
    faultId: z.string().max(64),
    fault: linkFaultSchema,
  }),
  z.strictObject({
    type: z.literal('clear-fault'),
    requestId: countSchema,
    faultId: z.string().max(64),
  }),
  z.strictObject({ type: z.literal('inspect-node'), requestId: countSchema, nodeId: nodeIdSchema }),
  z.strictObject({ type: z.literal('shut-down') }),
]);
export type SimulatorCommand = z.output<typeof simulatorCommandSchema>;

/** Columns of one sample, row i = node i of the roster; see `FleetFrame` for their meaning. */
export interface SimulatorFrame {
  readonly rosterVersion: number;
  readonly atMs: number;
  readonly servingRevision: Uint32Array;
  readonly flags: Uint8Array;
  readonly unverifiedMs: Uint32Array;
  readonly requests: Uint16Array;
  readonly failures: Uint16Array;
  /** Traffic of every step finished since the last frame. */
  readonly traffic: readonly TrafficStepTotals[];
}

/** One traffic step of the whole fleet. */
export interface TrafficStepTotals {
  readonly atMs: number;
  readonly stepMs: number;
  /** Requests asked. */
  readonly requests: number;
  /** Answered as the config says, with a status below 500. */
  readonly answered: number;
  /** Of those answered: 404 because nothing matched. */
  readonly unrouted: number;
  /** 5xx from the gateway itself. */
  readonly failed: number;
  /** Not answered at all: the node was down. */
  readonly refused: number;
  /** Of those answered: 429 by a rate limit, without asking a backend. Absent: none. */
  readonly limited?: number;
  /** Of those failed: 503 by a policy, for concurrency or an open breaker. Absent: none. */
  readonly shed?: number;
  /** Of those answered: 401 or 403, as an AuthPolicy asks. Absent: none. */
  readonly denied?: number;
  /** Latency of what was answered, microseconds. */
  readonly latencyP50Us: number;
  readonly latencyP99Us: number;
}

/** Something that happened on a node, newest last, bounded. */
export interface NodeLogEntry {
  readonly atMs: number;
  readonly text: string;
}

/** What a node says of itself when it is clicked. */
export interface NodeInspection {
  readonly nodeId: NodeId;
  readonly cell: string;
  readonly agentVersion: string;
  readonly featuresMissing: readonly string[];
  readonly health: ServingHealth;
  readonly link: {
    readonly state: LinkState;
    readonly sinceMs: number;
    readonly retryAtMs: number | null;
    readonly lastClose: string | null;
    readonly reconnects: number;
  };
  readonly serving: (ServingStatement & { readonly sinceMs: number }) | null;
  /** What requests that began before the last swap are still answered with; revision null: nothing. */
  readonly retiring: {
    readonly revision: number | null;
    readonly swappedAtMs: number;
    readonly untilMs: number;
  } | null;
  /** When the control plane last said what is current; null: never. */
  readonly verifiedAtMs: number | null;
  readonly lastPush: {
    readonly atMs: number;
    readonly revision: number;
    readonly outcome: 'applied' | 'rejected';
    readonly detail: string;
    readonly resources: readonly { readonly key: string; readonly detail: string }[];
  } | null;
  readonly requestsPerSecond: number;
  readonly failuresPerSecond: number;
  readonly log: readonly NodeLogEntry[];
  readonly manifest: readonly (readonly [ResourceKey, ContentHash])[];
}

export type SimulatorEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'frame'; readonly frame: SimulatorFrame }
  | {
      readonly type: 'result';
      readonly requestId: number;
      readonly result:
        | { readonly ok: true; readonly value: SimulatorResult }
        | {
            readonly ok: false;
            readonly reason: 'unknown-node' | 'unknown-fault';
            readonly detail: string;
          };
    }
  | { readonly type: 'fault-ended'; readonly faultId: string }
  | { readonly type: 'node-note'; readonly nodeId: NodeId; readonly text: string }
  | { readonly type: 'fatal'; readonly reason: string; readonly detail: string };

export type SimulatorResult =
  | { readonly kind: 'restarted'; readonly nodes: number }
  | { readonly kind: 'fault-started'; readonly nodes: number }
  | { readonly kind: 'fault-cleared'; readonly nodes: number }
  | { readonly kind: 'inspection'; readonly inspection: NodeInspection };
