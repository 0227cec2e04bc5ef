import type { ConfigSnapshot } from '../../core/config/snapshot.ts';
import { addMicros, MICROS_PER_MS, type Micros, micros } from '../../core/ports/clock.ts';
import type { RandomStream } from '../../core/ports/random.ts';
import { TRAFFIC_STEP_MS } from '../../core/traffic/traffic-step.ts';
import { TRAFFIC_SLICES } from '../live/live-limits.ts';
import { megabytesUs, type ServiceTimes, type SharedProcessTimes } from './service-times.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The core that a node's work takes its time on, and the disk under it. */
export interface NodeHost {
  /** See `VirtualTimer.touch`. */
  touch(): number;
  /** Takes the time of reading a frame; of a push, which is long, with its bytes. */
  heard(pushBytes: number): void;
  /** Takes the time of sending a frame; gives the instant at which it is sent. */
  sent(): Micros;
  /** The same, of opening a connection. */
  connected(): Micros;
  /** When all that the node was told before is done. */
  doneAt(): Micros;
  /**
   * Takes the time of building and verifying resources that were read back.
   * @param content the same object for the same bytes
   */
  apply(content: object, resources: number): void;
  /** The same of a push, of which the next write has the bytes. */
  push(content: object, resources: number, bytes: number): void;
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
  /** Pushed since the last write. */
  #unwrittenBytes = 0;

  constructor(time: VirtualTime, times: ServiceTimes) {
    this.#time = time;
    this.#times = times;
    this.#busyUntil = time.now();
  }

  touch(): number {
    return this.#busyUntil;
  }

  heard(pushBytes: number): void {
    const { nodeFrameUs, nodeFrameUsPerMegabyte } = this.#times;
    this.#spend(nodeFrameUs + megabytesUs(nodeFrameUsPerMegabyte, pushBytes));
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
    this.#spend(applyUs(this.#times, resources, 0));
  }

  push(_content: object, resources: number, bytes: number): void {
    this.#unwrittenBytes += bytes;
    this.#spend(applyUs(this.#times, resources, bytes));
  }

  write(random: RandomStream, done: () => void): void {
    const us = writeUs(this.#times, random, this.#unwrittenBytes);
    this.#unwrittenBytes = 0;
    this.#time.at(addMicros(this.#spend(0), us), done);
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
  #servedLast: ConfigSnapshot | null = null;
  #busyUntil: Micros;
  /** Pushed for the first time since the last write. */
  #unwrittenBytes = 0;
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

  heard(pushBytes: number): void {
    const { nodeFrameUsPerMegabyte } = this.#times;
    this.#spend(this.#shared.frameUs + megabytesUs(nodeFrameUsPerMegabyte, pushBytes));
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
    this.#build(content, resources, 0);
  }

  /** The disk holds equal bytes once. */
  push(content: object, resources: number, bytes: number): void {
    if (!this.#applied.has(content)) this.#unwrittenBytes += bytes;
    this.#build(content, resources, bytes);
  }

  #build(content: object, resources: number, bytes: number): void {
    if (this.#applied.has(content)) {
      this.#spend(this.#shared.furtherApplyUs);
      return;
    }
    this.#applied.add(content);
    this.#spend(applyUs(this.#times, resources, bytes));
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
    const { servedUsPerResource, servedUsPerResourceChanged } = this.#shared;
    const changed = countOther(snapshot, this.#servedLast);
    this.#servedLast = snapshot;
    const sliceUs = (TRAFFIC_STEP_MS * MICROS_PER_MS) / TRAFFIC_SLICES;
    const at = micros((Math.floor(this.#time.now() / sliceUs) + 1) * sliceUs);
    const us = servedUsPerResource * snapshot.resources.size + servedUsPerResourceChanged * changed;
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
    const us = writeUs(this.#times, this.#random, this.#unwrittenBytes);
    this.#unwrittenBytes = 0;
    this.#time.at(addMicros(now, us), () => {
      for (const { done } of batch) done();
      // What the answers cost comes first.
      this.#time.at(this.#spend(0), () => this.#commitLater());
    });
  }
}

/** Resources that are not in the config served before. */
function countOther({ resources }: ConfigSnapshot, before: ConfigSnapshot | null): number {
  let other = 0;
  for (const [key, resource] of resources) {
    if (before?.resources.get(key)?.contentHash !== resource.contentHash) other += 1;
  }
  return other;
}

function applyUs(times: ServiceTimes, resources: number, bytes: number): number {
  const { nodeApplyUs, nodeApplyUsPerResource, nodeApplyUsPerMegabyte } = times;
  return (
    nodeApplyUs + nodeApplyUsPerResource * resources + megabytesUs(nodeApplyUsPerMegabyte, bytes)
  );
}

function writeUs(times: ServiceTimes, random: RandomStream, bytes: number): number {
  const { diskWriteUsMin, diskWriteUsMax, diskWriteUsPerMegabyte } = times;
  const us = diskWriteUsMin + random.below(diskWriteUsMax - diskWriteUsMin + 1);
  return us + megabytesUs(diskWriteUsPerMegabyte, bytes);
}
