import type { FleetFrame } from '../../core/fleet/frame.ts';
import type { RosterMessage } from '../../core/protocol/console-model.ts';
import { SEVERITY_OF_BUCKET, styleBucketOf } from './node-style.ts';

/** A node must be in its new severity this long before it moves, so that a wave moves nothing. */
export const ORDER_HOLD_MS = 2_500;
/** Nodes move at most this often. */
export const ORDER_INTERVAL_MS = 2_000;

/**
 * Which node stands in which slot of its cell: outliers first, otherwise in roster order. It
 * changes seldom, so that the map is calm and a node is found where it was.
 */
export class NodeOrder {
  readonly rosterVersion: number;
  /** Node by slot, all cells one after the other. */
  readonly nodeOfSlot: Uint32Array;
  /** First slot of each cell, and one more at the end. */
  readonly cellStart: Uint32Array;
  readonly #rosterIndex: Uint32Array;
  readonly #severity: Uint8Array;
  readonly #pending: Uint8Array;
  readonly #pendingSinceMs: Float64Array;
  #lastSortMs = Number.NEGATIVE_INFINITY;
  #fresh = true;

  constructor(roster: RosterMessage) {
    const nodes = roster.nodeIds.length;
    this.rosterVersion = roster.rosterVersion;
    this.cellStart = new Uint32Array(roster.cells.length + 1);
    for (const cell of roster.cellOf)
      this.cellStart[cell + 1] = (this.cellStart[cell + 1] ?? 0) + 1;
    for (let c = 0; c < roster.cells.length; c += 1) {
      this.cellStart[c + 1] = (this.cellStart[c + 1] ?? 0) + (this.cellStart[c] ?? 0);
    }
    this.nodeOfSlot = new Uint32Array(nodes);
    const next = this.cellStart.slice();
    roster.cellOf.forEach((cell, node) => {
      const slot = next[cell] ?? 0;
      this.nodeOfSlot[slot] = node;
      next[cell] = slot + 1;
    });
    this.#rosterIndex = this.nodeOfSlot.slice();
    this.#severity = new Uint8Array(nodes);
    this.#pending = new Uint8Array(nodes);
    this.#pendingSinceMs = new Float64Array(nodes);
  }

  /** Takes a frame in. True: nodes have moved. */
  update(frame: FleetFrame): boolean {
    if (frame.rosterVersion !== this.rosterVersion) return false;
    let wanted = false;
    for (let node = 0; node < this.#severity.length; node += 1) {
      const now = SEVERITY_OF_BUCKET[styleBucketOf(frame, node)] ?? 0;
      if (this.#pending[node] !== now) {
        this.#pending[node] = now;
        this.#pendingSinceMs[node] = frame.atMs;
      }
      if (this.#severity[node] !== now && this.#isHeld(node, frame.atMs)) wanted = true;
    }
    if (!wanted || frame.atMs - this.#lastSortMs < ORDER_INTERVAL_MS) {
      this.#fresh = false;
      return false;
    }
    for (let node = 0; node < this.#severity.length; node += 1) {
      if (this.#isHeld(node, frame.atMs)) this.#severity[node] = this.#pending[node] ?? 0;
    }
    this.#lastSortMs = frame.atMs;
    this.#fresh = false;
    this.#sort();
    return true;
  }

  /** The first frame is shown in order at once; later changes must last. */
  #isHeld(node: number, atMs: number): boolean {
    return this.#fresh || atMs - (this.#pendingSinceMs[node] ?? 0) >= ORDER_HOLD_MS;
  }

  #sort(): void {
    for (let cell = 0; cell + 1 < this.cellStart.length; cell += 1) {
      const from = this.cellStart[cell] ?? 0;
      const to = this.cellStart[cell + 1] ?? from;
      // Roster order is the start, so that a stable sort gives the same result whatever was before.
      const slots = this.#rosterIndex.slice(from, to);
      slots.sort((a, b) => (this.#severity[b] ?? 0) - (this.#severity[a] ?? 0) || a - b);
      this.nodeOfSlot.set(slots, from);
    }
  }
}
