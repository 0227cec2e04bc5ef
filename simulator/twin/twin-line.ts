import { addMicros, type Micros, micros } from '../../core/ports/clock.ts';
import type { RandomStream } from '../../core/ports/random.ts';
import { HELD_BYTES_MAX, HELD_FRAMES_MAX } from '../live/live-limits.ts';
import type { NodeConditions } from './link-conditions.ts';
import type { Frame } from './twin-frames.ts';
import type { VirtualTime } from './virtual-time.ts';

const MICROS_PER_SECOND = 1_000_000;

export type LineDirection = 'up' | 'down';

/** The connection that a line is one direction of. */
export interface LineOwner {
  readonly time: VirtualTime;
  /** What delays a message draws from this, by its number in the trace. */
  randomOf(message: number): RandomStream;
  readonly conditions: NodeConditions;
  /** Something is held by a fault. */
  held(direction: LineDirection, message: number, fault: number): void;
  /** More is held than a line may hold. */
  overflow(): void;
}

/** What a narrow link was given and may not have let out yet. */
interface Leaving {
  readonly frame: Frame;
  readonly departsAt: Micros;
  readonly startsAt: Micros;
  readonly leavesAt: Micros;
  readonly delayUs: number;
  /** When the one before it arrives. */
  readonly after: Micros;
}

/** Before anything happens. */
const NEVER = micros(-1);
const NOTHING_LEAVING: readonly Leaving[] = [];

/**
 * One direction of a connection. What goes in comes out later, by latency, jitter, loss and
 * bandwidth, and always in order; while the direction is cut it is held.
 */
export class TwinLine {
  // What each frame touches comes first, so that it lies together in memory.
  readonly #owner: LineOwner;
  readonly #direction: LineDirection;
  #lastArrivesAt = NEVER;
  #isClosed = false;
  #held: Frame[] | null = null;
  #heldBytes = 0;
  #freeAt = NEVER;
  /** Oldest first; planned for `#bytesPerSecond`. */
  #leaving = NOTHING_LEAVING;
  #bytesPerSecond = 0;

  constructor(owner: LineOwner, direction: LineDirection) {
    this.#owner = owner;
    this.#direction = direction;
  }

  /** See `VirtualTimer.touch`. */
  touch(): number {
    return this.#isClosed ? 1 : 0;
  }

  /** Bytes that were sent and have not left yet. */
  bufferedBytes(now: Micros): number {
    const { bytesPerSecond } = this.#owner.conditions;
    const freeAt = this.#freeAt;
    if (bytesPerSecond === 0 || freeAt <= now) return this.#heldBytes;
    return this.#heldBytes + Math.ceil(((freeAt - now) * bytesPerSecond) / MICROS_PER_SECOND);
  }

  send(frame: Frame, departsAt: Micros): void {
    if (this.#isClosed) return;
    frame.goThrough(this);
    this.#plan(frame, departsAt, this.#delayUs(frame.number));
  }

  /** Lets through what is held, when nothing holds it any more; and what waits, as fast as it may now. */
  flush(): void {
    this.#planAnew();
    while (this.#held !== null && this.#cutBy() === null) {
      const held = this.#held;
      this.#held = null;
      this.#heldBytes = 0;
      for (const frame of held) frame.arrive();
    }
  }

  /** Nothing more comes out. */
  close(): void {
    this.#isClosed = true;
    this.#leaving = NOTHING_LEAVING;
    this.#held = null;
    this.#heldBytes = 0;
  }

  /** For its frames. */
  arrived(frame: Frame): void {
    if (this.#isClosed) return;
    const fault = this.#cutBy();
    if (fault === null && this.#held === null) {
      frame.arrive();
      return;
    }
    const { number, bytes } = frame;
    this.#held ??= [];
    if (this.#held.length >= HELD_FRAMES_MAX || this.#heldBytes + bytes > HELD_BYTES_MAX) {
      this.#owner.overflow();
      return;
    }
    this.#held.push(frame);
    this.#heldBytes += bytes;
    if (fault !== null) this.#owner.held(this.#direction, number, fault);
  }

  /** Index of the fault that cuts this direction; null: open. */
  #cutBy(): number | null {
    const { upCutBy, downCutBy } = this.#owner.conditions;
    return this.#direction === 'up' ? upCutBy : downCutBy;
  }

  #plan(frame: Frame, departsAt: Micros, delayUs: number): void {
    const { conditions, time } = this.#owner;
    const { bytesPerSecond } = conditions;
    const isNarrow = bytesPerSecond > 0;
    const after = this.#lastArrivesAt;
    const startsAt = isNarrow && this.#freeAt > departsAt ? this.#freeAt : departsAt;
    const takesUs = isNarrow ? Math.ceil((frame.bytes * MICROS_PER_SECOND) / bytesPerSecond) : 0;
    const leavesAt = addMicros(startsAt, takesUs);
    const soonest = addMicros(leavesAt, delayUs);
    const at = after > soonest ? after : soonest;
    this.#lastArrivesAt = at;
    time.set(frame, at);
    if (!isNarrow) return;
    this.#freeAt = leavesAt;
    this.#bytesPerSecond = bytesPerSecond;
    const leaving = { frame, departsAt, startsAt, leavesAt, delayUs, after };
    this.#leaving = [...this.#notLeftYet(), leaving];
  }

  #notLeftYet(): readonly Leaving[] {
    const now = this.#owner.time.now();
    const waiting = this.#leaving.findIndex(({ leavesAt }) => leavesAt > now);
    return waiting === -1 ? NOTHING_LEAVING : this.#leaving.slice(waiting);
  }

  /** A link that became wider, or narrower, is so for what waits for it too. */
  #planAnew(): void {
    const before = this.#bytesPerSecond;
    if (before === 0 || before === this.#owner.conditions.bytesPerSecond) return;
    this.#bytesPerSecond = 0;
    const waiting = this.#notLeftYet();
    const [first] = waiting;
    this.#leaving = NOTHING_LEAVING;
    this.#freeAt = NEVER;
    if (first === undefined) return;
    this.#lastArrivesAt = first.after;
    const now = this.#owner.time.now();
    for (const { frame, departsAt, startsAt, leavesAt, delayUs } of waiting) {
      if (startsAt < now) {
        frame.bytes = Math.ceil(((leavesAt - now) * before) / MICROS_PER_SECOND);
      }
      this.#plan(frame, departsAt > now ? departsAt : now, delayUs);
    }
  }

  #delayUs(message: number): number {
    const { conditions } = this.#owner;
    const { latencyUs, jitterUs, stallPerMille, stallUs } = conditions;
    if (jitterUs === 0 && stallPerMille === 0) return latencyUs;
    const random = this.#owner.randomOf(message);
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
