import { z } from 'zod';
import type { ActiveFault } from '../fault/fault.ts';
import { linkFaultSchema } from '../fault/fault.ts';
import type { Problem } from '../gateway/problem.ts';
import type { FleetShape } from '../rehearsal/fleet-shape.ts';
import type { Forecast } from '../rehearsal/forecast.ts';
import type { ForecastComparison, KeptForecast } from '../rehearsal/kept-forecast.ts';
import type { TrackRecord } from '../rehearsal/track-record.ts';
import type {
  Blame,
  ConfigText,
  ConsoleEvent,
  ConsoleStatus,
  Draft,
  DraftDelta,
  DraftSummary,
  NodeDetail,
  NodeRow,
  PublishOutcome,
  RevisionDiff,
  RevisionRow,
  RosterMessage,
  StalenessBudget,
  TrafficSample,
} from './console-model.ts';
import type {
  ControlPlaneRefusal,
  ConvergenceReport,
  NodeRejection,
} from './control-plane-control.ts';
import { CELLS_MAX, INVENTORY_NODES_MAX, SEARCH_CHARS_MAX, TEXT_CHARS_MAX } from './limits.ts';
import { countSchema, nodeIdSchema, revisionSchema, targetSchema } from './primitives.ts';
import { REHEARSAL_HORIZON_MS_MAX, TWIN_FAULTS_CHARS_MAX } from './twin-control.ts';

/**
 * The console API: typed requests and streams over one loopback WebSocket, subprotocol
 * `holdfast.console.v1`. Clients: the renderer, the `holdfast` command line, the tests.
 *
 * client → host: `ConsoleClientMessage`, JSON text frames.
 * host → client: `ConsoleServerMessage`, JSON text frames, and fleet frames (`FleetFrame`) as binary.
 */

const message = z.string().trim().min(1).max(TEXT_CHARS_MAX);
const author = z.string().trim().min(1).max(128).optional();
/** The console has a working directory of its own, so a relative path would mean another file. */
const filePath = z
  .string()
  .max(4_096)
  .refine((path) => /^(?:[/\\]|[A-Za-z]:[/\\])/.test(path) && !path.includes('\0'), {
    message: 'give an absolute path',
  });
const none = z.strictObject({});
/** Absent: the newest draft. Null: the one that was begun before anything was published. */
const ofDraft = z.strictObject({ base: revisionSchema.nullable().optional() });

/** Seeds of one rehearsal in the console, at most: it holds the outcome of each until it ends. */
export const CONSOLE_REHEARSAL_SEEDS_MAX = 1_000;

/** Parameters of every request. */
export const consoleRequestSchemas = {
  'get-status': none,
  'list-nodes': none,
  'get-node': z.strictObject({ nodeId: nodeIdSchema }),
  /** `revision` absent: the head, which is also there while the control plane is down. */
  'get-config': z.strictObject({ revision: revisionSchema.optional() }),
  /** Newest first, without their texts. */
  'list-drafts': none,
  'get-draft': ofDraft,
  'save-draft': z.strictObject({
    text: z.string(),
    base: revisionSchema.nullable(),
    /** `savedAtMs` of the draft of this base that the text was made from, null for none; absent: save anyway. */
    expected: countSchema.nullable().optional(),
  }),
  'discard-draft': ofDraft,
  validate: z.strictObject({ text: z.string() }),
  publish: z.strictObject({
    text: z.string(),
    base: revisionSchema.nullable().optional(),
    message,
    author,
    /** Without it a text that leaves nodes nothing to serve is refused: `removes-everything`. */
    allowEmpty: z.boolean().optional(),
  }),
  rollback: z.strictObject({
    to: revisionSchema,
    message: message.optional(),
    author,
    /** As for `publish`. */
    allowEmpty: z.boolean().optional(),
  }),
  'list-revisions': z.strictObject({
    before: revisionSchema.optional(),
    limit: z.int().min(1).max(500),
    /** Words that all must occur: in message, author or a changed resource's key, or as `r12`. */
    search: z.string().trim().min(1).max(SEARCH_CHARS_MAX).optional(),
  }),
  /** Who last touched each resource of a revision; `revision` absent: of the head. */
  'get-blame': z.strictObject({ revision: revisionSchema.optional() }),
  'diff-revisions': z.strictObject({ from: revisionSchema, to: revisionSchema }),
  'get-convergence': z.strictObject({ revision: revisionSchema }),
  /** Publishes the text on a copy of the fleet as it is, in virtual time; nothing real is touched. One at a time. */
  rehearse: z.strictObject({
    text: z.string(),
    /** As a faults file of the twin; times run from the publish. Absent: none but those in force. */
    faultsText: z.string().max(TWIN_FAULTS_CHARS_MAX).optional(),
    /** Wall time after which no further seed is begun. */
    budgetMs: z.int().min(100).max(60_000).optional(),
    /** How long each seed goes on after the publish, milliseconds of virtual time. Absent: until a publish is late. */
    horizonMs: z.int().min(1_000).max(REHEARSAL_HORIZON_MS_MAX).optional(),
    seedsMax: z.int().min(1).max(CONSOLE_REHEARSAL_SEEDS_MAX).optional(),
  }),
  /** The running rehearsal answers with the seeds that it has done. */
  'stop-rehearsal': none,
  /** What was predicted for a revision, beside what came of it; null: it was not rehearsed. */
  'get-forecast': z.strictObject({ revision: revisionSchema }),
  /** The fleet as it is, for a rehearsal of one's own. */
  'get-fleet-shape': none,
  'kill-control-plane': none,
  'start-control-plane': none,
  'kill-simulator': none,
  'restart-nodes': z.strictObject({ target: targetSchema, disk: z.enum(['keep', 'wipe']) }),
  'start-fault': z.strictObject({ fault: linkFaultSchema }),
  'clear-fault': z.strictObject({ faultId: z.string().max(64) }),
  'resize-fleet': z.strictObject({ nodes: z.int().min(0).max(INVENTORY_NODES_MAX) }),
  'retire-node': z.strictObject({ nodeId: nodeIdSchema }),
  'adopt-fleet': none,
  'set-staleness-budget': z.strictObject({
    lagRevisions: z.int().min(1).max(1_000),
    lagMs: z.int().min(1_000).max(86_400_000),
    unverifiedMs: z.int().min(1_000).max(86_400_000),
  }),
  backup: z.strictObject({ path: filePath }),
  restore: z.strictObject({ path: filePath }),
  reset: none,
  'list-events': z.strictObject({
    before: countSchema.optional(),
    limit: z.int().min(1).max(1_000),
  }),
  'get-traffic-history': none,
} as const;
export type ConsoleMethod = keyof typeof consoleRequestSchemas;
export type ConsoleParams<M extends ConsoleMethod> = z.input<(typeof consoleRequestSchemas)[M]>;

/** Answers, by method. */
export interface ConsoleResults {
  'get-status': ConsoleStatus;
  'list-nodes': { readonly nodes: readonly NodeRow[] };
  'get-node': NodeDetail;
  'get-config': ConfigText;
  'list-drafts': { readonly drafts: readonly DraftSummary[] };
  'get-draft': Draft | null;
  /** Of no two saves the same. */
  'save-draft': { readonly savedAtMs: number };
  'discard-draft': { readonly discarded: boolean };
  validate: {
    readonly problems: readonly Problem[];
    /** Null while the control plane is down: then nobody can tell. */
    readonly rejectingNodes: readonly NodeRejection[] | null;
    /** What publishing it would send; null when it cannot be published, or nobody can tell. */
    readonly delta: DraftDelta | null;
  };
  publish: PublishOutcome;
  rollback: PublishOutcome;
  'list-revisions': {
    /** False while the control plane is down: then only what the console remembers is listed. */
    readonly complete: boolean;
    readonly revisions: readonly RevisionRow[];
  };
  'get-blame': Blame;
  'diff-revisions': RevisionDiff;
  'get-convergence': ConvergenceReport;
  rehearse: {
    readonly forecast: Forecast;
    readonly isStopped: boolean;
    /** What the copy of the fleet could not have right, in sentences: `The control plane is down: …`; mostly empty. */
    readonly notes: readonly string[];
    /** How far publishes were from their forecasts so far; null: none that was rehearsed came to its end. */
    readonly record: TrackRecord | null;
  };
  'stop-rehearsal': { readonly stopped: boolean };
  'get-forecast': {
    readonly kept: KeptForecast;
    readonly comparison: ForecastComparison | null;
    /** How it really spread, which it was compared with; as it was last heard while the control plane is down. */
    readonly actual: ConvergenceReport | null;
  } | null;
  'get-fleet-shape': {
    readonly shape: FleetShape;
    /** What the copy could not have right, in sentences, as of `rehearse`. */
    readonly notes: readonly string[];
    /** As of `rehearse`. */
    readonly record: TrackRecord | null;
  };
  'kill-control-plane': { readonly pid: number };
  'start-control-plane': { readonly pid: number };
  'kill-simulator': { readonly pid: number };
  'restart-nodes': { readonly nodes: number };
  'start-fault': ActiveFault;
  'clear-fault': { readonly nodes: number };
  'resize-fleet': { readonly nodes: number };
  'retire-node': { readonly nodes: number };
  'adopt-fleet': PublishOutcome;
  'set-staleness-budget': StalenessBudget;
  backup: { readonly path: string; readonly bytes: number };
  restore: { readonly revision: number | null };
  reset: { readonly nodes: number };
  'list-events': { readonly events: readonly ConsoleEvent[] };
  'get-traffic-history': { readonly steps: readonly TrafficSample[] };
}

/** Why the console refused. */
export interface ConsoleRefusal {
  readonly reason:
    | ControlPlaneRefusal['reason']
    | 'control-plane-down'
    | 'simulator-down'
    | 'already-running'
    | 'not-running'
    | 'unknown-fault'
    | 'unknown-method'
    /** The twin could not run it, or its process ended. Nothing real was touched. */
    | 'rehearsal-failed'
    /** The draft is not the one that was expected. */
    | 'draft-changed'
    | 'too-large'
    | 'file-failed'
    | 'timeout'
    | 'internal';
  /** One sentence that says what to do. */
  readonly detail: string;
  readonly problems?: readonly Problem[];
  readonly resources?: readonly string[];
  readonly head?: number;
}

export const CONSOLE_STREAMS = [
  'status',
  'roster',
  'fleet',
  'events',
  'convergence',
  'traffic',
  'rehearsal',
] as const;
export type ConsoleStream = (typeof CONSOLE_STREAMS)[number];

/** What each JSON stream carries. `fleet` is binary. The first item follows the subscription. */
export interface ConsoleStreamItems {
  readonly status: ConsoleStatus;
  readonly roster: RosterMessage;
  readonly events: readonly ConsoleEvent[];
  readonly convergence: ConvergenceReport;
  readonly traffic: readonly TrafficSample[];
  /** Null: none is running. */
  readonly rehearsal: RehearsalProgress | null;
}

/** How far the running rehearsal is. */
export interface RehearsalProgress {
  readonly seedsDone: number;
  readonly elapsedMs: number;
  readonly budgetMs: number;
}

export const consoleClientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('request'),
    id: countSchema,
    method: z.string().max(64),
    params: z.unknown(),
  }),
  z.strictObject({
    type: z.literal('subscribe'),
    streams: z.array(z.enum(CONSOLE_STREAMS)).max(10),
  }),
]);
export type ConsoleClientMessage = z.output<typeof consoleClientMessageSchema>;

export type ConsoleServerMessage =
  | { readonly type: 'response'; readonly id: number; readonly ok: true; readonly result: unknown }
  | {
      readonly type: 'response';
      readonly id: number;
      readonly ok: false;
      readonly error: ConsoleRefusal;
    }
  | {
      [S in keyof ConsoleStreamItems]: {
        readonly type: 'item';
        readonly stream: S;
        readonly item: ConsoleStreamItems[S];
      };
    }[keyof ConsoleStreamItems];

/** Written to `DATA/console.json`, readable by its owner alone, while a console runs. */
export const consoleAddressSchema = z.object({
  /** `http://127.0.0.1:PORT` */
  url: z.string(),
  token: z.string(),
  pid: countSchema,
  startedAtMs: countSchema,
});
export type ConsoleAddress = z.output<typeof consoleAddressSchema>;

/** Fleet sizes that a person may ask for at the start. */
export const FLEET_DEFAULTS = { nodes: 200, cells: 4, cellsMax: CELLS_MAX, seed: 1 } as const;
