import { BoundedQueue } from '../../core/lib/bounded-queue.ts';
import type { Disposable } from '../../core/lib/disposable.ts';
import { addMicros, type Clock, type Micros } from '../../core/ports/clock.ts';
import type { RandomStream } from '../../core/ports/random.ts';
import type { Scheduler } from '../../core/ports/scheduler.ts';
import type { LinkWeather } from './link-conditions.ts';
import { HELD_BYTES_MAX, HELD_FRAMES_MAX } from './live-limits.ts';

export interface DelayLineInput {
  readonly weather: LinkWeather;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: RandomStream;
}

interface Held {
  readonly bytes: number;
  readonly dueAt: Micros;
  readonly pass: () => void;
}

/** One direction of a faulted link: what goes in comes out later, in order, or is held. */
export class DelayLine {
  readonly #input: DelayLineInput;
  #held: BoundedQueue<Held> | null = null;
  #bytes = 0;
  #timer: Disposable | null = null;

  constructor(input: DelayLineInput) {
    this.#input = input;
  }

  get heldBytes(): number {
    return this.#bytes;
  }

  /** Whether `pass` may run at once without overtaking anything. */
  get clear(): boolean {
    const { latencyMs, jitterMs, partitioned } = this.#input.weather.conditions;
    return this.#bytes === 0 && this.#empty && latencyMs + jitterMs === 0 && !partitioned;
  }

  get #empty(): boolean {
    return this.#held === null || this.#held.length === 0;
  }

  /** False when more is held than a line may hold. */
  put(bytes: number, pass: () => void): boolean {
    if (this.clear) {
      pass();
      return true;
    }
    this.#held ??= new BoundedQueue<Held>(HELD_FRAMES_MAX);
    if (this.#bytes + bytes > HELD_BYTES_MAX) return false;
    if (!this.#held.push({ bytes, dueAt: this.#dueAt(), pass })) return false;
    this.#bytes += bytes;
    this.flush();
    return true;
  }

  /** Lets through what is due; to be called again when the weather changes. */
  flush(): void {
    this.#timer?.dispose();
    this.#timer = null;
    const { clock, scheduler, weather } = this.#input;
    for (let next = this.#held?.peek(); next !== undefined; next = this.#held?.peek()) {
      if (weather.conditions.partitioned) return;
      if (next.dueAt > clock.now()) {
        this.#timer = scheduler.at(next.dueAt, () => this.flush());
        return;
      }
      this.#held?.shift();
      this.#bytes -= next.bytes;
      next.pass();
    }
    // The sky is clear again: most links never hold anything, so none keeps room for it.
    if (this.clear) this.#held = null;
  }

  clearHeld(): void {
    this.#timer?.dispose();
    this.#timer = null;
    this.#held = null;
    this.#bytes = 0;
  }

  #dueAt(): Micros {
    const { clock, random, weather } = this.#input;
    const { latencyMs, jitterMs } = weather.conditions;
    const jitterUs = jitterMs === 0 ? 0 : random.below(jitterMs * 1_000 + 1);
    return addMicros(clock.now(), latencyMs * 1_000 + jitterUs);
  }
}
