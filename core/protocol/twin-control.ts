import { z } from 'zod';
import { fleetShapeSchema } from '../rehearsal/fleet-shape.ts';
import { seedOutcomeSchema } from '../rehearsal/seed-outcome.ts';
import { CELLS_MAX, CONFIG_TEXT_BYTES_MAX, INVENTORY_NODES_MAX, NAME_CHARS_MAX } from './limits.ts';
import { countSchema } from './primitives.ts';
import { chosenSettingsSchema, twinSettingsSchema } from './twin-settings.ts';

/** Between a client and the process that runs the twin, over the channel to the parent. */

/** Longest run, milliseconds of virtual time: a year. */
export const TWIN_DURATION_MS_MAX = 365 * 24 * 60 * 60 * 1_000;
/** Publishes of one run, at most: the store keeps every revision, about 1 kB for each of its resources. */
export const TWIN_PUBLISHES_MAX = 2_000;
/** Shortest time between publishes of one run, milliseconds. */
export const TWIN_PUBLISH_EVERY_MS_MIN = 100;
/** Largest seed. */
export const TWIN_SEED_MAX = 0xffff_ffff;
/** Characters of a faults file. */
export const TWIN_FAULTS_CHARS_MAX = 1024 * 1024;

const durationMs = z.int().min(1).max(TWIN_DURATION_MS_MAX);

export const twinRequestSchema = z.strictObject({
  nodes: z.int().min(1).max(INVENTORY_NODES_MAX),
  cells: z.int().min(1).max(CELLS_MAX),
  seed: z.int().min(0).max(TWIN_SEED_MAX),
  durationMs,
  configText: z.string().max(CONFIG_TEXT_BYTES_MAX),
  /** Null: the first config is the only one. */
  publishEveryMs: z.int().min(TWIN_PUBLISH_EVERY_MS_MIN).max(TWIN_DURATION_MS_MAX).nullable(),
  /** The faults file, as it is written; null: no faults. */
  faultsText: z.string().max(TWIN_FAULTS_CHARS_MAX).nullable(),
  /** Policies other than those by default. */
  settings: chosenSettingsSchema,
  /** Asks why a node was stale at an instant. */
  why: z
    .strictObject({
      nodeId: z.string().max(NAME_CHARS_MAX),
      atMs: z.int().min(0).max(TWIN_DURATION_MS_MAX),
    })
    .nullable(),
});
export type TwinRequest = z.output<typeof twinRequestSchema>;

/** Seeds of one rehearsal, at most. */
export const REHEARSAL_SEEDS_MAX = 10_000;
/** Longest that a rehearsal goes on after the publish, milliseconds of virtual time. */
export const REHEARSAL_HORIZON_MS_MAX = 60 * 60 * 1_000;

/** Publishes a draft on a fleet of this shape, once for each seed. */
export const rehearsalRequestSchema = z.strictObject({
  shape: fleetShapeSchema,
  draftText: z.string().max(CONFIG_TEXT_BYTES_MAX),
  /** As for a publish: without it a draft that leaves nodes nothing to serve is refused. */
  allowEmpty: z.boolean().optional(),
  /** Chosen faults, as a faults file whose times run from the publish; null: none but those in force. */
  faultsText: z.string().max(TWIN_FAULTS_CHARS_MAX).nullable(),
  firstSeed: z.int().min(0).max(TWIN_SEED_MAX),
  seedsMax: z.int().min(1).max(REHEARSAL_SEEDS_MAX),
  /** Wall time after which no further seed is begun; null: all of them are run. */
  budgetMs: z.int().min(1).max(600_000).nullable(),
  horizonMs: z.int().min(1_000).max(REHEARSAL_HORIZON_MS_MAX),
});
export type RehearsalRequest = z.output<typeof rehearsalRequestSchema>;

export const twinCommandSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('run'), request: twinRequestSchema }),
  /** The same twice: under its own settings, and under others. `why` is not answered. */
  z.strictObject({
    type: z.literal('run-pair'),
    request: twinRequestSchema,
    against: chosenSettingsSchema,
  }),
  /** Answered by `seed-done` for each seed, in order, then `rehearsed`; or by `refused`. */
  z.strictObject({ type: z.literal('rehearse'), request: rehearsalRequestSchema }),
  /** Ends the run where it is; the report says how far it got. */
  z.strictObject({ type: z.literal('stop') }),
]);
export type TwinCommand = z.output<typeof twinCommandSchema>;

const ms = z.number().min(0);

/** How one publish spread, by the control plane's own instants; times from publish to ack. */
const publishReportSchema = z.strictObject({
  revision: countSchema,
  /** When it was asked for; the process may have had other things to do first. */
  askedAtMs: ms,
  atMs: ms,
  nodes: countSchema,
  /** Null where the control plane's process ended before any of it was saved, or it was undone. */
  reached: countSchema.nullable(),
  t50Ms: ms.nullable(),
  t95Ms: ms.nullable(),
  t99Ms: ms.nullable(),
  t100Ms: ms.nullable(),
  /** Payload bytes sent for it. */
  bytes: countSchema,
  /** When an older copy of the store was put back that does not have it; null: it stands. */
  undoneAtMs: ms.nullable(),
});
export type PublishReport = z.output<typeof publishReportSchema>;

/** What a run came to. Everything but `wallMs` and `speed` follows from the options alone. */
export const twinReportSchema = z.strictObject({
  seed: countSchema,
  nodes: countSchema,
  cells: countSchema,
  settings: twinSettingsSchema,
  /** How far the run got, milliseconds of virtual time. */
  virtualMs: ms,
  /** False when it was stopped before its end. */
  isWhole: z.boolean(),
  publishes: z.array(publishReportSchema),
  publishesRefused: z.array(z.strictObject({ atMs: ms, reason: z.string(), detail: z.string() })),
  staleness: z.strictObject({
    /** Longest that a node served while it lacked a published revision. */
    lagMsMax: ms,
    lagRevisionsMax: countSchema,
    /** Longest that a node could not know what is current. */
    unverifiedMsMax: ms,
  }),
  requests: z.strictObject({
    asked: countSchema,
    answered: countSchema,
    unrouted: countSchema,
    /** By the gateway, with 5xx. */
    failed: countSchema,
    /** Nobody was there to take them. */
    refused: countSchema,
    /** By a rate limit, with 429; among those answered. */
    limited: countSchema,
    /** By a breaker or for concurrency, with 503; among those failed. */
    shed: countSchema,
    /** For want of credentials; among those answered. */
    denied: countSchema,
  }),
  /** Over all lives of the control plane's process. */
  pushes: z.strictObject({
    pushesDelta: countSchema,
    pushesFull: countSchema,
    acks: countSchema,
    nacks: countSchema,
    retryLaters: countSchema,
  }),
  bytes: z.strictObject({ toNodes: countSchema, toControlPlane: countSchema }),
  controlPlane: z.strictObject({
    isUp: z.boolean(),
    starts: countSchema,
    headRevision: countSchema.nullable(),
    /** Virtual time that its process was busy. */
    busyMs: ms,
    /** Most messages that ever waited for it. */
    waitingMost: countSchema,
    /** That reached it, over all lives of its process. */
    hellos: countSchema,
  }),
  /** What the nodes really are at the end, each counted once; `refusing` are among `behind`. */
  end: z.strictObject({
    onTarget: countSchema,
    behind: countSchema,
    ahead: countSchema,
    unconfigured: countSchema,
    down: countSchema,
    refusing: countSchema,
  }),
  /** What the control plane believes at the end; null while it is down. */
  belief: z
    .strictObject({
      connected: countSchema,
      acknowledged: countSchema,
      rejected: countSchema,
      ahead: countSchema,
    })
    .nullable(),
  /** Sentences on what of the request had no effect. */
  notes: z.array(z.string()),
  /** Where the times of handling a message are from. */
  serviceTimes: z.string(),
  traceHash: z.string(),
  wallMs: ms,
  /** Virtual over wall time. */
  speed: ms,
});
export type TwinReport = z.output<typeof twinReportSchema>;

/** One figure of two runs; null where a run does not have it. */
const pairFigureSchema = z.strictObject({
  /** Where it stands in a report, for instance `bytes.toNodes`; of a publish, in its own report. */
  name: z.string(),
  first: z.number().nullable(),
  second: z.number().nullable(),
  /** Second less first. */
  difference: z.number().nullable(),
});
export type PairFigure = z.output<typeof pairFigureSchema>;

/** What one of two runs did first that the other did not. */
const partingStepSchema = z.strictObject({
  atMs: ms,
  /** As the trace has it, for instance `up-sent`. */
  what: z.string(),
  /** Null: it was the fleet's, or the control plane's. */
  nodeId: z.string().nullable(),
});

/** The same seed, faults and publishes under two settings. */
export const pairReportSchema = z.strictObject({
  first: twinReportSchema,
  second: twinReportSchema,
  /** The first instant at which they were not the same; null: they were to the end. */
  parting: z
    .strictObject({
      atMs: ms,
      /** Null: nothing more. */
      first: partingStepSchema.nullable(),
      second: partingStepSchema.nullable(),
    })
    .nullable(),
  figures: z.array(pairFigureSchema),
  /** By when each was asked for; one that was refused has no figures. */
  publishes: z.array(z.strictObject({ askedAtMs: ms, figures: z.array(pairFigureSchema) })),
  wallMs: ms,
});
export type PairReport = z.output<typeof pairReportSchema>;

export const twinEventSchema = z.discriminatedUnion('type', [
  /** Takes commands from now on. */
  z.strictObject({ type: z.literal('ready') }),
  /** A run, or a pair of them, is under way: told to stop from now on, it has something to report. Once. */
  z.strictObject({ type: z.literal('running') }),
  z.strictObject({
    type: z.literal('done'),
    report: twinReportSchema,
    /** Sentences, from the node to the cause; null when nothing was asked. */
    why: z.array(z.string()).nullable(),
  }),
  z.strictObject({ type: z.literal('paired'), pair: pairReportSchema }),
  z.strictObject({ type: z.literal('seed-done'), outcome: seedOutcomeSchema }),
  /** The rehearsal is over: all seeds were run, the budget is spent, or it was stopped. */
  z.strictObject({
    type: z.literal('rehearsed'),
    seeds: countSchema,
    isStopped: z.boolean(),
    serviceTimes: z.string(),
    /** Those that were chosen, in words. */
    faults: z.array(z.string()),
    /** In what the forecast can be less right than it says, in sentences. */
    notes: z.array(z.string()),
    wallMs: ms,
  }),
  /** What was asked cannot be run; nothing was. */
  z.strictObject({
    type: z.literal('refused'),
    detail: z.string(),
    /**
     * Why the control plane would refuse the draft of a rehearsal, `unusable-shape`, or `unusable-faults`; absent:
     * something else is the matter.
     */
    reason: z.string().optional(),
  }),
]);
export type TwinEvent = z.output<typeof twinEventSchema>;
