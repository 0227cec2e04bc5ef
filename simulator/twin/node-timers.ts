import type { NodeEvent, NodeTimer } from '../../core/node/node-events.ts';
import type { Micros } from '../../core/ports/clock.ts';
import type { VirtualTime } from './virtual-time.ts';
import { VirtualTimer } from './virtual-timer.ts';

/** Whose timers they are. */
export interface TimerOwner {
  /** One is due, as an event of the node. */
  timerDue(event: NodeEvent): void;
  /** See `VirtualTimer.touch`. */
  touch(step: number): number;
}

/**
 * The timers of one node, each set at most once. The two that every heartbeat sets are made at once, so
 * that they lie together in memory; the others when they are first set.
 */
export class NodeTimers {
  readonly #time: VirtualTime;
  readonly #owner: TimerOwner;
  readonly #heartbeat: EventTimer;
  readonly #current: EventTimer;
  readonly #others: EventTimer[] = [];

  constructor(time: VirtualTime, owner: TimerOwner) {
    this.#time = time;
    this.#owner = owner;
    this.#heartbeat = new EventTimer(owner, 'heartbeat');
    this.#current = new EventTimer(owner, 'current');
  }

  set(timer: NodeTimer, at: Micros): void {
    let entry = this.#find(timer);
    if (entry === null) {
      entry = new EventTimer(this.#owner, timer);
      this.#others.push(entry);
    }
    this.#time.set(entry, at);
  }

  clear(timer: NodeTimer): void {
    this.#find(timer)?.unset();
  }

  /** See `VirtualTimer.touch`. */
  touch(): number {
    return this.#heartbeat.sequence + this.#current.sequence;
  }

  #find(timer: NodeTimer): EventTimer | null {
    if (timer === 'heartbeat') return this.#heartbeat;
    if (timer === 'current') return this.#current;
    for (const entry of this.#others) if (entry.event.timer === timer) return entry;
    return null;
  }
}

type TimerEvent = Extract<NodeEvent, { type: 'timer' }>;

class EventTimer extends VirtualTimer {
  readonly event: TimerEvent;
  readonly #owner: TimerOwner;

  constructor(owner: TimerOwner, timer: NodeTimer) {
    super();
    this.#owner = owner;
    this.event = eventOf(timer);
  }

  override touch(step: number): number {
    return this.#owner.touch(step);
  }

  due(): void {
    this.#owner.timerDue(this.event);
  }
}

/** One event for each timer: they say the same for every node. */
const events = new Map<NodeTimer, TimerEvent>();

function eventOf(timer: NodeTimer): TimerEvent {
  let event = events.get(timer);
  if (event === undefined) {
    event = { type: 'timer', timer };
    events.set(timer, event);
  }
  return event;
}
