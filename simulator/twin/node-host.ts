import type { ConfigSnapshot } from '../../core/config/snapshot.ts';
import { addMicros, MICROS_PER_MS, type Micros, micros } from '../../core/ports/clock.ts';
import type { RandomStream } from '../../core/ports/random.ts';
import { TRAFFIC_STEP_MS } from '../../core/traffic/traffic-step.ts';
import { TRAFFIC_SLICES } from '../live/live-limits.ts';
import type { ServiceTimes, SharedProcessTimes } from './service-times.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The core that a node's work takes its time on, and the disk under it. */
export interface NodeHost {
  /** See `VirtualTimer.touch`. */
  touch(): number;
  /** Takes the time of reading a frame. */
  heard(): void;
  /** Takes the time of sending a frame; gives the instant at which it is sent. */
  sent(): Micros;
  /** The same, of opening a connection. */
  connected(): Micros;
  /** When all that the node was told before is done. */
  doneAt(): Micros;
  /**
   * Takes the time of building and verifying resources that were pushed or read back.
   * @param content the same object for the same bytes
   */
  apply(content: object, resources: number): void;
  /** Calls back once what the node wrote is durable, after all that it was told before is done. */
  write(random: RandomStream, done: () => void): void;
  /** A node serves this from now on. */
  served(snapshot: ConfigSnapshot): void;
}

/** A machine for each node. */
export class OwnHost implements NodeHost {
  readonly #time: VirtualTime;
  readonly #times: ServiceTimes;
  #busyUntil: Micros;

  constructor(time: VirtualTime, times: ServiceTimes) {
    this.#time = time;
    this.#times = times;
    this.#busyUntil = time.now();
  }

  touch(): number {
    return this.#busyUntil;
  }

  heard(): void {
    this.#spend(this.#times.nodeFrameUs);
  }

  sent(): Micros {
    return this.#spend(this.#times.nodeSendUs);
  }

  connected(): Micros {
    return this.#spend(this.#times.nodeConnectUs);
  }

  doneAt(): Micros {
    return this.#spend(0);
  }

  apply(_content: object, resources: number): void {
    this.#spend(applyUs(this.#times, resources));
  }

  write(random: RandomStream, done: () => void): void {
    this.#time.at(addMicros(this.#spend(0), writeUs(this.#times, random)), done);
  }

  served(): void {
    // A machine of its own has answered the push before it makes the config ready for requests.
  }

  #spend(us: number): Micros {
    const now = this.#time.now();
    this.#busyUntil = addMicros(this.#busyUntil > now ? this.#busyUntil : now, us);
    return this.#busyUntil;
  }
}

/** One process for all nodes, as the live simulator is, with one disk file. */
export class SharedHost implements NodeHost {
  readonly #time: VirtualTime;
  readonly #times: ServiceTimes;
  readonly #shared: SharedProcessTimes;
  readonly #random: RandomStream;
  readonly #applied = new WeakSet<object>();
  readonly #served = new WeakSet<ConfigSnapshot>();
  #busyUntil: Micros;
  /** In the order of `readyAt`; at most one for each node. */
  #waiting: { readonly readyAt: Micros; readonly done: () => void }[] = [];
  #isCommitting = false;

  constructor(
    time: VirtualTime,
    times: ServiceTimes,
    shared: SharedProcessTimes,
    random: RandomStream,
  ) {
    this.#time = time;
    this.#times = times;
    this.#shared = shared;
    this.#random = random;
    this.#busyUntil = time.now();
  }

  touch(): number {
    return this.#busyUntil;
  }

  heard(): void {
    this.#spend(this.#shared.frameUs);
  }

  sent(): Micros {
    return this.#spend(this.#shared.sendUs);
  }

  connected(): Micros {
    return this.#spend(this.#times.nodeConnectUs);
  }

  doneAt(): Micros {
    return this.#spend(0);
  }

  apply(content: object, resources: number): void {
    if (this.#applied.has(content)) {
      this.#spend(this.#shared.furtherApplyUs);
      return;
    }
    this.#applied.add(content);
    this.#spend(applyUs(this.#times, resources));
  }

  write(_random: RandomStream, done: () => void): void {
    this.#waiting.push({ readyAt: this.#spend(0), done });
    if (this.#isCommitting) return;
    this.#isCommitting = true;
    this.#commitLater();
  }

  /** The first request of the traffic's next slice makes a config ready, for all nodes. */
  served(snapshot: ConfigSnapshot): void {
    if (this.#served.has(snapshot)) return;
    this.#served.add(snapshot);
    const sliceUs = (TRAFFIC_STEP_MS * MICROS_PER_MS) / TRAFFIC_SLICES;
    const at = micros((Math.floor(this.#time.now() / sliceUs) + 1) * sliceUs);
    const us = this.#shared.servedUsPerResource * snapshot.resources.size;
    this.#time.at(at, () => this.#spend(us));
  }

  #spend(us: number): Micros {
    const now = this.#time.now();
    this.#busyUntil = addMicros(this.#busyUntil > now ? this.#busyUntil : now, us);
    return this.#busyUntil;
  }

  /** Once the process has got as far, whoever has written by then is made durable together. */
  #commitLater(): void {
    const first = this.#waiting[0];
    if (first === undefined) {
      this.#isCommitting = false;
      return;
    }
    const free = this.#time.now() < first.readyAt ? first.readyAt : this.#time.now();
    this.#time.at(free, () => this.#commit());
  }

  #commit(): void {
    const now = this.#time.now();
    const next = this.#waiting.findIndex(({ readyAt }) => readyAt > now);
    const ready = next < 0 ? this.#waiting.length : next;
    const batch = this.#waiting.slice(0, ready);
    this.#waiting = this.#waiting.slice(ready);
    this.#time.at(addMicros(now, writeUs(this.#times, this.#random)), () => {
      for (const { done } of batch) done();
      // What the answers cost comes first.
      this.#time.at(this.#spend(0), () => this.#commitLater());
    });
  }
}

function applyUs(times: ServiceTimes, resources: number): number {
  return times.nodeApplyUs + times.nodeApplyUsPerResource * resources;
}

function writeUs(times: ServiceTimes, random: RandomStream): number {
  return times.diskWriteUsMin + random.below(times.diskWriteUsMax - times.diskWriteUsMin + 1);
}
