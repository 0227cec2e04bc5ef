import type { Disposable } from '../lib/disposable.ts';

/** Why a link ended, in the wire's own words. */
export interface LinkClose {
  /** WebSocket close code; 1006 when the other side vanished without one. */
  readonly code: number;
  /** A kebab-case reason, or empty. */
  readonly reason: string;
}

/** One side of an established, ordered, message-keeping connection. */
export interface Link {
  /** Queues one frame. False when the link is closed or its send buffer is over its bound. */
  send(frame: string | Uint8Array): boolean;
  /** Queues frames that must arrive one after the other with nothing between them. */
  sendTogether(frames: readonly (string | Uint8Array)[]): boolean;
  /** Closes in order, after what is queued. */
  close(code: number, reason: string): void;
  /** Bytes accepted by `send` and not yet handed to the network. */
  readonly bufferedBytes: number;
  onFrame(listener: (frame: Uint8Array) => void): Disposable;
  onClose(listener: (close: LinkClose) => void): Disposable;
}
