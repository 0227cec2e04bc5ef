import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { sha256Bytes } from '../../../core/lib/sha256.ts';

const bounds = fc.oneof(
  fc.integer({ min: 1, max: 200 }),
  fc.integer({ min: 1, max: 0x8000_0000 }),
  fc.constantFrom(1, 2, 3, 0x4000_0001, 0x7fff_ffff, 0x8000_0000),
);

test('[TWIN25] the draws of a stream are those of an unbiased uniform distribution, bit for bit', () => {
  fc.assert(
    fc.property(fc.nat(), fc.array(bounds, { minLength: 1, maxLength: 40 }), (seed, list) => {
      const { buffer, byteOffset } = sha256Bytes(`holdfast:${seed}`);
      const view = new DataView(buffer, byteOffset);
      const state = [0, 4, 8, 12].map((offset) => view.getInt32(offset, true));
      const reference = xoroshiro128plusFromState(state);
      const random = createSeededRandom(seed);
      for (const bound of list) {
        assert.equal(random.below(bound), uniformInt(reference, 0, bound - 1));
      }
    }),
  );
});
