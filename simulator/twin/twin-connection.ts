import type { Nonce } from '../../core/config/ids.ts';
import type { ConnectionId } from '../../core/control-plane/events.ts';
import { encodePushFrame } from '../../core/control-plane/events.ts';
import type { HearNode, NodeConnection } from '../../core/control-plane/node-connection.ts';
import type { Micros } from '../../core/ports/clock.ts';
import type { LinkClose } from '../../core/ports/link.ts';
import type { RandomStream } from '../../core/ports/random.ts';
import type {
  ControlPlaneToNode,
  NodeToControlPlane,
  PushBody,
} from '../../core/protocol/node-link.ts';
import { closeInWords } from '../live/close-in-words.ts';
import type { FrameBytes } from './frame-bytes.ts';
import type { NodeConditions } from './link-conditions.ts';
import { type MessageName, messageNumber } from './message-names.ts';
import type { Trace, TraceKind } from './trace.ts';
import { type DownContent, Frame } from './twin-frames.ts';
import { type LineDirection, type LineOwner, TwinLine } from './twin-line.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Bytes waiting in one connection's send buffer from which on it takes no more, as on the live link. */
const SEND_BUFFER_BYTES_MAX = 4 * 1024 * 1024;

/** What all links of a world have in common. */
export interface LinkWorld {
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly frameBytes: FrameBytes;
  /** The one object that everybody is given who is sent these bytes. */
  readonly decodeBody: (body: Uint8Array) => PushBody;
  readonly totals: LinkTotals;
}

export interface LinkTotals {
  bytesUp: number;
  bytesDown: number;
  /** Of pushes alone, among `bytesDown`. */
  bytesPushed: number;
}

/** The node's end, as its connection sees it. */
export interface NodeEnd {
  readonly row: number;
  readonly conditions: NodeConditions;
  readonly linkRandom: RandomStream;
  /** Of heartbeats and their answers alone: how often they are sent delays no other frame otherwise. */
  readonly heartbeatLinkRandom: RandomStream;
  /** See `VirtualTimer.touch`. */
  touch(step: number): number;
  linkOpened(linkId: number): void;
  /** @param pushBytes that its body has, with its header; 0: it is no body of a push */
  linkHeard(linkId: number, message: ControlPlaneToNode, pushBytes: number): void;
  linkClosed(linkId: number, reason: string): void;
}

/** The control plane's end, as its connections see it. */
export interface ControlPlaneEnd {
  readonly isUp: boolean;
  /** How often its process has started: which of its lives a connection belongs to. */
  readonly starts: number;
  /** Whether what arrives now is handled now. */
  readonly isFree: boolean;
  /** Runs when the process gets round to it; not at all when it is killed before. */
  whenFree(job: () => void): void;
  /** Spends the time that an arrival takes. */
  arrived(message: MessageName): void;
  /** Spends the time that sending takes; gives when it is sent. */
  sent(message: MessageName): Micros;
  /** The same, of a push: its header and its body. */
  sentPush(bytes: number): Micros;
  accept(connection: TwinConnection): void;
}

type Ends = 'open' | 'closed';

/** One connection of a node with the control plane, from the first try to its end, both ends of it. */
export class TwinConnection implements NodeConnection, LineOwner {
  readonly #world: LinkWorld;
  readonly #node: NodeEnd;
  readonly #linkId: number;
  readonly #control: ControlPlaneEnd;
  readonly #up: TwinLine;
  readonly #down: TwinLine;
  #nodeEnd: Ends = 'open';
  #controlEnd: Ends = 'closed';
  #connectionId: ConnectionId = 0;
  #hear: HearNode | null = null;
  /** The life of the process that accepted it. */
  #acceptedBy = 0;
  #isOpened = false;

  constructor(world: LinkWorld, node: NodeEnd, linkId: number, control: ControlPlaneEnd) {
    this.#world = world;
    this.#node = node;
    this.#linkId = linkId;
    this.#control = control;
    this.#up = new TwinLine(this, 'up');
    this.#down = new TwinLine(this, 'down');
  }

  get time(): VirtualTime {
    return this.#world.time;
  }

  randomOf(message: number): RandomStream {
    const isHeartbeat = message === HEARTBEAT || message === CURRENT;
    return isHeartbeat ? this.#node.heartbeatLinkRandom : this.#node.linkRandom;
  }

  get conditions(): NodeConditions {
    return this.#node.conditions;
  }

  held(direction: LineDirection, message: number, fault: number): void {
    if (message === CONNECT) this.#note('connect-held', message, fault);
    else this.#note(direction === 'up' ? 'up-held' : 'down-held', message, fault);
  }

  overflow(): void {
    this.reset('held-queue-full');
  }

  /** Whether nothing can pass any more, in either direction. */
  get isOver(): boolean {
    return this.#nodeEnd === 'closed' && this.#controlEnd === 'closed';
  }

  /** See `VirtualTimer.touch`. */
  touchNode(step: number): number {
    return this.#node.touch(step);
  }

  /** The same, without the node. */
  touch(step: number): number {
    return step === 1 ? this.#acceptedBy : this.#up.touch() + this.#down.touch();
  }

  /** The weather has changed. */
  flush(): void {
    this.#up.flush();
    this.#down.flush();
  }

  // ---- the node's end ---------------------------------------------------------------------------

  /** The first try: it arrives, waits for the process to be free, and is accepted or refused. */
  connect(departsAt: Micros): void {
    this.#note('connecting', this.#linkId);
    this.#send(this.#up, CONNECT, departsAt, () => {
      if (this.#control.isUp) this.#control.whenFree(() => this.#accepted());
      else this.#refused();
    });
  }

  sendUp(message: NodeToControlPlane, departsAt: Micros): void {
    if (this.#nodeEnd === 'closed') return;
    const number = messageNumber(message.type);
    const bytes = this.#world.frameBytes.up(message);
    this.#world.totals.bytesUp += bytes;
    this.#note('up-sent', number, this.#linkId);
    this.#world.trace.fold(bytes);
    this.#up.send(Frame.up(this, message, number, bytes), departsAt);
  }

  /** For the frames of this connection: one has come to the process. */
  cameUp(message: NodeToControlPlane, number: number): void {
    if (this.#control.isFree) this.#arrivedUp(message, number);
    else this.#control.whenFree(() => this.#arrivedUp(message, number));
  }

  closeUp(close: LinkClose, departsAt: Micros): void {
    if (this.#nodeEnd === 'closed') return;
    this.#nodeEnd = 'closed';
    this.#down.close();
    if (this.#isOpened) this.#noteClosed(close);
    this.#send(this.#up, CLOSE, departsAt, () => {
      // After whatever arrived before it, the connect itself included.
      this.#control.whenFree(() => this.#endReached(close));
    });
  }

  // ---- the control plane's end ------------------------------------------------------------------

  listen(connectionId: ConnectionId, hear: HearNode): void {
    this.#connectionId = connectionId;
    this.#hear = hear;
    this.#controlEnd = 'open';
  }

  get bufferedBytes(): number {
    return this.#controlEnd === 'open' ? this.#down.bufferedBytes(this.#world.time.now()) : 0;
  }

  send(message: ControlPlaneToNode): number {
    if (!this.#takesMore()) return 0;
    const bytes = this.#world.frameBytes.down(message);
    const generation = 'generation' in message ? message.generation : 0;
    const departsAt = this.#control.sent(message.type);
    this.#sendDown(null, message, generation, bytes, departsAt);
    return bytes;
  }

  sendPush(nonce: Nonce, body: Uint8Array): number {
    if (!this.#takesMore()) return 0;
    const bytes = encodePushFrame(nonce).length + body.byteLength;
    const message = this.#world.decodeBody(body);
    const departsAt = this.#control.sentPush(bytes);
    this.#world.totals.bytesPushed += bytes;
    this.#sendDown(nonce, message, message.generation, bytes, departsAt);
    return bytes;
  }

  close(code: number, reason: string): void {
    if (this.#controlEnd === 'closed') return;
    const departsAt = this.#control.sent('close');
    this.#note('link-dropped', this.#linkId, this.#world.trace.word(reason));
    this.#endControl({ code, reason });
    this.#endNodeLater({ code, reason }, departsAt);
  }

  // ---- both -------------------------------------------------------------------------------------

  /** Breaks: both ends see it, the process when it gets round to it; what was under way is lost. */
  reset(reason = ''): void {
    this.#down.close();
    this.#up.close();
    const close = { code: CLOSE_VANISHED, reason };
    // After whatever arrived before it; and it costs the process what any end does.
    this.#control.whenFree(() => this.#endReached(close));
    this.#endNode(close);
  }

  /** The node's end is gone without a word: the control plane must find out by itself. */
  halfOpen(): void {
    this.#down.close();
    this.#up.close();
    this.#endNode({ code: CLOSE_VANISHED, reason: '' });
  }

  /** The control plane's process is gone; its system tells the node when the link lets it. */
  vanish(): void {
    this.#controlEnd = 'closed';
    this.#hear = null;
    this.#up.close();
    this.#endNodeLater({ code: CLOSE_VANISHED, reason: '' }, this.#world.time.now());
  }

  // ---- arrivals ---------------------------------------------------------------------------------

  #accepted(): void {
    // A node that gave up meanwhile has sent a close, which comes after this.
    const departsAt = this.#control.sent('opened');
    this.#send(this.#down, OPENED, departsAt, () => {
      if (this.#nodeEnd === 'closed') return;
      this.#isOpened = true;
      this.#note('link-opened', this.#linkId);
      this.#node.linkOpened(this.#linkId);
    });
    this.#acceptedBy = this.#control.starts;
    this.#control.accept(this);
  }

  #refused(): void {
    this.#send(this.#down, REFUSED, this.#world.time.now(), () => {
      this.#note('connect-refused', this.#linkId);
      this.#endNode({ code: CLOSE_VANISHED, reason: 'ECONNREFUSED' });
    });
  }

  #arrivedUp(message: NodeToControlPlane, number: number): void {
    if (!this.#isHeard) {
      this.#note('lost', number, this.#linkId);
      return;
    }
    this.#note('up-arrived', number, this.#linkId);
    this.#control.arrived(message.type);
    const connectionId = this.#connectionId;
    this.#hear?.({ type: 'frame-received', connectionId, message }, this);
  }

  #endReached(close: LinkClose): void {
    if (!this.#isHeard) return;
    this.#control.arrived('close');
    this.#endControl(close);
  }

  /** @param nonce of the header that goes before a push body; null: it is none */
  #sendDown(
    nonce: Nonce | null,
    message: ControlPlaneToNode,
    generation: number,
    bytes: number,
    departsAt: Micros,
  ): void {
    const number = messageNumber(message.type);
    this.#world.totals.bytesDown += bytes;
    this.#note('down-sent', number, generation);
    this.#world.trace.fold(bytes);
    const pushBytes = nonce === null ? 0 : bytes;
    const content = { nonce, message, generation, pushBytes };
    const frame = Frame.down(this, content, number, bytes);
    this.#down.send(frame, departsAt);
  }

  /** For the frames of this connection: one has come to the node. */
  cameDown({ nonce, message, generation, pushBytes }: DownContent, number: number): void {
    if (this.#nodeEnd === 'closed') {
      this.#note('lost', number, this.#linkId);
      return;
    }
    this.#note('down-arrived', number, generation);
    if (nonce !== null) this.#node.linkHeard(this.#linkId, { type: 'push', nonce }, 0);
    this.#node.linkHeard(this.#linkId, message, pushBytes);
  }

  /** What is not a message. */
  #send(line: TwinLine, number: number, departsAt: Micros, arrive: () => void): void {
    line.send(Frame.transport(this, number, arrive), departsAt);
  }

  #endControl(close: LinkClose): void {
    if (this.#controlEnd === 'closed') return;
    this.#controlEnd = 'closed';
    const hear = this.#hear;
    this.#hear = null;
    this.#up.close();
    const connectionId = this.#connectionId;
    hear?.({ type: 'connection-closed', connectionId, close }, this);
  }

  #endNodeLater(close: LinkClose, departsAt: Micros): void {
    this.#send(this.#down, CLOSE, departsAt, () => this.#endNode(close));
  }

  #endNode(close: LinkClose): void {
    if (this.#nodeEnd === 'closed') return;
    this.#nodeEnd = 'closed';
    this.#down.close();
    if (this.#isOpened) this.#noteClosed(close);
    this.#node.linkClosed(this.#linkId, closeInWords(close));
  }

  /** Whether what arrives is for the process that is there: not for one that was killed since. */
  get #isHeard(): boolean {
    return this.#controlEnd === 'open' && this.#acceptedBy === this.#control.starts;
  }

  #takesMore(): boolean {
    return this.#controlEnd === 'open' && this.bufferedBytes <= SEND_BUFFER_BYTES_MAX;
  }

  #noteClosed(close: LinkClose): void {
    this.#note('link-closed', this.#linkId, this.#world.trace.word(closeInWords(close)));
  }

  #note(kind: TraceKind, a: number, b = 0): void {
    this.#world.trace.note(kind, this.#world.time.now(), this.#node.row, a, b);
  }
}

/** The other side vanished without a close. */
const CLOSE_VANISHED = 1006;
const CONNECT = messageNumber('connect');
const OPENED = messageNumber('opened');
const REFUSED = messageNumber('refused');
const CLOSE = messageNumber('close');
const HEARTBEAT = messageNumber('heartbeat');
const CURRENT = messageNumber('current');
