import type { Disposable } from '../lib/disposable.ts';
import type { Clock, Micros } from '../ports/clock.ts';
import type { Link } from '../ports/link.ts';
import type { Scheduler } from '../ports/scheduler.ts';
import type { SnapshotWriter } from '../ports/snapshot-store.ts';
import type { ControlPlane } from './control-plane.ts';
import type {
  ConnectionId,
  ControlPlaneEffect,
  ControlPlaneEvent,
  ControlPlaneResponse,
} from './events.ts';
import { FrameConnection, FrameEncoder } from './frame-connection.ts';
import type { NodeConnection, NodeConnectionEvent } from './node-connection.ts';

export interface ControlPlaneDriverParts {
  readonly control: ControlPlane;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly onRespond: (requestId: number, response: ControlPlaneResponse) => void;
  readonly onBackup: (requestId: number, path: string) => void;
  /** Wanted where the settings say that there is one. */
  readonly snapshots?: SnapshotWriter;
}

/** No connection has this id. */
const NOT_HEARD: ConnectionId = 0;

/**
 * Runs a control plane over connections, in any world: turns what they and timers do into events and
 * carries out the effects. An event that arises while effects are carried out waits for its turn.
 */
export class ControlPlaneDriver implements Disposable {
  readonly #parts: ControlPlaneDriverParts;
  readonly #connections = new Map<ConnectionId, NodeConnection>();
  readonly #encoder = new FrameEncoder();
  readonly #pending: ControlPlaneEvent[] = [];
  #isRunning = false;
  #connectionsOpened = 0;
  #bytesSent = 0;
  /** The connection that told something last, and its id; it is open. */
  #heardId = NOT_HEARD;
  #heard: NodeConnection | null = null;
  #tick: { readonly at: Micros; readonly timer: Disposable } | null = null;

  constructor(parts: ControlPlaneDriverParts) {
    this.#parts = parts;
    this.#schedule();
  }

  /** Payload bytes handed to connections. */
  get bytesSent(): number {
    return this.#bytesSent;
  }

  /** Connections that have not ended. */
  get links(): number {
    return this.#connections.size;
  }

  /** Takes over an established link of JSON frames. */
  accept(link: Link): void {
    this.connect(new FrameConnection(link, this.#encoder));
  }

  /** Takes over an established connection. */
  connect(connection: NodeConnection): void {
    this.#connectionsOpened += 1;
    const connectionId: ConnectionId = this.#connectionsOpened;
    this.#connections.set(connectionId, connection);
    connection.listen(connectionId, this.#hear);
    this.handle({ type: 'connection-opened', connectionId });
  }

  handle(event: ControlPlaneEvent): void {
    this.#pending.push(event);
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
        const effects = this.#parts.control.handle(next, this.#parts.clock.now());
        for (const effect of effects) this.#carryOut(effect);
      }
    } finally {
      this.#isRunning = false;
    }
    this.#schedule();
  }

  readonly #hear = (event: NodeConnectionEvent, from: NodeConnection): void => {
    const { connectionId } = event;
    if (event.type === 'connection-closed') {
      this.#connections.delete(connectionId);
      this.#heardId = NOT_HEARD;
    } else {
      this.#heardId = connectionId;
      this.#heard = from;
    }
    this.handle(event);
  };

  /** Whoever was heard last is who most effects are for. */
  #connectionOf(connectionId: ConnectionId): NodeConnection | undefined {
    if (connectionId === this.#heardId && this.#heard !== null) return this.#heard;
    return this.#connections.get(connectionId);
  }

  dispose(): void {
    this.#tick?.timer.dispose();
    this.#tick = null;
  }

  #carryOut(effect: ControlPlaneEffect): void {
    switch (effect.type) {
      case 'send': {
        const connection = this.#connectionOf(effect.connectionId);
        if (connection !== undefined)
          this.#sent(effect, connection, connection.send(effect.message));
        return;
      }
      case 'send-push': {
        const connection = this.#connectionOf(effect.connectionId);
        if (connection === undefined) return;
        this.#sent(effect, connection, connection.sendPush(effect.nonce, effect.body));
        return;
      }
      case 'close':
        this.#connections.get(effect.connectionId)?.close(effect.code, effect.reason);
        return;
      case 'respond':
        this.#parts.onRespond(effect.requestId, effect.response);
        return;
      case 'backup':
        this.#parts.onBackup(effect.requestId, effect.path);
        return;
      case 'dump':
        this.#parts.snapshots?.write(effect.dump, (written) =>
          this.handle({ type: 'dumped', written }),
        );
        return;
    }
  }

  #sent(
    { connectionId }: { readonly connectionId: ConnectionId },
    connection: NodeConnection,
    bytes: number,
  ): void {
    this.#bytesSent += bytes;
    // A closed one buffers nothing and says so itself; a full one belongs to a node that does not read.
    if (bytes === 0 && connection.bufferedBytes > 0) {
      this.#pending.push({ type: 'send-refused', connectionId });
    }
  }

  /** A timer that fires too early does no harm, so it is only ever moved forward. */
  #schedule(): void {
    const at = this.#parts.control.nextTickAt();
    if (at === null || (this.#tick !== null && this.#tick.at <= at)) return;
    this.#tick?.timer.dispose();
    const timer = this.#parts.scheduler.at(at, () => {
      this.#tick = null;
      this.handle({ type: 'tick' });
    });
    this.#tick = { at, timer };
  }
}
