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

  /** Nothing happens until it is set again. It is passed over where it lies. */
  unset(): void {
    this.isSet = false;
  }
}

/** Stands in a heap where a timer lay that was set anew meanwhile. */
export class Husk extends VirtualTimer {
  constructor(timer: VirtualTimer) {
    super();
    this.at = timer.at;
    this.sequence = timer.sequence;
    this.place = PLACES.heap;
  }

  due(): void {
    // It is never set.
  }
}
