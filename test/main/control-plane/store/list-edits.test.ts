import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { applyListEdit, listEdits } from '../../../../main/control-plane/store/list-edits.ts';

const listArbitrary = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 20 });

test('[SQL1] the edits from one list to another lead there, repeated items included', () => {
  fc.assert(
    fc.property(listArbitrary, listArbitrary, (from, to) => {
      const list = [...from];
      const edits = listEdits(from, to);
      for (const edit of edits) applyListEdit(list, edit);
      assert.deepEqual(list, to);
      assert.equal(edits.length === 0, JSON.stringify(from) === JSON.stringify(to));
    }),
  );
});

test('[SQL2] the edits are as few as the change is small', () => {
  const from = Array.from({ length: 1_000 }, (_, i) => i);
  const changed = from.map((item) => (item === 500 ? -1 : item));
  assert.deepEqual(listEdits(from, changed), [{ op: 'replace', position: 500, item: -1 }]);
  assert.deepEqual(listEdits(from, [-1, ...from, -2]), [
    { op: 'insert', position: 0, item: -1 },
    { op: 'insert', position: 1_001, item: -2 },
  ]);
  assert.deepEqual(listEdits(from, from.slice(1, -1)), [
    { op: 'remove', position: 0 },
    { op: 'remove', position: 998 },
  ]);
  assert.equal(listEdits(from, [...from.slice(1), 0]).length, 2);
});
