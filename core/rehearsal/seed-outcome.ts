import { z } from 'zod';
import { countSchema } from '../protocol/primitives.ts';

/** Resources that nodes would refuse, named in one outcome; the rest is counted. */
export const REJECTIONS_NAMED_MAX = 50;
/** Instants at which a rehearsed curve is told. */
export const CURVE_POINTS_MAX = 300;

const msOrNever = z.number().min(0).nullable();

/** What one seed of a rehearsal came to. Times run from the publish of the draft, in milliseconds. */
export const seedOutcomeSchema = z.strictObject({
  seed: countSchema,
  /** Of the inventory, as the control plane counts it. */
  nodes: countSchema,
  reached: countSchema,
  /** Null: the share was not reached within the rehearsal. */
  t50Ms: msOrNever,
  t95Ms: msOrNever,
  t99Ms: msOrNever,
  t100Ms: msOrNever,
  /** (milliseconds from publish, nodes that reached it), ascending; from the instants of the acks. */
  curve: z.array(z.tuple([z.number().min(0), countSchema])).max(CURVE_POINTS_MAX),
  /** Longest that a node served while it lacked a published revision, from the publish on. */
  lagMsMax: z.number().min(0),
  /** Longest that a node could not know what is current, from the publish on. */
  unverifiedMsMax: z.number().min(0),
  /** From the publish to the end of the rehearsal. */
  requests: z.strictObject({
    asked: countSchema,
    /** 5xx from the gateway. */
    failed: countSchema,
    /** Nobody was there to take them. */
    refused: countSchema,
    /** 404 because nothing matched. */
    unrouted: countSchema,
    limited: countSchema,
    shed: countSchema,
    denied: countSchema,
  }),
  /** The same for as long before the publish, under what was served then: what is lost anyway. */
  requestsBefore: z.strictObject({
    asked: countSchema,
    failed: countSchema,
    refused: countSchema,
    unrouted: countSchema,
    limited: countSchema,
    shed: countSchema,
    denied: countSchema,
  }),
  /** Nodes that refused the draft. */
  nodesRejecting: countSchema,
  /** What they refused, most nodes first. */
  rejections: z
    .array(z.strictObject({ key: z.string(), detail: z.string(), nodes: countSchema }))
    .max(REJECTIONS_NAMED_MAX),
  /** Payload bytes sent in pushes from the publish on, and how, by all lives of the control plane. */
  bytes: countSchema,
  pushesFull: countSchema,
  pushesDelta: countSchema,
  traceHash: z.string(),
});
export type SeedOutcome = z.output<typeof seedOutcomeSchema>;
