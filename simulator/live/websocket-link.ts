import { Buffer } from 'node:buffer';
import { WebSocket } from 'ws';
import { onDispose } from '../../core/lib/disposable.ts';
import type { Link, LinkClose } from '../../core/ports/link.ts';
import {
  CONTROL_PLANE_TO_NODE_FRAME_BYTES_MAX,
  NODE_SUBPROTOCOL,
} from '../../core/protocol/limits.ts';
import { LINK_SEND_BUFFER_BYTES_MAX } from './live-limits.ts';

/** A frame larger than the socket takes is named as the wire names it. */
const CLOSE_TOO_LARGE = 1009;
const CLOSE_VANISHED = 1006;

/** `Link` over an open WebSocket. Frames that came before anybody listened are kept for the first. */
export function createWebSocketLink(
  socket: WebSocket,
  sendBufferBytesMax: number = LINK_SEND_BUFFER_BYTES_MAX,
): Link {
  const frameListeners = new Set<(frame: Uint8Array) => void>();
  const closeListeners = new Set<(close: LinkClose) => void>();
  let early: Uint8Array[] = [];
  socket.binaryType = 'nodebuffer';
  socket.on('message', (data) => {
    const frame = asBytes(data);
    if (frameListeners.size === 0) early.push(frame);
    for (const listener of frameListeners) listener(frame);
  });
  // The close that follows an error tells what is needed.
  socket.on('error', () => undefined);
  socket.once('close', (code, reason) => {
    for (const listener of closeListeners) listener({ code, reason: reason.toString('utf8') });
  });
  const takes = () =>
    socket.readyState === WebSocket.OPEN && socket.bufferedAmount <= sendBufferBytesMax;
  const send = (frame: string | Uint8Array): boolean => {
    if (!takes()) return false;
    socket.send(frame, { binary: typeof frame !== 'string' });
    return true;
  };
  return {
    send,
    sendTogether(frames) {
      if (!takes()) return false;
      // Nothing else can send in between: this runs in one turn of the event loop.
      for (const frame of frames) socket.send(frame, { binary: typeof frame !== 'string' });
      return true;
    },
    close(code, reason) {
      if (socket.readyState === WebSocket.OPEN) socket.close(code, reason);
    },
    get bufferedBytes() {
      return socket.readyState === WebSocket.OPEN ? socket.bufferedAmount : 0;
    },
    onFrame(listener) {
      frameListeners.add(listener);
      const waiting = early;
      early = [];
      for (const frame of waiting) listener(frame);
      return onDispose(() => void frameListeners.delete(listener));
    },
    onClose(listener) {
      closeListeners.add(listener);
      return onDispose(() => void closeListeners.delete(listener));
    },
  };
}

export interface ConnectInput {
  /** `ws://127.0.0.1:PORT/node` */
  readonly url: string;
  readonly fleetToken: string;
  readonly opened: (link: Link) => void;
  /** The connect came to nothing; not called after `dispose`. */
  readonly failed: (reason: string) => void;
}

/** Connects to the control plane. Disposing gives a connect up; an opened link is not touched. */
export function connectWebSocket(input: ConnectInput): { dispose(): void } {
  const socket = new WebSocket(input.url, NODE_SUBPROTOCOL, {
    perMessageDeflate: false,
    maxPayload: CONTROL_PLANE_TO_NODE_FRAME_BYTES_MAX,
    headers: { authorization: `Bearer ${input.fleetToken}` },
    skipUTF8Validation: true, // Frames are decoded strictly a moment later.
  });
  let settled = false;
  const fail = (reason: string) => {
    if (settled) return;
    settled = true;
    input.failed(reason);
  };
  socket.once('open', () => {
    if (settled) {
      socket.terminate();
      return;
    }
    settled = true;
    socket.removeAllListeners();
    input.opened(createWebSocketLink(socket));
  });
  socket.once('unexpected-response', (request, response) => {
    fail(`refused with status ${response.statusCode ?? 0}`);
    request.destroy();
  });
  socket.on('error', (error) => fail(nameOf(error)));
  socket.once('close', () => fail('closed'));
  return onDispose(() => {
    if (settled) return;
    settled = true;
    socket.terminate();
  });
}

/** What a close comes to, in a node's words. */
export function closeInWords({ code, reason }: LinkClose): string {
  if (reason !== '') return reason;
  if (code === CLOSE_TOO_LARGE) return 'frame-too-large';
  return code === CLOSE_VANISHED ? 'connection lost' : `closed with code ${code}`;
}

function nameOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.message.slice(0, 100);
}

function asBytes(data: Buffer | ArrayBuffer | Buffer[]): Uint8Array {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data);
}
