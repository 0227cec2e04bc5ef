import type { RandomStream } from '../ports/random.ts';
import { assert } from './assert.ts';
import { sha256Bytes } from './sha256.ts';

/** Values that the generator gives: all of 32 bits, signed. */
const DRAWS = 0x1_0000_0000;
const SIGN_BIT = 0x8000_0000;

/**
 * A root stream. Streams are keyed by the hash of (seed, path of names), so a split depends on its
 * names alone and never on how many draws were made before.
 */
export function createSeededRandom(seed: number): RandomStream {
  return new SeededStream(`holdfast:${seed}`);
}

/**
 * Draws by xoroshiro128+, as pure-rand does, in one object and not in a stream with a generator: a
 * fleet of ten thousand nodes holds very many of these, and most of the time of a draw would go by
 * until its memory is there.
 */
class SeededStream implements RandomStream {
  readonly #path: string;
  /** The state, two words of 64 bits: found out at the first draw, for many are only ever split. */
  #isSeeded = false;
  #low0 = 0;
  #high0 = 0;
  #low1 = 0;
  #high1 = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** The draws of pure-rand's `uniformInt`, with arithmetic that stays within 32 bits. */
  below(bound: number): number {
    assert(Number.isInteger(bound) && bound >= 1 && bound <= 0x8000_0000, 'bound out of range');
    if (!this.#isSeeded) this.#seed();
    const range = bound >>> 0;
    // Beyond the last whole multiple of the range some values would come more often than others.
    const fairMax = range > 2 ? Math.floor(DRAWS / range) * range - 1 : DRAWS - 1;
    let draw = (this.#next() ^ SIGN_BIT) >>> 0;
    while (draw > fairMax) draw = (this.#next() ^ SIGN_BIT) >>> 0;
    return draw % range;
  }

  split(name: string): RandomStream {
    return new SeededStream(`${this.#path}/${name.length}:${name}`);
  }

  #seed(): void {
    const digest = sha256Bytes(this.#path);
    const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
    this.#high0 = view.getInt32(0, true);
    this.#low0 = view.getInt32(4, true);
    this.#high1 = view.getInt32(8, true);
    this.#low1 = view.getInt32(12, true);
    this.#isSeeded = true;
  }

  #next(): number {
    const low0 = this.#low0;
    const high0 = this.#high0;
    const low = this.#low1 ^ low0;
    const high = this.#high1 ^ high0;
    const out = (low0 + this.#low1) | 0;
    this.#low0 = (low0 << 24) ^ (high0 >>> 8) ^ low ^ (low << 16);
    this.#high0 = (high0 << 24) ^ (low0 >>> 8) ^ high ^ ((high << 16) | (low >>> 16));
    this.#low1 = (high << 5) ^ (low >>> 27);
    this.#high1 = (low << 5) ^ (high >>> 27);
    return out;
  }
}
