import type { Disposable } from '../../core/lib/disposable.ts';
import type { Micros } from '../../core/ports/clock.ts';
import { micros } from '../../core/ports/clock.ts';
import type { TimeEntry } from './entry-heap.ts';

/** Where a timer lies: `VirtualTime` keeps account of it. */
export const PLACES = { nowhere: 0, wheel: 1, heap: 2 } as const;
type Place = (typeof PLACES)[keyof typeof PLACES];

/**
 * Something that happens at an instant of virtual time, as often as it is set anew. It lies in the time
 * itself and not in an entry made for each setting, of which a large fleet would make very many.
 */
export abstract class VirtualTimer implements TimeEntry {
  at: Micros = micros(0);
  /** Of its last setting. */
  sequence = 0;
  isSet = false;
  place: Place = PLACES.nowhere;
  /** The slot of the wheel that it lies in, which may be before the one that it is due in. */
  slot = 0;
  /** The next one in the same slot. */
  next: VirtualTimer | null = null;

  /** It is time. */
  abstract due(): void;

  /**
   * Reads what `due` will read, and changes nothing. A large fleet is more than the caches hold: what
   * many timers need is on its way from memory together, and not for one after the other. What it
   * gives means nothing; it is there so that the engine does not leave the reading out.
   *
   * @param step from 0 on: all are touched by one step before the next, which follows references that
   * the one before it has read
   */
  touch(_step: number): number {
    return 0;
  }

  /** Nothing happens until it is set again. It is passed over where it lies. */
  unset(): void {
    this.isSet = false;
  }
}

/** Happens once. */
export class Entry extends VirtualTimer implements Disposable {
  #run: (() => void) | null;

  /** @param run null: nothing happens */
  constructor(run: (() => void) | null) {
    super();
    this.#run = run;
  }

  due(): void {
    const run = this.#run;
    this.#run = null;
    run?.();
  }

  dispose(): void {
    this.unset();
    // It may lie there for long: it holds on to nothing.
    this.#run = null;
  }
}

/** Stands in a heap where a timer lay that was set anew meanwhile. It is never set. */
export function huskOf(timer: VirtualTimer): VirtualTimer {
  const husk = new Entry(null);
  husk.at = timer.at;
  husk.sequence = timer.sequence;
  husk.place = PLACES.heap;
  return husk;
}
