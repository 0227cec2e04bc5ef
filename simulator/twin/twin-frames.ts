import type { Nonce } from '../../core/config/ids.ts';
import type { ControlPlaneToNode, NodeToControlPlane } from '../../core/protocol/node-link.ts';
import type { TwinConnection } from './twin-connection.ts';
import { Frame } from './twin-line.ts';

/** What a small frame of the transport itself is reckoned to be. */
const TRANSPORT_BYTES = 64;

/** A message of a node. */
export class UpFrame extends Frame {
  readonly #connection: TwinConnection;
  readonly #message: NodeToControlPlane;

  constructor(
    connection: TwinConnection,
    message: NodeToControlPlane,
    number: number,
    bytes: number,
  ) {
    super(number, bytes);
    this.#connection = connection;
    this.#message = message;
  }

  arrive(): void {
    this.#connection.cameUp(this.#message, this.number);
  }
}

/** A message of the control plane: a push is one frame with its header. */
export class DownFrame extends Frame {
  readonly nonce: Nonce | null;
  readonly message: ControlPlaneToNode;
  readonly generation: number;
  readonly #connection: TwinConnection;

  constructor(
    connection: TwinConnection,
    nonce: Nonce | null,
    message: ControlPlaneToNode,
    number: number,
    generation: number,
    bytes: number,
  ) {
    super(number, bytes);
    this.#connection = connection;
    this.nonce = nonce;
    this.message = message;
    this.generation = generation;
  }

  arrive(): void {
    this.#connection.cameDown(this);
  }
}

/** Of the transport itself. */
export class TransportFrame extends Frame {
  readonly #arrive: () => void;

  constructor(number: number, arrive: () => void) {
    super(number, TRANSPORT_BYTES);
    this.#arrive = arrive;
  }

  arrive(): void {
    this.#arrive();
  }
}
