import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ItemKeys } from '../../../../renderer/config/form/item-keys.ts';

test('[UIFORM10] keys follow their items through a move, its undo and edits of the text', () => {
  const keys = new ItemKeys();
  assert.deepEqual([...keys.fit(['a', 'b', 'c'])], [0, 1, 2]);
  keys.move(0, 1);
  assert.deepEqual([...keys.fit(['b', 'a', 'c'])], [1, 0, 2]);
  // An undo comes through the text, without a word to the keys.
  assert.deepEqual([...keys.fit(['a', 'b', 'c'])], [0, 1, 2]);
  assert.deepEqual([...keys.fit(['a', 'B', 'c'])], [0, 1, 2]);
  assert.deepEqual([...keys.fit(['a', 'c'])], [0, 2]);
  assert.deepEqual([...keys.fit(['a', 'new', 'c'])], [0, 3, 2]);
});

test('[UIFORM10] an added item gets the key that was said to be next', () => {
  const keys = new ItemKeys();
  keys.fit(['a', 'a']);
  const next = keys.upcoming();
  assert.equal(keys.fit(['a', 'a', 'a'])[2], next);
  keys.remove(0);
  assert.deepEqual([...keys.fit(['a', 'a'])], [1, 2]);
});

test('[UIFORM10] no two items ever share a key', () => {
  const lists = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 6 }), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(lists, (steps) => {
      const keys = new ItemKeys();
      for (const items of steps) {
        const given = keys.fit(items);
        assert.equal(given.length, items.length);
        assert.equal(new Set(given).size, items.length);
      }
    }),
  );
});
