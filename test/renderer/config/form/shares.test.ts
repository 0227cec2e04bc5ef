import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  shareInWords,
  sharesOf,
  sharesSentence,
  weightOf,
} from '../../../../renderer/config/form/shares.ts';

test('[UIFORM2] the shares of a rule sum to the whole, whatever the weights', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 16 }), (weights) => {
      const shares = sharesOf(weights);
      const total = shares.reduce((sum, share) => sum + share, 0);
      assert.equal(total, weights.some((weight) => weight > 0) ? 1000 : 0);
      for (const [at, share] of shares.entries()) assert.ok(share === 0 || (weights[at] ?? 0) > 0);
    }),
  );
});

test('[UIFORM2] shares are said in percent, and that nobody gets anything too', () => {
  assert.equal(sharesSentence(['a', 'b'], [75, 25]), 'a 75 %, b 25 %');
  assert.equal(sharesSentence(['a', 'b', 'c'], [1, 1, 1]), 'a 33.4 %, b 33.3 %, c 33.3 %');
  assert.equal(sharesSentence(['a'], [0]), 'No backend gets requests: answered 500.');
  assert.equal(shareInWords(0, 1), 'less than 0.1 %');
  assert.equal(weightOf({ name: 'a' }), 1);
  assert.equal(weightOf({ weight: 0 }), 0);
});
