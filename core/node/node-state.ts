import type { Generation, Lineage, Nonce, RootHash } from '../config/ids.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import type { Micros } from '../ports/clock.ts';
import type { NodeNack, PushBody } from '../protocol/node-link.ts';
import type { ServingStatement } from '../protocol/primitives.ts';
import type { NodeDiskRecord } from './node-events.ts';

/** Last-known-good: what requests are answered with. */
export interface ServingConfig {
  readonly statement: ServingStatement;
  readonly snapshot: ConfigSnapshot;
  readonly since: Micros;
}

/** What was served before the last swap, for requests that began on it. */
export interface RetiringConfig {
  /** Null: the built-in default. */
  readonly serving: ServingConfig | null;
  readonly swappedAt: Micros;
  /** When it is let go of. */
  readonly until: Micros;
}

/** The disk is read anew for a config that is no longer what it was. */
export interface Mending {
  readonly token: number;
  readonly serving: ServingConfig;
  /** What its bodies hash to. */
  readonly hash: RootHash;
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
      /** Null: it is from the snapshot store. */
      readonly push: ReceivedPush | null;
      readonly record: NodeDiskRecord;
      readonly snapshot: ConfigSnapshot;
      /** A push that came meanwhile, over a newer link: judged when this write has ended. */
      next: ReceivedPush | null;
      /** Memory was found damaged meanwhile: it may have been built on that. */
      isDoubtful: boolean;
    };

export type NodePhase =
  | { readonly kind: 'down' }
  | {
      readonly kind: 'running';
      /** Null: the built-in default, which routes nothing. */
      serving: ServingConfig | null;
      retiring: RetiringConfig | null;
      link: LinkPhase;
      write: WritePhase;
      mending: Mending | null;
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
  /** Null: it was applied. */
  readonly reason: NodeNack['reason'] | null;
  readonly detail: string;
  readonly resources: readonly { readonly key: string; readonly detail: string }[];
}
