import type { NodeId, Nonce } from '../config/ids.ts';
import type { LinkClose } from '../ports/link.ts';
import type { SnapshotWritten } from '../ports/snapshot-store.ts';
import type {
  ControlPlaneMethod,
  ControlPlaneRefusal,
  ControlPlaneRequest,
  ControlPlaneResults,
} from '../protocol/control-plane-control.ts';
import type {
  ControlPlaneToNode,
  NodeCloseReason,
  NodeToControlPlane,
} from '../protocol/node-link.ts';
import type { SnapshotDump } from '../protocol/snapshot-file.ts';

/** Names one connection for as long as the process runs; never used twice. */
export type ConnectionId = number;

/** Why a request was turned away before it became a connection. */
export const UPGRADE_REFUSALS = [
  'unauthorized',
  'browser-origin',
  'bad-subprotocol',
  'not-found',
  'upgrade-required',
] as const;
export type UpgradeRefusal = (typeof UPGRADE_REFUSALS)[number];

export type ControlPlaneEvent =
  | { readonly type: 'connection-opened'; readonly connectionId: ConnectionId }
  | {
      readonly type: 'frame-received';
      readonly connectionId: ConnectionId;
      readonly message: NodeToControlPlane;
    }
  /** What arrived is no frame of this protocol. */
  | { readonly type: 'bad-frame'; readonly connectionId: ConnectionId; readonly detail: string }
  /** A hello of another protocol version, whatever else it holds. */
  | {
      readonly type: 'foreign-hello';
      readonly connectionId: ConnectionId;
      readonly protocol: number;
    }
  /** A frame could not be queued: the node does not read. */
  | { readonly type: 'send-refused'; readonly connectionId: ConnectionId }
  | {
      readonly type: 'connection-closed';
      readonly connectionId: ConnectionId;
      readonly close: LinkClose;
    }
  | { readonly type: 'upgrade-refused'; readonly reason: UpgradeRefusal }
  | { readonly type: 'tick' }
  /** Answers `dump`. */
  | { readonly type: 'dumped'; readonly written: SnapshotWritten }
  | {
      readonly type: 'request';
      readonly requestId: number;
      readonly request: ControlPlaneRequest;
    }
  | { readonly type: 'shut-down' };

export type ControlPlaneResponse =
  | { readonly ok: true; readonly value: ControlPlaneResults[ControlPlaneMethod] }
  | { readonly ok: false; readonly error: ControlPlaneRefusal };

export type ControlPlaneEffect =
  | {
      readonly type: 'send';
      readonly connectionId: ConnectionId;
      readonly message: ControlPlaneToNode;
    }
  /** Two frames, nothing between them: `push` with the nonce, then `body`, shared by all. */
  | {
      readonly type: 'send-push';
      readonly connectionId: ConnectionId;
      readonly nodeId: NodeId;
      readonly nonce: Nonce;
      readonly body: Uint8Array;
    }
  | {
      readonly type: 'close';
      readonly connectionId: ConnectionId;
      readonly code: number;
      readonly reason: NodeCloseReason;
    }
  | {
      readonly type: 'respond';
      readonly requestId: number;
      readonly response: ControlPlaneResponse;
    }
  /** The shell makes the copy and answers: it is the one request that takes I/O. */
  | { readonly type: 'backup'; readonly requestId: number; readonly path: string }
  /** To the snapshot store; answered by `dumped`. One is out at a time. */
  | { readonly type: 'dump'; readonly dump: SnapshotDump };

/** The small frame that precedes a push body. */
export function encodePushFrame(nonce: Nonce): string {
  return `{"type":"push","nonce":${nonce}}`;
}
