import type { Nonce } from '../../core/config/ids.ts';
import type { ControlPlaneToNode, NodeToControlPlane } from '../../core/protocol/node-link.ts';
import type { TwinConnection } from './twin-connection.ts';
import type { TwinLine } from './twin-line.ts';
import { VirtualTimer } from './virtual-timer.ts';

/** What a small frame of the transport itself is reckoned to be. */
const TRANSPORT_BYTES = 64;

/** A message of the control plane: a push is one frame with its header. */
export interface DownContent {
  readonly nonce: Nonce | null;
  readonly message: ControlPlaneToNode;
  readonly generation: number;
  /** 0: no push. */
  readonly pushBytes: number;
}

/**
 * On its way through a line: its own timer, of which a large fleet would otherwise make very many
 * beside it. One class for whatever is under way: with several the engine would have to look up what
 * each is, everywhere in the virtual time.
 */
export class Frame extends VirtualTimer {
  /** Its number in the trace. */
  readonly number: number;
  /** Of a link that became narrow or wide meanwhile, what is left of it. */
  bytes: number;
  readonly #connection: TwinConnection;
  readonly #up: NodeToControlPlane | null;
  readonly #down: DownContent | null;
  readonly #job: (() => void) | null;
  #line: TwinLine | null = null;

  private constructor(
    connection: TwinConnection,
    number: number,
    bytes: number,
    up: NodeToControlPlane | null,
    down: DownContent | null,
    job: (() => void) | null,
  ) {
    super();
    this.#connection = connection;
    this.number = number;
    this.bytes = bytes;
    this.#up = up;
    this.#down = down;
    this.#job = job;
  }

  /** A message of a node. */
  static up(
    connection: TwinConnection,
    message: NodeToControlPlane,
    number: number,
    bytes: number,
  ): Frame {
    return new Frame(connection, number, bytes, message, null, null);
  }

  static down(
    connection: TwinConnection,
    content: DownContent,
    number: number,
    bytes: number,
  ): Frame {
    return new Frame(connection, number, bytes, null, content, null);
  }

  /** Of the transport itself. */
  static transport(connection: TwinConnection, number: number, arrive: () => void): Frame {
    return new Frame(connection, number, TRANSPORT_BYTES, null, null, arrive);
  }

  /** It comes out of the line. */
  arrive(): void {
    if (this.#up !== null) this.#connection.cameUp(this.#up, this.number);
    else if (this.#down !== null) this.#connection.cameDown(this.#down, this.number);
    else this.#job?.();
  }

  goThrough(line: TwinLine): void {
    this.#line = line;
  }

  /** Who is sent something may not have been heard of for long; who answers was just now. */
  override touch(step: number): number {
    return this.#down === null ? 0 : this.#connection.touchNode(step);
  }

  due(): void {
    this.#line?.arrived(this);
  }
}
