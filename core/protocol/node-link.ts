import { z } from 'zod';
import type { Result } from '../lib/result.ts';
import { type DecodeError, decodeJson } from './decode-json.ts';
import {
  CONFIG_CHUNK_CHARS,
  NACK_RESOURCES_MAX,
  NAME_CHARS_MAX,
  SUPERSEDES_MAX,
  TEXT_CHARS_MAX,
} from './limits.ts';
import {
  cellSchema,
  countSchema,
  generationSchema,
  lineageSchema,
  nameSchema,
  nodeIdSchema,
  nonceSchema,
  resourceKeySchema,
  revisionSchema,
  rootHashSchema,
  servingSchema,
} from './primitives.ts';

/**
 * The wire between a node and the control plane: JSON frames over WebSocket, subprotocol
 * `holdfast.node.v1`. docs/PROTOCOL.md numbers the rules.
 */

// ---- node → control plane -------------------------------------------------------------------

const capabilitiesSchema = z.strictObject({
  agentVersion: nameSchema,
  /** Gateway API feature names (without the `Support` prefix) that this agent implements. */
  features: z.array(nameSchema).max(200),
  limits: z.strictObject({ resourcesMax: countSchema, configBytesMax: countSchema }),
});
export type NodeCapabilities = z.output<typeof capabilitiesSchema>;

const helloSchema = z.strictObject({
  type: z.literal('hello'),
  protocol: countSchema,
  nodeId: nodeIdSchema,
  cell: cellSchema,
  labels: z.record(z.string().max(NAME_CHARS_MAX), z.string().max(NAME_CHARS_MAX)),
  capabilities: capabilitiesSchema,
  /** Drawn by the node's process when it starts: another one is another process. */
  bootId: countSchema,
  /** Null when the node has nothing but its built-in default. */
  serving: servingSchema.nullable(),
});

const ackSchema = z.strictObject({
  type: z.literal('ack'),
  nonce: nonceSchema,
  /** Computed from what the node holds, never copied from the push. */
  hash: rootHashSchema,
});

/** Why a node refused a push. */
export const NACK_REASONS = [
  'rejected', // at least one resource is unsupported or invalid here
  'hash-mismatch', // what was built does not have the pushed root hash, or the basis was not held
  'older-generation', // the push would take the node back
  'foreign-lineage', // another store's history, which no operator told this node to accept
  'over-limit', // more resources or bytes than this node takes
  'storage-failed', // could not be written to the node's disk
] as const;

const rejectedResourceSchema = z.strictObject({
  key: resourceKeySchema,
  reason: z.enum(['unsupported-feature', 'invalid', 'over-limit']),
  detail: z.string().max(TEXT_CHARS_MAX),
});
export type RejectedResource = z.output<typeof rejectedResourceSchema>;

const nackSchema = z.strictObject({
  type: z.literal('nack'),
  nonce: nonceSchema,
  reason: z.enum(NACK_REASONS),
  detail: z.string().max(TEXT_CHARS_MAX),
  resources: z.array(rejectedResourceSchema).max(NACK_RESOURCES_MAX),
  /** Rejected resources in all, named or not. */
  resourcesTotal: countSchema,
});

const heartbeatSchema = z.strictObject({
  type: z.literal('heartbeat'),
  serving: servingSchema.nullable(),
  counters: z.strictObject({
    reconnects: countSchema,
    pushesApplied: countSchema,
    pushesRejected: countSchema,
    badFrames: countSchema,
  }),
  health: z.enum(['healthy', 'degraded', 'down']),
});

/** One piece of the config that the node serves, in answer to `fetch-config`. */
const configChunkSchema = z.strictObject({
  type: z.literal('config-chunk'),
  requestId: countSchema,
  index: countSchema,
  chunks: countSchema,
  serving: servingSchema,
  text: z.string().max(CONFIG_CHUNK_CHARS),
});

export const nodeToControlPlaneSchema = z.discriminatedUnion('type', [
  helloSchema,
  ackSchema,
  nackSchema,
  heartbeatSchema,
  configChunkSchema,
]);
export type NodeToControlPlane = z.output<typeof nodeToControlPlaneSchema>;
export type NodeHello = z.output<typeof helloSchema>;
export type NodeNack = z.output<typeof nackSchema>;

// ---- control plane → node -------------------------------------------------------------------

/** What the control plane says is current for this node. */
const currencySchema = {
  generation: generationSchema,
  revision: revisionSchema,
  hash: rootHashSchema,
};

const welcomeSchema = z.strictObject({
  type: z.literal('welcome'),
  lineage: lineageSchema,
  ...currencySchema,
  heartbeatMs: countSchema.min(100),
  /** Other lineages whose nodes an operator has told this store to take over. */
  supersedes: z.array(lineageSchema).max(SUPERSEDES_MAX),
});

/** Announces that the next frame is a push body. Differs per connection, so it is kept small. */
const pushSchema = z.strictObject({ type: z.literal('push'), nonce: nonceSchema });

/** The canonical body of one resource, as it stands in the JSON frame. */
export type ResourceBody = { readonly [field: string]: unknown };
const resourceBodySchema = z.record(z.string(), z.unknown());

const deltaSchema = z.strictObject({
  type: z.literal('delta'),
  ...currencySchema,
  /** The revision that the node stated and that this delta starts from. */
  from: revisionSchema,
  changed: z.array(resourceBodySchema),
  removed: z.array(resourceKeySchema),
});

const fullSchema = z.strictObject({
  type: z.literal('full'),
  ...currencySchema,
  resources: z.array(resourceBodySchema),
});

/** Answers a heartbeat. */
const currentSchema = z.strictObject({ type: z.literal('current'), ...currencySchema });

const retryLaterSchema = z.strictObject({
  type: z.literal('retry-later'),
  afterMs: countSchema,
  reason: z.enum(['handshakes-full', 'full-pushes-full', 'shutting-down']),
});

const incompatibleSchema = z.strictObject({
  type: z.literal('incompatible'),
  reason: z.enum(['protocol-version', 'unknown-node', 'retired-node', 'wrong-cell']),
  detail: z.string().max(TEXT_CHARS_MAX),
});

const fetchConfigSchema = z.strictObject({
  type: z.literal('fetch-config'),
  requestId: countSchema,
});

export const controlPlaneToNodeSchema = z.discriminatedUnion('type', [
  welcomeSchema,
  pushSchema,
  deltaSchema,
  fullSchema,
  currentSchema,
  retryLaterSchema,
  incompatibleSchema,
  fetchConfigSchema,
]);
export type ControlPlaneToNode = z.output<typeof controlPlaneToNodeSchema>;
export type PushBody = z.output<typeof deltaSchema> | z.output<typeof fullSchema>;

/** WebSocket close codes of the node link; the reason travels as the close text. */
export const NODE_CLOSE_CODES = {
  'bad-frame': 4400,
  'frame-too-large': 1009,
  unauthorized: 4401,
  incompatible: 4402,
  'hello-timeout': 4408,
  'answer-timeout': 4409,
  'heartbeat-timeout': 4410,
  'retry-later': 4429,
  replaced: 4430,
  'slow-consumer': 4431,
  'connection-age': 4432,
  'shutting-down': 1001,
} as const;
export type NodeCloseReason = keyof typeof NODE_CLOSE_CODES;

export function encodeFrame(message: NodeToControlPlane | ControlPlaneToNode): string {
  return JSON.stringify(message);
}

export function decodeNodeFrame(
  frame: string | Uint8Array,
): Result<NodeToControlPlane, DecodeError> {
  return decodeJson(nodeToControlPlaneSchema, frame);
}

export function decodeControlPlaneFrame(
  frame: string | Uint8Array,
): Result<ControlPlaneToNode, DecodeError> {
  return decodeJson(controlPlaneToNodeSchema, frame);
}
