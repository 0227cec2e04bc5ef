import type { Nonce } from '../config/ids.ts';
import type { Link } from '../ports/link.ts';
import { type ControlPlaneToNode, encodeFrame } from '../protocol/node-link.ts';
import { decodeNodeEvent } from './decode-node-event.ts';
import { type ConnectionId, encodePushFrame } from './events.ts';
import type { HearNode, NodeConnection } from './node-connection.ts';

/** Encodes messages; the same `current` object answers every heartbeat until the target moves. */
export class FrameEncoder {
  #last: { readonly message: ControlPlaneToNode; readonly frame: string } | null = null;

  encode(message: ControlPlaneToNode): string {
    if (message.type !== 'current') return encodeFrame(message);
    if (this.#last?.message !== message) this.#last = { message, frame: encodeFrame(message) };
    return this.#last.frame;
  }
}

/** A connection of JSON frames over a link. */
export class FrameConnection implements NodeConnection {
  readonly #link: Link;
  readonly #encoder: FrameEncoder;

  constructor(link: Link, encoder: FrameEncoder) {
    this.#link = link;
    this.#encoder = encoder;
  }

  get bufferedBytes(): number {
    return this.#link.bufferedBytes;
  }

  listen(connectionId: ConnectionId, hear: HearNode): void {
    this.#link.onFrame((frame) => hear(decodeNodeEvent(connectionId, frame), this));
    this.#link.onClose((close) => hear({ type: 'connection-closed', connectionId, close }, this));
  }

  send(message: ControlPlaneToNode): number {
    const frame = this.#encoder.encode(message);
    // Everything but a push body is ASCII, or so nearly that its length in characters will do.
    return this.#link.send(frame) ? frame.length : 0;
  }

  sendPush(nonce: Nonce, body: Uint8Array): number {
    const header = encodePushFrame(nonce);
    return this.#link.sendTogether([header, body]) ? header.length + body.byteLength : 0;
  }

  close(code: number, reason: string): void {
    this.#link.close(code, reason);
  }
}
