import type { Micros } from '../../core/ports/clock.ts';
import { TraceHash } from './trace-hash.ts';

/**
 * What can be observed of a run. The order is part of the trace hash: new kinds go to the end. `a`
 * and `b` are whole numbers from 0 on whose meaning stands beside each kind.
 */
export const TRACE_KINDS = [
  'published', // a revision, b generation
  'publish-refused', // a reason (word)
  'control-plane-up', // a head's generation
  'control-plane-down', // a cause (word)
  'fault-began', // a index of the fault
  'fault-ended', // a index of the fault
  'node-down',
  'node-up', // a revision that is served, 0 for the built-in default
  'connecting', // a link
  'connect-held', // a link, b index of the fault
  'connect-refused', // a link
  'link-opened', // a link
  'link-closed', // a link, b reason (word); by or at the node
  'link-dropped', // a link, b reason (word); by the control plane
  'up-sent', // a message, b link
  'up-held', // a message, b index of the fault
  'up-arrived', // a message, b link
  'down-sent', // a message, b generation
  'down-held', // a message, b index of the fault
  'down-arrived', // a message, b generation
  'lost', // a message, b link: under way when its connection ended
  'written', // a 1 when the disk took it, b generation
  'serving', // a revision, b generation
  'refused-push', // a revision, b reason (word)
  'traffic', // a requests, b failed and refused
  'snapshot-dumped', // a 1 when the store took it, b generation
  'snapshot-read', // a what was found (word), b its generation
  'serving-hash', // after `serving` something: a its hash's number, b its source (word)
] as const;
export type TraceKind = (typeof TRACE_KINDS)[number];

const KIND_NUMBERS: ReadonlyMap<TraceKind, number> = new Map(
  TRACE_KINDS.map((kind, index) => [kind, index]),
);

/** Stands for the fleet, or for nobody. */
export const NO_NODE = -1;
/** Distinct words that a trace numbers: reasons of closes and refusals, which are few. */
const WORDS_MAX = 4_096;

export interface TraceEntry {
  readonly at: Micros;
  readonly kind: TraceKind;
  /** Row of the node, or `NO_NODE`. */
  readonly node: number;
  readonly a: number;
  readonly b: number;
}

/**
 * Everything that can be observed, folded into one hash as it happens, and the last of it kept when
 * asked to, in a ring of fixed size.
 */
export class Trace {
  readonly #hash = new TraceHash();
  readonly #entriesMax: number;
  readonly #at: Float64Array;
  readonly #kind: Uint8Array;
  readonly #node: Int32Array;
  readonly #a: Float64Array;
  readonly #b: Float64Array;
  #noted = 0;
  readonly #words: string[] = [];
  readonly #wordNumbers = new Map<string, number>();

  /** @param entriesMax entries that are kept; 0: the hash alone */
  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
    this.#at = new Float64Array(entriesMax);
    this.#kind = new Uint8Array(entriesMax);
    this.#node = new Int32Array(entriesMax);
    this.#a = new Float64Array(entriesMax);
    this.#b = new Float64Array(entriesMax);
  }

  /** How much was noted in all. */
  get noted(): number {
    return this.#noted;
  }

  /** Whether anything that was noted is no longer kept. */
  get hasForgotten(): boolean {
    return this.#noted > this.#entriesMax;
  }

  note(kind: TraceKind, at: Micros, node: number, a = 0, b = 0): void {
    const number = KIND_NUMBERS.get(kind) ?? 0;
    const hash = this.#hash;
    hash.add(number + (node + 1) * TRACE_KINDS.length);
    hash.add(at);
    hash.add(a);
    hash.add(b);
    if (this.#entriesMax > 0) {
      const slot = this.#noted % this.#entriesMax;
      this.#at[slot] = at;
      this.#kind[slot] = number;
      this.#node[slot] = node;
      this.#a[slot] = a;
      this.#b[slot] = b;
    }
    this.#noted += 1;
  }

  /** Takes into the hash what an entry has no room for: whole numbers from 0 on. */
  fold(...values: readonly number[]): void {
    for (const value of values) this.#hash.add(value);
  }

  foldText(text: string): void {
    this.#hash.add(text.length);
    for (let i = 0; i < text.length; i += 1) this.#hash.add(text.charCodeAt(i));
  }

  /** The number that stands for a text in `a` or `b`. */
  word(text: string): number {
    const known = this.#wordNumbers.get(text);
    if (known !== undefined) return known;
    // The number alone says when a text first came, not what it said.
    this.foldText(text);
    if (this.#words.length >= WORDS_MAX) return this.#words.length;
    const number = this.#words.length;
    this.#words.push(text);
    this.#wordNumbers.set(text, number);
    return number;
  }

  wordOf(number: number): string {
    return this.#words[number] ?? 'another reason';
  }

  digest(): string {
    return this.#hash.digest();
  }

  /** What is kept, newest first. */
  *backwards(): Generator<TraceEntry> {
    const kept = Math.min(this.#noted, this.#entriesMax);
    for (let back = 1; back <= kept; back += 1) {
      const slot = (this.#noted - back) % this.#entriesMax;
      yield {
        at: (this.#at[slot] ?? 0) as Micros,
        kind: TRACE_KINDS[this.#kind[slot] ?? 0] ?? 'traffic',
        node: this.#node[slot] ?? NO_NODE,
        a: this.#a[slot] ?? 0,
        b: this.#b[slot] ?? 0,
      };
    }
  }
}
