import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRevision } from '../../../renderer/history/parse-revision.ts';

test('[UIHIST10] any revision can be named, by its number', () => {
  assert.deepEqual(['12', 'r12', ' R12 ', '9999'].map(parseRevision), [12, 12, 12, 9_999]);
  assert.deepEqual(
    ['', 'r', 'r0', '012', '1.5', '-3', 'head', '9'.repeat(16)].map(parseRevision),
    Array.from({ length: 8 }, () => null),
  );
});
