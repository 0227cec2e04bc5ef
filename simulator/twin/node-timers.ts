import { NODE_TIMERS, type NodeEvent, type NodeTimer } from '../../core/node/node-events.ts';
import type { Micros } from '../../core/ports/clock.ts';
import type { VirtualTime } from './virtual-time.ts';
import { VirtualTimer } from './virtual-timer.ts';

/** One event for each timer: they say the same for every node. */
const EVENTS: ReadonlyMap<NodeTimer, NodeEvent> = new Map(
  NODE_TIMERS.map((timer) => [timer, { type: 'timer', timer }]),
);

/** The timers of one node, each set at most once and made when it is first set. */
export class NodeTimers {
  readonly #time: VirtualTime;
  readonly #handle: (event: NodeEvent) => void;
  readonly #timers: (VirtualTimer | undefined)[] = [];

  constructor(time: VirtualTime, handle: (event: NodeEvent) => void) {
    this.#time = time;
    this.#handle = handle;
  }

  set(timer: NodeTimer, at: Micros): void {
    const slot = NODE_TIMERS.indexOf(timer);
    let entry = this.#timers[slot];
    if (entry === undefined) {
      entry = new EventTimer(this.#handle, EVENTS.get(timer) ?? { type: 'timer', timer });
      this.#timers[slot] = entry;
    }
    this.#time.set(entry, at);
  }

  clear(timer: NodeTimer): void {
    this.#timers[NODE_TIMERS.indexOf(timer)]?.unset();
  }
}

class EventTimer extends VirtualTimer {
  readonly #handle: (event: NodeEvent) => void;
  readonly #event: NodeEvent;

  constructor(handle: (event: NodeEvent) => void, event: NodeEvent) {
    super();
    this.#handle = handle;
    this.#event = event;
  }

  due(): void {
    this.#handle(this.#event);
  }
}
