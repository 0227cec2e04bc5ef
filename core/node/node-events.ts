import type { Generation, Lineage, Revision, RootHash } from '../config/ids.ts';
import type { ConfigSnapshot } from '../config/snapshot.ts';
import type { Micros } from '../ports/clock.ts';
import type { SnapshotRead } from '../ports/snapshot-store.ts';
import type {
  ControlPlaneToNode,
  NodeCloseReason,
  NodeToControlPlane,
  ResourceBody,
} from '../protocol/node-link.ts';

/** What a node's disk says beside the config itself. */
export interface NodeDiskRecord {
  readonly lineage: Lineage;
  readonly generation: Generation;
  readonly revision: Revision;
  readonly hash: RootHash;
  /**
   * When the push came that brought it: after a restart, the last word the node knows of. What came
   * from the snapshot store brings the word before it; null when there was none.
   */
  readonly verifiedAt: Micros | null;
}

/** What reading the disk gave. Nothing in it is believed before it was hashed anew. */
export type DiskLoad =
  | { readonly kind: 'empty' }
  | { readonly kind: 'damaged'; readonly detail: string }
  | {
      readonly kind: 'found';
      readonly record: NodeDiskRecord;
      readonly resources: readonly ResourceBody[];
    };

/** What ends with a link, and with the waiting for one. */
export const LINK_TIMERS = [
  'boot',
  'retry',
  'connect',
  'welcome',
  'heartbeat',
  'current',
  'storage',
] as const;
/** Each is set at most once at a time; setting it again moves it. */
export const NODE_TIMERS = [...LINK_TIMERS, 'store', 'scrub'] as const;
export type NodeTimer = (typeof NODE_TIMERS)[number];

/** What can happen to a node. `linkId` is the one of the `connect` effect. */
export type NodeEvent =
  /** Starts, or restarts: down at once, its disk is read after the delay. */
  | { readonly type: 'boot'; readonly delayUs: number }
  /** Answers `read-disk`. The first connect is tried after the delay. */
  | { readonly type: 'disk-read'; readonly load: DiskLoad; readonly connectAfterUs: number }
  /** Answers `reread-disk`. */
  | { readonly type: 'disk-reread'; readonly token: number; readonly load: DiskLoad }
  /** Retired: lets go of everything. */
  | { readonly type: 'stop' }
  | { readonly type: 'link-opened'; readonly linkId: number }
  | { readonly type: 'link-closed'; readonly linkId: number; readonly reason: string }
  | { readonly type: 'frame'; readonly linkId: number; readonly message: ControlPlaneToNode }
  | { readonly type: 'bad-frame'; readonly linkId: number; readonly detail: string }
  | { readonly type: 'timer'; readonly timer: NodeTimer }
  /** Answers `read-store`. */
  | { readonly type: 'store-read'; readonly read: SnapshotRead }
  /** Answers `persist`. */
  | { readonly type: 'persisted'; readonly token: number; readonly ok: boolean };

/** Why a node lets go of a link. */
export type NodeLinkEnd = NodeCloseReason | 'connect-timeout' | 'storage-retry' | 'stopped';

/** What the shell must do, in order. */
export type NodeEffect =
  | { readonly type: 'connect'; readonly linkId: number }
  /** Also gives up a connect under way. No `link-closed` is needed in answer. */
  | { readonly type: 'close-link'; readonly linkId: number; readonly reason: NodeLinkEnd }
  | { readonly type: 'send'; readonly linkId: number; readonly message: NodeToControlPlane }
  | { readonly type: 'set-timer'; readonly timer: NodeTimer; readonly at: Micros }
  | { readonly type: 'clear-timer'; readonly timer: NodeTimer }
  | { readonly type: 'read-disk' }
  /** As `read-disk`, while the node runs; nothing on the request path waits for it. */
  | { readonly type: 'reread-disk'; readonly token: number }
  | { readonly type: 'read-store' }
  /** Durable before it is answered: the ack depends on it. */
  | {
      readonly type: 'persist';
      readonly token: number;
      readonly record: NodeDiskRecord;
      readonly snapshot: ConfigSnapshot;
    }
  /** Something that an operator should hear of. */
  | { readonly type: 'note'; readonly text: string };
