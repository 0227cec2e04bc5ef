import { z } from 'zod';
import type { ContentHash, Lineage, ResourceKey } from '../../../core/config/ids.ts';
import type { RevisionRow } from '../../../core/protocol/console-model.ts';
import {
  cellSchema,
  contentHashSchema,
  countSchema,
  lineageSchema,
  nodeIdSchema,
  resourceKeySchema,
  revisionSchema,
  rootHashSchema,
} from '../../../core/protocol/primitives.ts';

/** Rows are decoded as they are read, so that a file made by another hand cannot mislead us. */

export const draftRowSchema = z.object({
  base: revisionSchema.nullable(),
  text: z.string(),
  savedAtMs: z.number(),
});

export const draftSummaryRowSchema = z.object({
  base: revisionSchema.nullable(),
  savedAtMs: z.number(),
  bytes: countSchema,
});

const touchSchema = z.object({ revision: revisionSchema, author: z.string(), atMs: z.number() });

/** Who touched the head's resources, as the control plane last told it. */
export const blameCopySchema = z.object({
  lineage: lineageSchema,
  revision: revisionSchema,
  resources: z.array(touchSchema.extend({ key: resourceKeySchema, text: touchSchema.nullable() })),
});
export type BlameCopy = z.output<typeof blameCopySchema>;

export const eventRowSchema = z.object({
  id: countSchema,
  atMs: z.number(),
  kind: z.enum([
    'published',
    'publish-refused',
    'rolled-back',
    'adopted',
    'process-started',
    'process-exited',
    'fault-started',
    'fault-ended',
    'nodes-restarted',
    'fleet-resized',
    'node-retired',
    'alert-raised',
    'alert-cleared',
    'backup-made',
    'backup-restored',
    'reset',
    'note',
  ]),
  severity: z.enum(['info', 'warning', 'critical']),
  title: z.string(),
  detail: z.string(),
  subject: z.string().nullable(),
});

export const alertRowSchema = z.object({
  id: z.string(),
  kind: z.enum([
    'staleness-budget',
    'convergence-late',
    'head-not-in-force',
    'nodes-rejected',
    'nodes-ahead',
    'nodes-not-serving',
    'control-plane-down',
    'simulator-down',
    'snapshot-store-failing',
  ]),
  title: z.string(),
  detail: z.string(),
  raisedAtMs: z.number(),
  clearedAtMs: z.number().nullable(),
});

export const convergenceSchema = z.object({
  revision: revisionSchema,
  publishedAtMs: z.number(),
  nodes: countSchema,
  reached: countSchema,
  t50Ms: z.number().nullable(),
  t95Ms: z.number().nullable(),
  t99Ms: z.number().nullable(),
  t100Ms: z.number().nullable(),
  deadlineMs: z.number(),
  late: z.boolean(),
  bytes: countSchema,
  missing: z.array(nodeIdSchema),
});

/** A `RevisionRow` of the console API, as JSON. */
export const revisionRowSchema = z.object({
  revision: revisionSchema,
  parent: revisionSchema.nullable(),
  generation: countSchema,
  rootHash: rootHashSchema,
  author: z.string(),
  message: z.string(),
  publishedAtMs: z.number(),
  origin: z.enum(['publish', 'rollback', 'adopt']),
  originOf: revisionSchema.nullable(),
  resources: countSchema,
  changed: countSchema,
  sourceBytes: countSchema,
  convergence: convergenceSchema.nullable(),
});

export const rosterRowSchema = z.object({ nodeId: nodeIdSchema, cell: cellSchema });

export const headRowSchema = z.object({
  record: z.string(),
  lineage: z.string(),
  text: z.string(),
  manifest: z.string().nullable(),
});

/** The console's read-only copy of the head: what it can still show while the control plane is down. */
export const headCopySchema = z.object({
  record: revisionRowSchema,
  lineage: lineageSchema,
  text: z.string(),
  /** Known keys and content hashes; null until they could be verified against the root hash. */
  manifest: z.array(z.tuple([resourceKeySchema, contentHashSchema])).nullable(),
});
export interface HeadCopy {
  readonly record: RevisionRow;
  readonly lineage: Lineage;
  readonly text: string;
  readonly manifest: readonly (readonly [ResourceKey, ContentHash])[] | null;
}
