import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomStream } from '../ports/random.ts';
import { assert } from './assert.ts';
import { sha256Bytes } from './sha256.ts';

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
  const generator = xoroshiro128plusFromState(state);
  return {
    below(bound) {
      assert(Number.isInteger(bound) && bound >= 1 && bound <= 0x8000_0000, 'bound out of range');
      return uniformInt(generator, 0, bound - 1);
    },
    split(name) {
      return streamOf(`${path}/${name.length}:${name}`);
    },
  };
}
