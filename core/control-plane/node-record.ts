import type { Generation, Lineage, NodeId, Revision, RootHash } from '../config/ids.ts';
import type { SyncStatus } from '../fleet/frame.ts';
import { compareText } from '../lib/compare-text.ts';
import type { Micros } from '../ports/clock.ts';
import type { NodeCapabilities, NodeNack } from '../protocol/node-link.ts';
import type { ConnectionId } from './events.ts';

/** The revision that the fleet should serve. */
export interface Target {
  readonly revision: Revision;
  readonly generation: Generation;
  readonly hash: RootHash;
}

/** What a node said that it serves. */
export interface Served extends Target {
  readonly lineage: Lineage;
}

/** A node's latest own word. */
export type NodeSaid =
  | { readonly state: 'never-heard' }
  /** It serves nothing but its built-in default. */
  | { readonly state: 'nothing'; readonly heardAt: Micros }
  | {
      readonly state: 'serving';
      readonly served: Served;
      /** Its memory was harmed: what it serves was never published. */
      readonly isDamaged: boolean;
      /** When it said so last. */
      heardAt: Micros;
    };

/** A target that a node refused, and the circumstances in which it did. */
export interface Rejection {
  readonly generation: Generation;
  readonly circumstances: string;
}

export interface LastNack {
  readonly at: Micros;
  readonly revision: Revision;
  readonly nack: Pick<NodeNack, 'reason' | 'detail' | 'resources' | 'resourcesTotal'>;
}

/** All that the control plane believes of one node of the inventory. */
export interface NodeRecord {
  readonly nodeId: NodeId;
  readonly cell: string;
  readonly provisionedAt: Micros;
  said: NodeSaid;
  /** From its latest hello to this process. */
  capabilities: NodeCapabilities | null;
  bootId: number | null;
  connectionId: ConnectionId | null;
  /** Generation that was sent and not answered since. */
  unanswered: Generation | null;
  rejection: Rejection | null;
  /** Generation that was sent in full because its hash did not come out right. */
  retriedInFull: Generation | null;
  lastNack: LastNack | null;
}

/** A rejection holds as long as these stay the same: what the node can do, and what it serves. */
export function circumstancesOf(node: NodeRecord): string {
  const capabilities = node.capabilities;
  const served = node.said.state === 'serving' ? node.said.served.hash : '';
  return capabilities === null ? served : `${textOf(capabilities)} ${served}`;
}

/** By object: a node states them once, in its hello, and is asked about them often. */
const textsByCapabilities = new WeakMap<NodeCapabilities, string>();

function textOf(capabilities: NodeCapabilities): string {
  const known = textsByCapabilities.get(capabilities);
  if (known !== undefined) return known;
  const { agentVersion, features, limits } = capabilities;
  const sorted = [...features].sort(compareText);
  const text = JSON.stringify([agentVersion, sorted, limits.resourcesMax, limits.configBytesMax]);
  textsByCapabilities.set(capabilities, text);
  return text;
}

/** Whether the node refused this very target and nothing has changed since. */
export function isRejected(node: NodeRecord, target: Target): boolean {
  return (
    node.rejection !== null &&
    node.rejection.generation === target.generation &&
    node.rejection.circumstances === circumstancesOf(node)
  );
}

/** Whether the node's latest own word states the target's hash: what X counts. */
export function hasAcknowledged(node: NodeRecord, target: Target): boolean {
  const { said } = node;
  return said.state === 'serving' && !said.isDamaged && said.served.hash === target.hash;
}

/**
 * Sync status by Istio's rule, against the present target: an error first, then whether the node's
 * own word states the target, then whether it was sent and is unanswered.
 */
export function syncStatusOf(node: NodeRecord, target: Target | null): SyncStatus {
  if (node.said.state === 'never-heard') return 'UNKNOWN';
  if (target === null) return 'NOT_SENT';
  if (isRejected(node, target)) return 'ERROR';
  if (hasAcknowledged(node, target)) return 'SYNCED';
  return node.unanswered === null ? 'NOT_SENT' : 'STALE';
}
