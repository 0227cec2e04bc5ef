import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSameJson } from '../../../core/gateway/edit/json-equal.ts';
import type { Json } from '../../../core/gateway/json.ts';
import { mergeJson } from '../../../renderer/workers/merge-json.ts';

const named = (name: string, weight: number) => ({ name, weight });

test('[UIWORK28] items of a list are merged by their names, wherever they stand', () => {
  const base = { refs: [named('a', 1), named('b', 1)] };
  const theirs = { refs: [named('new', 5), named('a', 2), named('b', 1)] };
  const mine = { refs: [named('a', 1), named('b', 3), named('c', 4)] };
  assert.deepEqual(mergeJson(base, theirs, mine), {
    value: { refs: [named('new', 5), named('a', 2), named('b', 3), named('c', 4)] },
    clashes: [],
  });
});

test('[UIWORK28] a clash is named to the item, and to its field where it has one', () => {
  const rules = (weight: number, port: number) => ({
    spec: { rules: [{ name: 'pay', refs: [{ weight, port }] }] },
  });
  assert.deepEqual(mergeJson(rules(1, 1), rules(2, 1), rules(3, 2)).clashes, [
    'spec.rules[pay].refs[1].weight',
  ]);
  const gone = mergeJson({ refs: [named('a', 1)] }, { refs: [named('a', 2)] }, { refs: [] });
  assert.deepEqual(gone.clashes, ['refs[a]']);
});

test('[UIWORK28] items without names are merged by place while none has moved', () => {
  assert.deepEqual(mergeJson([{ p: 1 }, { p: 2 }], [{ p: 9 }, { p: 2 }], [{ p: 1 }, { p: 8 }]), {
    value: [{ p: 9 }, { p: 8 }],
    clashes: [],
  });
  assert.notDeepEqual(mergeJson([{ q: 1 }], [{ q: 1, r: 2 }], [{ p: 1 }, { q: 1 }]).clashes, []);
  assert.notDeepEqual(mergeJson([1, 2], [2, 1], [1, 3]).clashes, []);
  assert.deepEqual(mergeJson([1, 2], [1, 2, 3], [0, 2]), { value: [0, 2, 3], clashes: [] });
});

test('[UIWORK28] where both moved items of a list otherwise, the list clashes', () => {
  const list = (...names: string[]) => names.map((name) => named(name, 1));
  const merged = mergeJson(list('a', 'b', 'c'), list('b', 'a', 'c'), list('c', 'a', 'b'));
  assert.deepEqual(merged.clashes, ['']);
});

const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(null, true, 0, 1, 'x'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('value'), { noNullPrototype: true }),
    fc.array(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c', 'd'),
        value: fc.integer({ max: 2, min: 0 }),
      }),
      { maxLength: 4 },
    ),
  ),
})).value;

test('[UIWORK29] for any two values: merged with a side that changed nothing, the other comes out', () => {
  fc.assert(
    fc.property(json, json, (base, other) => {
      assert.ok(isSameJson(mergeJson(base, other, base).value, other));
      assert.ok(isSameJson(mergeJson(base, base, other).value, other));
      assert.ok(isSameJson(mergeJson(base, other, other).value, other));
      assert.deepEqual(mergeJson(base, other, base).clashes, []);
      assert.deepEqual(mergeJson(base, base, other).clashes, []);
    }),
  );
});

test('[UIWORK29] for any three values: which side is called mine decides nothing where none clashes', () => {
  fc.assert(
    fc.property(json, json, json, (base, left, right) => {
      const one = mergeJson(base, left, right);
      const other = mergeJson(base, right, left);
      assert.equal(one.clashes.length > 0, other.clashes.length > 0);
    }),
  );
});
