import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceKey, Revision } from '../../../core/config/ids.ts';
import { textTouchInWords, touchInWords } from '../../../renderer/history/touch-words.ts';

const DAY_MS = 86_400_000;
const touch = { revision: 12 as Revision, author: 'mira', atMs: 1_000 };

test('[UIHIST9] who last touched a resource is said with revision, author and age', () => {
  assert.equal(touchInWords(touch, 1_000 + 9 * DAY_MS), 'r12 by mira, 9 days ago');
  assert.equal(touchInWords(touch, 1_000 + DAY_MS), 'r12 by mira, 24 h ago');
  assert.equal(touchInWords(touch, 1_000 + 3 * 3_600_000 + 71_300), 'r12 by mira, 3 h ago');
  assert.equal(touchInWords(touch, 1_000 + 71_300), 'r12 by mira, 1 min ago');
  assert.equal(touchInWords(touch, 1_000 + 11_300), 'r12 by mira, just now');
  // Another machine's clock may be ahead of this one.
  assert.equal(touchInWords(touch, 0), 'r12 by mira, just now');
});

test('[UIHIST9] a touch of the text alone is told apart', () => {
  const key = 'Gateway/shop/edge' as ResourceKey;
  assert.equal(textTouchInWords({ ...touch, key, text: null }, 0), null);
  const text = { revision: 14 as Revision, author: 'ada', atMs: 2_000 };
  assert.equal(
    textTouchInWords({ ...touch, key, text }, 2_000),
    'text only in r14 by ada, just now',
  );
});
