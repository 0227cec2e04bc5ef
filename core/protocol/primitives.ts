import { z } from 'zod';
import type {
  ContentHash,
  Generation,
  Lineage,
  NodeId,
  Nonce,
  ResourceKey,
  Revision,
  RootHash,
} from '../config/ids.ts';
import { NAME_CHARS_MAX } from './limits.ts';

/** Schemas shared by the conversations; each yields a branded type, so no caller casts. */

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

export const nodeIdSchema = z
  .string()
  .max(NAME_CHARS_MAX)
  .regex(/^[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/)
  .transform((value) => value as NodeId);
export const cellSchema = z
  .string()
  .max(63)
  .regex(/^[a-z0-9][a-z0-9-]*$/);
export const nameSchema = z.string().min(1).max(NAME_CHARS_MAX);
export const revisionSchema = count.transform((value) => value as Revision);
export const generationSchema = count.transform((value) => value as Generation);
export const lineageSchema = z
  .string()
  .regex(/^[0-9a-f]{16,64}$/)
  .transform((value) => value as Lineage);
export const nonceSchema = count.transform((value) => value as Nonce);
export const rootHashSchema = hex64.transform((value) => value as RootHash);
export const contentHashSchema = hex64.transform((value) => value as ContentHash);
export const resourceKeySchema = z
  .string()
  .min(1)
  .max(600)
  .transform((value) => value as ResourceKey);
export const countSchema = count;

/** Where a node's config came from, in order of preference. */
export const CONFIG_SOURCES = ['control-plane', 'snapshot-store', 'disk', 'default'] as const;

/** What a node says that it serves. */
export const servingSchema = z.strictObject({
  lineage: lineageSchema,
  generation: generationSchema,
  revision: revisionSchema,
  hash: rootHashSchema,
  source: z.enum(CONFIG_SOURCES),
  /** Its memory was harmed: this is no longer what that generation was, and `hash` is what it is. */
  damaged: z.literal(true).optional(),
});
export type ServingStatement = z.output<typeof servingSchema>;

/** Names one node, one cell or the whole fleet. */
export const targetSchema = z.discriminatedUnion('scope', [
  z.strictObject({ scope: z.literal('node'), nodeId: nodeIdSchema }),
  z.strictObject({ scope: z.literal('cell'), cell: cellSchema }),
  z.strictObject({ scope: z.literal('fleet') }),
]);
export type NodeTarget = z.output<typeof targetSchema>;
