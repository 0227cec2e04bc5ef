import { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { onDispose } from '../../core/lib/disposable.ts';
import type { Link, LinkClose } from '../../core/ports/link.ts';
import {
  CONTROL_PLANE_TO_NODE_FRAME_BYTES_MAX,
  NODE_SUBPROTOCOL,
} from '../../core/protocol/limits.ts';
import { LINK_SEND_BUFFER_BYTES_MAX } from './live-limits.ts';
import { maskedFrames } from './masked-frames.ts';

/**
 * The client's end of an open WebSocket; `raw` is the stream beneath it. Frames that came before
 * anybody listened are kept for the first.
 */
export function createWebSocketLink(
  socket: WebSocket,
  raw: Duplex,
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
  // Written past the library, which would gather two chunks a frame. It keeps no queue of its own
  // here (no compression, no Blobs), so the order of what it sends and of this is the same.
  const send = (frame: string | Uint8Array): boolean => {
    if (!takes()) return false;
    raw.write(maskedFrames([frame]));
    return true;
  };
  return {
    send,
    sendTogether(frames) {
      if (!takes()) return false;
      raw.write(maskedFrames(frames));
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
  let raw: Duplex | null = null;
  const fail = (reason: string) => {
    if (settled) return;
    settled = true;
    input.failed(reason);
  };
  socket.once('upgrade', (response) => {
    raw = response.socket;
  });
  socket.once('open', () => {
    if (settled || raw === null) {
      socket.terminate();
      return;
    }
    settled = true;
    socket.removeAllListeners();
    input.opened(createWebSocketLink(socket, raw));
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

function nameOf(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.message.slice(0, 100);
}

function asBytes(data: Buffer | ArrayBuffer | Buffer[]): Uint8Array {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data);
}
