import type { ConnectionId } from './events.ts';

/** A bounded number of full pushes at a time, the rest in a bounded queue, first come first served. */
export class FullPushAdmission {
  readonly #inFlightMax: number;
  readonly #queuedMax: number;
  readonly #inFlight = new Set<ConnectionId>();
  readonly #queued = new Set<ConnectionId>();

  constructor(bounds: { inFlightMax: number; queuedMax: number }) {
    this.#inFlightMax = bounds.inFlightMax;
    this.#queuedMax = bounds.queuedMax;
  }

  get queued(): number {
    return this.#queued.size;
  }

  request(connectionId: ConnectionId): 'go' | 'queued' | 'refused' {
    if (this.#inFlight.size < this.#inFlightMax) {
      this.#inFlight.add(connectionId);
      return 'go';
    }
    if (this.#queued.size >= this.#queuedMax) return 'refused';
    this.#queued.add(connectionId);
    return 'queued';
  }

  /** The push was answered, or its connection ended. */
  release(connectionId: ConnectionId): void {
    this.#inFlight.delete(connectionId);
    this.#queued.delete(connectionId);
  }

  /** Takes the first in the queue when there is room for it; it must ask again. */
  next(): ConnectionId | null {
    if (this.#inFlight.size >= this.#inFlightMax) return null;
    for (const connectionId of this.#queued) {
      this.#queued.delete(connectionId);
      return connectionId;
    }
    return null;
  }
}
