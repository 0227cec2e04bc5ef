import { z } from 'zod';
import type { Lineage, NodeId, ResourceKey, Revision, RootHash } from '../config/ids.ts';
import type { Problem } from '../gateway/problem.ts';
import type { InventoryNode, RevisionRecord } from '../ports/store.ts';
import { SEARCH_CHARS_MAX, TEXT_CHARS_MAX } from './limits.ts';
import { cellSchema, countSchema, nodeIdSchema, revisionSchema } from './primitives.ts';

/** Between the console host and the control plane process, over the spawner's message channel. */

const actor = z.string().min(1).max(128);
const message = z.string().min(1).max(TEXT_CHARS_MAX);

export const controlPlaneRequestSchema = z.discriminatedUnion('method', [
  z.strictObject({
    method: z.literal('publish'),
    text: z.string(),
    /** The head that the text was edited from; null only for the very first publish. */
    base: revisionSchema.nullable(),
    message,
    actor,
    /** Nodes may be left without any resource. */
    allowEmpty: z.boolean().optional(),
  }),
  z.strictObject({
    method: z.literal('rollback'),
    to: revisionSchema,
    message,
    actor,
    allowEmpty: z.boolean().optional(),
  }),
  z.strictObject({
    method: z.literal('list-revisions'),
    before: revisionSchema.optional(),
    limit: z.int().min(1).max(500),
    search: z.string().min(1).max(SEARCH_CHARS_MAX).optional(),
  }),
  /** Who last touched each resource; of the head when no revision is named. */
  z.strictObject({ method: z.literal('get-blame'), revision: revisionSchema.optional() }),
  z.strictObject({ method: z.literal('get-revision'), revision: revisionSchema }),
  z.strictObject({ method: z.literal('get-audit'), limit: z.int().min(1).max(1_000) }),
  z.strictObject({
    method: z.literal('change-inventory'),
    add: z.array(z.strictObject({ nodeId: nodeIdSchema, cell: cellSchema })),
    retire: z.array(nodeIdSchema),
    actor,
  }),
  z.strictObject({ method: z.literal('get-convergence'), revision: revisionSchema }),
  z.strictObject({ method: z.literal('get-node-sync'), nodeId: nodeIdSchema }),
  /** Takes over what the fleet serves; `headText` is used for comments where contents agree. */
  z.strictObject({ method: z.literal('adopt-fleet'), headText: z.string().nullable(), actor }),
  /** Problems of a text, and which connected or once heard nodes would reject it. */
  z.strictObject({ method: z.literal('check-draft'), text: z.string() }),
  z.strictObject({ method: z.literal('backup'), path: z.string().min(1) }),
]);
export type ControlPlaneRequest = z.output<typeof controlPlaneRequestSchema>;
export type ControlPlaneMethod = ControlPlaneRequest['method'];

export const controlPlaneCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('init'),
    databasePath: z.string(),
    /** 0: any free port. */
    port: z.int().min(0).max(65_535),
    fleetToken: z.string().min(16),
    seed: countSchema,
    heartbeatMs: z.int().min(100).max(600_000),
    convergenceDeadlineMs: z.int().min(100).max(86_400_000),
    beliefIntervalMs: z.int().min(50).max(10_000),
    /** Absent: there is no snapshot store. */
    snapshotStore: z
      .strictObject({ directory: z.string(), intervalMs: z.int().min(1).max(3_600_000) })
      .optional(),
  }),
  z.strictObject({
    type: z.literal('request'),
    requestId: countSchema,
    request: controlPlaneRequestSchema,
  }),
  z.strictObject({ type: z.literal('shut-down') }),
]);
export type ControlPlaneCommand = z.output<typeof controlPlaneCommandSchema>;

/** Answers, by method. */
export interface ControlPlaneResults {
  publish: PublishedRevision;
  rollback: PublishedRevision;
  'list-revisions': {
    readonly revisions: readonly (RevisionRecord & {
      readonly convergence: ConvergenceSummary | null;
    })[];
  };
  'get-blame': {
    /** Null when nothing is published. */
    readonly revision: Revision | null;
    readonly resources: readonly ResourceTouch[];
  };
  'get-revision': {
    readonly record: RevisionRecord;
    readonly text: string;
    /** What is of a known kind now, and was of none when it was published: not in force in it. */
    readonly unforced: readonly ResourceKey[];
  };
  'get-audit': {
    readonly entries: readonly { atMs: number; actor: string; action: string; detail: string }[];
  };
  'change-inventory': { readonly inventory: readonly InventoryNode[] };
  'get-convergence': ConvergenceReport;
  'get-node-sync': NodeSync;
  'adopt-fleet': PublishedRevision;
  'check-draft': {
    readonly problems: readonly Problem[];
    readonly rejections: readonly NodeRejection[];
    readonly delta: DraftDelta | null;
  };
  backup: { readonly bytes: number };
}

/** A new head. */
export interface PublishedRevision {
  readonly record: RevisionRecord;
  readonly text: string;
  /** Resources that the head before had and this one has not; `record.changed` counts them too. */
  readonly removed: number;
}

/** A revision as the last to touch something. */
export interface Touch {
  readonly revision: Revision;
  readonly author: string;
  readonly atMs: number;
}

/** Who last changed what nodes are sent of a resource. */
export interface ResourceTouch extends Touch {
  readonly key: ResourceKey;
  /** The newer revision that changed its text alone: comments, layout, order; null when none did. */
  readonly text: Touch | null;
}

/** What publishing a draft now would send to nodes that serve the head. */
export interface DraftDelta {
  /** Resources that are new or different in content. */
  readonly changed: number;
  readonly removed: number;
  /** The push of the delta to one node, as it would be sent. */
  readonly bytes: number;
  /** The push of the whole to a node that has nothing. */
  readonly fullBytes: number;
  /** Nodes of the inventory: all of them are pushed to. */
  readonly nodes: number;
}

/** Nodes that would reject a config, grouped by why. */
export interface NodeRejection {
  readonly agentVersion: string;
  readonly resource: string;
  readonly detail: string;
  readonly nodes: number;
  /** The first of them, at most 20. */
  readonly nodeIds: readonly NodeId[];
}

/** Why the control plane refused. `problems` and `resources` say what to mend. */
export interface ControlPlaneRefusal {
  readonly reason:
    | 'invalid-config'
    | 'conflict'
    | 'unknown-revision'
    | 'unknown-node'
    | 'fleet-ahead'
    | 'not-ahead'
    | 'no-node-to-adopt-from'
    | 'nothing-to-publish'
    | 'removes-everything'
    | 'inventory-limit'
    | 'storage-failed'
    | 'bad-request';
  readonly detail: string;
  readonly problems?: readonly Problem[];
  readonly resources?: readonly ResourceKey[];
  readonly head?: Revision;
}

/** Durations from publish in milliseconds with microsecond digits; null: not yet. */
export interface ConvergenceSummary {
  readonly revision: Revision;
  readonly publishedAtMs: number;
  readonly nodes: number;
  readonly reached: number;
  readonly t50Ms: number | null;
  readonly t95Ms: number | null;
  readonly t99Ms: number | null;
  readonly t100Ms: number | null;
  readonly deadlineMs: number;
  /** Passed the deadline with nodes missing. */
  readonly late: boolean;
  /** Payload bytes sent for this revision, all nodes together. */
  readonly bytes: number;
  /** The first nodes that are missing, in roster order, at most 20. */
  readonly missing: readonly NodeId[];
}

export interface ConvergenceReport extends ConvergenceSummary {
  /** (milliseconds from publish, nodes that reached it), at most 300 points, ascending. */
  readonly curve: readonly (readonly [number, number])[];
}

/** What the control plane believes of one node. */
export interface NodeSync {
  readonly nodeId: NodeId;
  readonly status: 'UNKNOWN' | 'NOT_SENT' | 'STALE' | 'SYNCED' | 'ERROR';
  readonly connected: boolean;
  readonly ahead: boolean;
  readonly target: { readonly revision: Revision; readonly hash: RootHash } | null;
  readonly stated: {
    readonly revision: Revision;
    readonly hash: RootHash;
    readonly heardAtMs: number;
  } | null;
  readonly lastNack: {
    readonly atMs: number;
    readonly revision: Revision;
    readonly reason: string;
    readonly detail: string;
    readonly resources: readonly {
      readonly key: string;
      readonly reason: string;
      readonly detail: string;
    }[];
    readonly resourcesTotal: number;
  } | null;
}

/** The control plane's view of the fleet; row i = node i of its inventory order. */
export interface Belief {
  readonly atMs: number;
  /** Grows with every change of the inventory. */
  readonly inventoryVersion: number;
  readonly syncStatus: Uint8Array;
  readonly head: {
    readonly revision: Revision;
    readonly generation: number;
    readonly rootHash: RootHash;
    readonly lineage: Lineage;
  } | null;
  readonly counts: {
    readonly inventory: number;
    readonly connected: number;
    readonly acknowledged: number;
    readonly rejected: number;
    /** Nodes that serve a newer generation, or another lineage, than this store has. */
    readonly ahead: number;
  };
  readonly load: ControlPlaneLoad;
  readonly convergence: ConvergenceSummary | null;
  /** Every followed revision that is past its deadline and still misses nodes, oldest first. */
  readonly late: readonly ConvergenceSummary[];
  /** Of the head; empty when nodes are sent all that this version knows. */
  readonly unforced: readonly UnforcedKind[];
}

/** Documents of one kind that were published when it was unknown, and so were never sent to nodes. */
export interface UnforcedKind {
  readonly kind: string;
  readonly documents: number;
}

/** The control plane's own health. Totals since its process began. */
export interface ControlPlaneLoad {
  readonly connections: number;
  readonly handshakesPending: number;
  readonly pushesInFlight: number;
  readonly fullPushesQueued: number;
  readonly pushesDelta: number;
  readonly pushesFull: number;
  readonly bytesSent: number;
  readonly acks: number;
  readonly nacks: number;
  readonly staleNonces: number;
  readonly retryLaters: number;
  /** Connections closed for what they sent, by reason. */
  readonly closedByReason: Readonly<Record<string, number>>;
  readonly publishMsLast: number | null;
  readonly rssBytes: number;
  /** Null: there is none. */
  readonly snapshotStore: SnapshotStoreLoad | null;
}

/** What the process knows of the snapshot store that it dumps to. */
export interface SnapshotStoreLoad {
  /** The newest dump that was taken; null: none yet. */
  readonly last: {
    readonly revision: Revision;
    readonly generation: number;
    readonly atMs: number;
    readonly bytes: number;
  } | null;
  /** Why the newest try failed, in a clause; null when it did not. */
  readonly lastError: { readonly atMs: number; readonly detail: string } | null;
  readonly dumps: number;
  readonly failures: number;
  readonly intervalMs: number;
}

export type ControlPlaneEventMessage =
  | {
      readonly type: 'ready';
      readonly port: number;
      readonly inventory: readonly InventoryNode[];
      readonly head: RevisionRecord | null;
      readonly headText: string | null;
      readonly lineage: Lineage;
    }
  | { readonly type: 'belief'; readonly belief: Belief }
  | {
      readonly type: 'response';
      readonly requestId: number;
      readonly response:
        | { readonly ok: true; readonly value: ControlPlaneResults[ControlPlaneMethod] }
        | { readonly ok: false; readonly error: ControlPlaneRefusal };
    }
  | { readonly type: 'fatal'; readonly reason: string; readonly detail: string };
