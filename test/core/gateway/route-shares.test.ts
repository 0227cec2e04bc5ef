import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { routeShares, SHARES_TOTAL } from '../../../core/gateway/route-shares.ts';
import { compileRules, inWords, requestOf } from './sample.ts';

function sharesOf(rules: string): [string, number][] {
  const shares = routeShares(compileRules(rules), requestOf());
  return shares.map(({ outcome, share }) => [inWords(outcome), share]);
}

test('[ROUTE23] shares follow the weights exactly; an invalid backend keeps its own', () => {
  assert.deepEqual(
    sharesOf(
      '- backendRefs: [{name: a, port: 80, weight: 1}, {name: gone, port: 80, weight: 1}, {name: b, port: 80, weight: 2}]',
    ),
    [
      ['shop/b', 500_000],
      ['shop/a', 250_000],
      ['500 invalid-backend', 250_000],
    ],
  );
  assert.deepEqual(sharesOf('- backendRefs: [{name: a, port: 80}, {name: a, port: 80}]'), [
    ['shop/a', SHARES_TOTAL],
  ]);
  assert.deepEqual(sharesOf('- backendRefs: []'), [['500 no-backend', SHARES_TOTAL]]);
});

test('[ROUTE24] shares add up to the whole, whatever the weights', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 3 }),
      (weights) => {
        const names = ['a', 'b', 'c'];
        const refs = weights.map((weight, i) => `{name: ${names[i]}, port: 80, weight: ${weight}}`);
        const shares = sharesOf(`- backendRefs: [${refs.join(', ')}]`);
        assert.equal(
          shares.reduce((sum, [, share]) => sum + share, 0),
          SHARES_TOTAL,
        );
      },
    ),
    { numRuns: 200 },
  );
});
