import type { Nonce } from '../config/ids.ts';
import type { ControlPlaneToNode } from '../protocol/node-link.ts';
import type { ConnectionId, ControlPlaneEvent } from './events.ts';

/** What a connection has to tell: what arrived, readable or not, and that it ended. */
export type NodeConnectionEvent = Extract<
  ControlPlaneEvent,
  { type: 'frame-received' | 'bad-frame' | 'foreign-hello' | 'connection-closed' }
>;
/** @param from the connection that tells it */
export type HearNode = (event: NodeConnectionEvent, from: NodeConnection) => void;

/**
 * The control plane's end of an established connection with a node, in messages: how they travel is
 * the world's own. Live they are JSON frames over a WebSocket (`FrameConnection`); in the twin they
 * are handed over as they are.
 */
export interface NodeConnection {
  /** Begins to tell, in order, under the given id. Called once, before anything is sent. */
  listen(connectionId: ConnectionId, hear: HearNode): void;
  /** Queues a message. Gives its bytes; 0 when the connection is closed or its buffer is full. */
  send(message: ControlPlaneToNode): number;
  /** Queues a push header and its body with nothing between them; otherwise as `send`. */
  sendPush(nonce: Nonce, body: Uint8Array): number;
  /** Closes in order, after what is queued. */
  close(code: number, reason: string): void;
  /** Bytes accepted and not yet handed to the network; 0 when closed. */
  readonly bufferedBytes: number;
}
