import type { NodeId } from '../../core/config/ids.ts';
import type { Clock, Micros } from '../../core/ports/clock.ts';
import type { SimulatorEvent } from '../../core/protocol/simulator-control.ts';
import { NODE_NOTES_PER_SECOND_MAX } from './live-limits.ts';

type NodeNote = Extract<SimulatorEvent, { type: 'node-note' }>;

/** Passes on what nodes note, so many a second; what is left out is counted in the next one. */
export class NodeNotes {
  readonly #clock: Clock;
  readonly #post: (note: NodeNote) => void;
  #windowFrom: Micros | null = null;
  #inWindow = 0;
  #leftOut = 0;

  constructor(clock: Clock, post: (note: NodeNote) => void) {
    this.#clock = clock;
    this.#post = post;
  }

  note(nodeId: NodeId, text: string): void {
    const now = this.#clock.now();
    if (this.#windowFrom === null || now - this.#windowFrom >= 1_000_000) {
      this.#windowFrom = now;
      this.#inWindow = 0;
    }
    if (this.#inWindow >= NODE_NOTES_PER_SECOND_MAX) {
      this.#leftOut += 1;
      return;
    }
    this.#inWindow += 1;
    const more = this.#leftOut === 0 ? '' : ` (and ${this.#leftOut} more notes of other nodes)`;
    this.#leftOut = 0;
    this.#post({ type: 'node-note', nodeId, text: `${text}${more}` });
  }
}
