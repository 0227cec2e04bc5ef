import type { Disposable } from '../../core/lib/disposable.ts';
import { addMicros, type Micros } from '../../core/ports/clock.ts';
import type { RandomStream } from '../../core/ports/random.ts';
import { HELD_BYTES_MAX, HELD_FRAMES_MAX } from '../live/live-limits.ts';
import type { NodeConditions } from './link-conditions.ts';
import type { VirtualTime } from './virtual-time.ts';

const MICROS_PER_SECOND = 1_000_000;

export type LineDirection = 'up' | 'down';

/** The connection that a line is one direction of. */
export interface LineOwner {
  readonly time: VirtualTime;
  readonly random: RandomStream;
  readonly conditions: NodeConditions;
  /** Something is held by a fault. */
  held(direction: LineDirection, message: number, fault: number): void;
  /** More is held than a line may hold. */
  overflow(): void;
}

interface Held {
  readonly bytes: number;
  readonly arrive: () => void;
}

/** What a narrow link was given and may not have let out yet. */
interface Leaving {
  readonly message: number;
  readonly bytes: number;
  readonly departsAt: Micros;
  readonly startsAt: Micros;
  readonly leavesAt: Micros;
  readonly delayUs: number;
  readonly arrive: () => void;
  /** When the one before it arrives. */
  readonly after: Micros | null;
  readonly timer: Disposable;
}

/**
 * One direction of a connection. What goes in comes out later, by latency, jitter, loss and
 * bandwidth, and always in order; while the direction is cut it is held.
 */
export class TwinLine {
  readonly #owner: LineOwner;
  readonly #direction: LineDirection;
  #lastArrivesAt: Micros | null = null;
  #freeAt: Micros | null = null;
  /** Oldest first; planned for `#bytesPerSecond`. */
  #leaving: Leaving[] = [];
  #bytesPerSecond = 0;
  #held: Held[] | null = null;
  #heldBytes = 0;
  #isClosed = false;

  constructor(owner: LineOwner, direction: LineDirection) {
    this.#owner = owner;
    this.#direction = direction;
  }

  /** Bytes that were sent and have not left yet. */
  bufferedBytes(now: Micros): number {
    const { bytesPerSecond } = this.#owner.conditions;
    const freeAt = this.#freeAt;
    if (bytesPerSecond === 0 || freeAt === null || freeAt <= now) return this.#heldBytes;
    return this.#heldBytes + Math.ceil(((freeAt - now) * bytesPerSecond) / MICROS_PER_SECOND);
  }

  /** @param message its number in the trace */
  send(message: number, bytes: number, departsAt: Micros, arrive: () => void): void {
    if (!this.#isClosed) this.#plan(message, bytes, departsAt, this.#delayUs(), arrive);
  }

  /** Lets through what is held, when nothing holds it any more; and what waits, as fast as it may now. */
  flush(): void {
    this.#planAnew();
    while (this.#held !== null && this.#cutBy() === null) {
      const held = this.#held;
      this.#held = null;
      this.#heldBytes = 0;
      for (const { arrive } of held) arrive();
    }
  }

  /** Nothing more comes out. */
  close(): void {
    this.#isClosed = true;
    this.#leaving = [];
    this.#held = null;
    this.#heldBytes = 0;
  }

  #arrived(message: number, bytes: number, arrive: () => void): void {
    if (this.#isClosed) return;
    const fault = this.#cutBy();
    if (fault === null && this.#held === null) {
      arrive();
      return;
    }
    this.#held ??= [];
    if (this.#held.length >= HELD_FRAMES_MAX || this.#heldBytes + bytes > HELD_BYTES_MAX) {
      this.#owner.overflow();
      return;
    }
    this.#held.push({ bytes, arrive });
    this.#heldBytes += bytes;
    if (fault !== null) this.#owner.held(this.#direction, message, fault);
  }

  /** Index of the fault that cuts this direction; null: open. */
  #cutBy(): number | null {
    const { upCutBy, downCutBy } = this.#owner.conditions;
    return this.#direction === 'up' ? upCutBy : downCutBy;
  }

  #plan(
    message: number,
    bytes: number,
    departsAt: Micros,
    delayUs: number,
    arrive: () => void,
  ): void {
    const { conditions, time } = this.#owner;
    const { bytesPerSecond } = conditions;
    const isNarrow = bytesPerSecond > 0;
    const after = this.#lastArrivesAt;
    const startsAt =
      isNarrow && this.#freeAt !== null && this.#freeAt > departsAt ? this.#freeAt : departsAt;
    const takesUs = isNarrow ? Math.ceil((bytes * MICROS_PER_SECOND) / bytesPerSecond) : 0;
    const leavesAt = addMicros(startsAt, takesUs);
    const soonest = addMicros(leavesAt, delayUs);
    const at = after !== null && after > soonest ? after : soonest;
    this.#lastArrivesAt = at;
    const timer = time.at(at, () => this.#arrived(message, bytes, arrive));
    if (!isNarrow) return;
    this.#freeAt = leavesAt;
    this.#bytesPerSecond = bytesPerSecond;
    this.#letGoOfLeft();
    this.#leaving.push({
      message,
      bytes,
      departsAt,
      startsAt,
      leavesAt,
      delayUs,
      arrive,
      after,
      timer,
    });
  }

  #letGoOfLeft(): void {
    const now = this.#owner.time.now();
    const waiting = this.#leaving.findIndex(({ leavesAt }) => leavesAt > now);
    if (waiting === -1) this.#leaving = [];
    else if (waiting > 0) this.#leaving.splice(0, waiting);
  }

  /** A link that became wider, or narrower, is so for what waits for it too. */
  #planAnew(): void {
    const before = this.#bytesPerSecond;
    if (before === 0 || before === this.#owner.conditions.bytesPerSecond) return;
    this.#bytesPerSecond = 0;
    this.#letGoOfLeft();
    const waiting = this.#leaving;
    const [first] = waiting;
    this.#leaving = [];
    this.#freeAt = null;
    if (first === undefined) return;
    this.#lastArrivesAt = first.after;
    const now = this.#owner.time.now();
    for (const {
      message,
      bytes,
      departsAt,
      startsAt,
      leavesAt,
      delayUs,
      arrive,
      timer,
    } of waiting) {
      timer.dispose();
      const left =
        startsAt < now ? Math.ceil(((leavesAt - now) * before) / MICROS_PER_SECOND) : bytes;
      this.#plan(message, left, departsAt > now ? departsAt : now, delayUs, arrive);
    }
  }

  #delayUs(): number {
    const { conditions, random } = this.#owner;
    const { latencyUs, jitterUs, stallPerMille, stallUs } = conditions;
    let delayUs = latencyUs;
    if (jitterUs > 0) delayUs += random.below(jitterUs + 1);
    // Lost once, twice …: each time it is sent again after the time that it takes to notice.
    for (let lost = 0; stallPerMille > 0 && lost < LOSSES_MAX; lost += 1) {
      if (random.below(1_000) >= stallPerMille) break;
      delayUs += stallUs;
    }
    return delayUs;
  }
}

/** Times that one frame is lost in a row, at most: a loss of 1,000 per mille must end, too. */
const LOSSES_MAX = 8;
