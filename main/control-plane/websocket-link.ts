import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { type Disposable, onDispose } from '../../core/lib/disposable.ts';
import type { Link, LinkClose } from '../../core/ports/link.ts';
import { frameTexts } from './websocket-frames.ts';

/** Bytes waiting in one connection's send buffer from which on it takes no more. */
export const SEND_BUFFER_BYTES_MAX = 4 * 1024 * 1024;

/** The server's end of an open WebSocket. `raw` is the stream beneath it. */
export function createWebSocketLink(
  socket: WebSocket,
  raw: Duplex,
  sendBufferBytesMax: number = SEND_BUFFER_BYTES_MAX,
): Link {
  return new WebSocketLink(socket, raw, sendBufferBytesMax);
}

class WebSocketLink implements Link {
  readonly #socket: WebSocket;
  readonly #raw: Duplex;
  readonly #sendBufferBytesMax: number;
  readonly #frameListeners = new Set<(frame: Uint8Array) => void>();
  readonly #closeListeners = new Set<(close: LinkClose) => void>();
  #isClosed = false;

  constructor(socket: WebSocket, raw: Duplex, sendBufferBytesMax: number) {
    this.#socket = socket;
    this.#raw = raw;
    this.#sendBufferBytesMax = sendBufferBytesMax;
    socket.on('message', (data) => {
      if (!Buffer.isBuffer(data)) return;
      for (const listener of this.#frameListeners) listener(data);
    });
    socket.on('error', (error) => {
      const close = closeForError(error);
      // Anything else is followed by `close`, which tells more.
      if (close !== null) this.#ended(close);
    });
    socket.on('close', (code, reason) => this.#ended({ code, reason: reason.toString('utf8') }));
  }

  get bufferedBytes(): number {
    return this.#socket.readyState === WebSocket.OPEN ? this.#socket.bufferedAmount : 0;
  }

  send(frame: string | Uint8Array): boolean {
    if (!this.#takesMore()) return false;
    this.#socket.send(frame, { binary: false });
    return true;
  }

  sendTogether(frames: readonly (string | Uint8Array)[]): boolean {
    if (!this.#takesMore()) return false;
    // Written past the library, which would gather four chunks a push. It keeps no queue of its own
    // here (no compression, no Blobs), so the order of what it sends and of this is the same.
    const chunks = frameTexts(frames);
    if (chunks.length > 1) this.#raw.cork();
    for (const chunk of chunks) this.#raw.write(chunk);
    if (chunks.length > 1) this.#raw.uncork();
    return true;
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  onFrame(listener: (frame: Uint8Array) => void): Disposable {
    this.#frameListeners.add(listener);
    return onDispose(() => this.#frameListeners.delete(listener));
  }

  onClose(listener: (close: LinkClose) => void): Disposable {
    this.#closeListeners.add(listener);
    return onDispose(() => this.#closeListeners.delete(listener));
  }

  #takesMore(): boolean {
    return (
      this.#socket.readyState === WebSocket.OPEN &&
      this.#socket.bufferedAmount <= this.#sendBufferBytesMax
    );
  }

  #ended(close: LinkClose): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const listener of this.#closeListeners) listener(close);
  }
}

/** What the library itself found wrong with a frame, and has closed for. */
function closeForError(error: Error): LinkClose | null {
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code !== 'string' || !code.startsWith('WS_ERR_')) return null;
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH')
    return { code: 1009, reason: 'frame-too-large' };
  return { code: 1002, reason: 'bad-frame' };
}
