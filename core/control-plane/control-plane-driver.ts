import type { Disposable } from '../lib/disposable.ts';
import type { Clock, Micros } from '../ports/clock.ts';
import type { Link } from '../ports/link.ts';
import type { Scheduler } from '../ports/scheduler.ts';
import { type ControlPlaneToNode, encodeFrame } from '../protocol/node-link.ts';
import type { ControlPlane } from './control-plane.ts';
import { decodeNodeEvent } from './decode-node-event.ts';
import {
  type ConnectionId,
  type ControlPlaneEffect,
  type ControlPlaneEvent,
  type ControlPlaneResponse,
  encodePushFrame,
} from './events.ts';

export interface ControlPlaneDriverParts {
  readonly control: ControlPlane;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly onRespond: (requestId: number, response: ControlPlaneResponse) => void;
  readonly onBackup: (requestId: number, path: string) => void;
}

/**
 * Runs a control plane over links, in any world: turns what links and timers do into events and
 * carries out the effects. An event that arises while effects are carried out waits for its turn.
 */
export class ControlPlaneDriver implements Disposable {
  readonly #parts: ControlPlaneDriverParts;
  readonly #links = new Map<ConnectionId, Link>();
  readonly #pending: ControlPlaneEvent[] = [];
  #isRunning = false;
  #connectionsOpened = 0;
  #bytesSent = 0;
  #tick: { readonly at: Micros; readonly timer: Disposable } | null = null;
  /** The last `current` and its frame: one object answers every heartbeat until the target moves. */
  #lastCurrent: { readonly message: ControlPlaneToNode; readonly frame: string } | null = null;

  constructor(parts: ControlPlaneDriverParts) {
    this.#parts = parts;
    this.#schedule();
  }

  /** Payload bytes handed to links. */
  get bytesSent(): number {
    return this.#bytesSent;
  }

  /** Links that have not ended. */
  get links(): number {
    return this.#links.size;
  }

  /** Takes over an established link. */
  accept(link: Link): void {
    this.#connectionsOpened += 1;
    const connectionId: ConnectionId = this.#connectionsOpened;
    this.#links.set(connectionId, link);
    link.onFrame((frame) => this.handle(decodeNodeEvent(connectionId, frame)));
    link.onClose((close) => {
      this.#links.delete(connectionId);
      this.handle({ type: 'connection-closed', connectionId, close });
    });
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

  dispose(): void {
    this.#tick?.timer.dispose();
    this.#tick = null;
  }

  #carryOut(effect: ControlPlaneEffect): void {
    switch (effect.type) {
      case 'send':
        this.#send(effect.connectionId, [this.#encode(effect.message)]);
        return;
      case 'send-push':
        this.#send(effect.connectionId, [encodePushFrame(effect.nonce), effect.body]);
        return;
      case 'close':
        this.#links.get(effect.connectionId)?.close(effect.code, effect.reason);
        return;
      case 'respond':
        this.#parts.onRespond(effect.requestId, effect.response);
        return;
      case 'backup':
        this.#parts.onBackup(effect.requestId, effect.path);
        return;
    }
  }

  #send(connectionId: ConnectionId, frames: readonly (string | Uint8Array)[]): void {
    const link = this.#links.get(connectionId);
    if (link === undefined) return;
    const [only] = frames;
    const isSent =
      frames.length === 1 && only !== undefined ? link.send(only) : link.sendTogether(frames);
    if (!isSent) {
      // A closed link buffers nothing and says so itself; a full one belongs to a node that does not read.
      if (link.bufferedBytes > 0) this.#pending.push({ type: 'send-refused', connectionId });
      return;
    }
    for (const frame of frames) {
      // Everything but a push body is ASCII, or so nearly that its length in characters will do.
      this.#bytesSent += typeof frame === 'string' ? frame.length : frame.byteLength;
    }
  }

  #encode(message: ControlPlaneToNode): string {
    if (message.type !== 'current') return encodeFrame(message);
    if (this.#lastCurrent?.message !== message) {
      this.#lastCurrent = { message, frame: encodeFrame(message) };
    }
    return this.#lastCurrent.frame;
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
