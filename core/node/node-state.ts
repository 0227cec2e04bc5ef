import type { Generation, Lineage, Nonce } from '../config/ids.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import type { Micros } from '../ports/clock.ts';
import type { PushBody } from '../protocol/node-link.ts';
import type { ServingStatement } from '../protocol/primitives.ts';
import type { NodeDiskRecord } from './node-events.ts';

/** Last-known-good: what requests are answered with. */
export interface ServingConfig {
  readonly statement: ServingStatement;
  readonly snapshot: ConfigSnapshot;
  readonly since: Micros;
}

/** The conversation that a welcome opened. */
export interface Conversation {
  readonly lineage: Lineage;
  readonly supersedes: readonly Lineage[];
  readonly heartbeatMs: number;
}

export type LinkPhase =
  /** Waiting for the next try. */
  | { readonly kind: 'waiting'; readonly since: Micros; readonly retryAt: Micros }
  | { readonly kind: 'connecting'; readonly since: Micros; readonly linkId: number }
  /** `hello` is out, `welcome` is not yet in. */
  | { readonly kind: 'greeting'; readonly since: Micros; readonly linkId: number }
  | {
      readonly kind: 'open';
      readonly since: Micros;
      readonly linkId: number;
      conversation: Conversation;
      /** A push header whose body must be the next frame. */
      announced: Nonce | null;
      /** A heartbeat is out and unanswered. */
      awaitingCurrent: boolean;
    };

export type OpenLink = Extract<LinkPhase, { kind: 'open' }>;

/** A push as it came: header and body. */
export interface ReceivedPush {
  readonly linkId: number;
  readonly nonce: Nonce;
  readonly body: PushBody;
  readonly at: Micros;
}

export type WritePhase =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'writing';
      readonly token: number;
      readonly push: ReceivedPush;
      readonly record: NodeDiskRecord;
      readonly snapshot: ConfigSnapshot;
      /** A push that came meanwhile, over a newer link. */
      next: ReceivedPush | null;
    };

export type NodePhase =
  | { readonly kind: 'down' }
  | {
      readonly kind: 'running';
      /** Null: the built-in default, which routes nothing. */
      serving: ServingConfig | null;
      link: LinkPhase;
      write: WritePhase;
    };
export type RunningPhase = Extract<NodePhase, { kind: 'running' }>;

/** What the control plane last said is current. */
export interface ToldTarget {
  readonly lineage: Lineage;
  readonly generation: Generation;
  readonly superseded: boolean;
}

/** How the last push ended. */
export interface PushOutcome {
  readonly at: Micros;
  readonly revision: number;
  readonly outcome: 'applied' | 'rejected';
  readonly detail: string;
  readonly resources: readonly { readonly key: string; readonly detail: string }[];
}
