import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
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
  return streamOf(`holdfast:${seed}`);
}

function streamOf(path: string): RandomStream {
  const digest = sha256Bytes(path);
  const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  const state = [0, 4, 8, 12].map((offset) => view.getInt32(offset, true));
  return new SeededStream(path, xoroshiro128plusFromState(state));
}

/** A class and not two closures: a fleet of ten thousand nodes holds many of these. */
class SeededStream implements RandomStream {
  readonly #path: string;
  readonly #generator: RandomGenerator;

  constructor(path: string, generator: RandomGenerator) {
    this.#path = path;
    this.#generator = generator;
  }

  /** The draws of pure-rand's `uniformInt`, with arithmetic that stays within 32 bits. */
  below(bound: number): number {
    assert(Number.isInteger(bound) && bound >= 1 && bound <= 0x8000_0000, 'bound out of range');
    const range = bound >>> 0;
    // Beyond the last whole multiple of the range some values would come more often than others.
    const fairMax = range > 2 ? Math.floor(DRAWS / range) * range - 1 : DRAWS - 1;
    let draw = (this.#generator.next() ^ SIGN_BIT) >>> 0;
    while (draw > fairMax) draw = (this.#generator.next() ^ SIGN_BIT) >>> 0;
    return draw % range;
  }

  split(name: string): RandomStream {
    return streamOf(`${this.#path}/${name.length}:${name}`);
  }
}
