import { utf8ToBytes } from '@noble/hashes/utils.js';
import { addMicros, type Clock, type Micros } from '../ports/clock.ts';
import type { Link, LinkClose } from '../ports/link.ts';
import type { Scheduler } from '../ports/scheduler.ts';
import { type Disposable, onDispose } from './disposable.ts';

export interface MemoryLinkOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** How long a frame is under way. */
  readonly latencyUs: number;
  /** Bytes under way from which on `send` refuses. */
  readonly sendBufferBytesMax: number;
}

export interface MemoryLinkPair {
  readonly a: Link;
  readonly b: Link;
  /** Breaks the connection: both ends see 1006, and what was under way is lost. */
  cut(): void;
}

/** Two ends of one connection inside a process; every arrival goes through the scheduler. */
export function createMemoryLinkPair(options: MemoryLinkOptions): MemoryLinkPair {
  const a = new MemoryLinkEnd(options);
  const b = new MemoryLinkEnd(options);
  a.peer = b;
  b.peer = a;
  return {
    a,
    b,
    cut() {
      a.ended({ code: 1006, reason: '' });
      b.ended({ code: 1006, reason: '' });
    },
  };
}

class MemoryLinkEnd implements Link {
  peer: MemoryLinkEnd | null = null;
  readonly #options: MemoryLinkOptions;
  readonly #frameListeners = new Set<(frame: Uint8Array) => void>();
  readonly #closeListeners = new Set<(close: LinkClose) => void>();
  #state: 'open' | 'closing' | 'closed' = 'open';
  #underWayBytes = 0;
  #lastArrivalAt: Micros | null = null;

  constructor(options: MemoryLinkOptions) {
    this.#options = options;
  }

  get bufferedBytes(): number {
    return this.#state === 'open' ? this.#underWayBytes : 0;
  }

  send(frame: string | Uint8Array): boolean {
    return this.sendTogether([frame]);
  }

  sendTogether(frames: readonly (string | Uint8Array)[]): boolean {
    if (this.#state !== 'open') return false;
    if (this.#underWayBytes > this.#options.sendBufferBytesMax) return false;
    for (const frame of frames) {
      const bytes = typeof frame === 'string' ? utf8ToBytes(frame) : frame;
      this.#underWayBytes += bytes.byteLength;
      this.#arrive(() => {
        this.#underWayBytes -= bytes.byteLength;
        this.peer?.received(bytes);
      });
    }
    return true;
  }

  close(code: number, reason: string): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#arrive(() => {
      this.peer?.ended({ code, reason });
      this.ended({ code, reason });
    });
  }

  onFrame(listener: (frame: Uint8Array) => void): Disposable {
    this.#frameListeners.add(listener);
    return onDispose(() => this.#frameListeners.delete(listener));
  }

  onClose(listener: (close: LinkClose) => void): Disposable {
    this.#closeListeners.add(listener);
    return onDispose(() => this.#closeListeners.delete(listener));
  }

  received(bytes: Uint8Array): void {
    if (this.#state === 'closed') return;
    for (const listener of [...this.#frameListeners]) listener(bytes);
  }

  ended(close: LinkClose): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    for (const listener of [...this.#closeListeners]) listener(close);
  }

  /** In order, even if the clock stands still between two sends. */
  #arrive(run: () => void): void {
    const { clock, scheduler, latencyUs } = this.#options;
    const soonest = addMicros(clock.now(), latencyUs);
    const last = this.#lastArrivalAt;
    this.#lastArrivalAt = last !== null && last > soonest ? last : soonest;
    scheduler.at(this.#lastArrivalAt, () => {
      if (this.#state !== 'closed') run();
    });
  }
}
