import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rehearsalProgress } from '../../../../renderer/config/rehearsal/progress-words.ts';

const told = (seedsDone: number, elapsedMs: number) => ({
  seedsDone,
  elapsedMs,
  budgetMs: 5_000,
});

test('[UIREH11] the seeds that are done and the time that is left are told; the bar never stands still', () => {
  const at = (elapsedMs: number, isStopping = false) =>
    rehearsalProgress(told(14, 1_900), elapsedMs, 5_000, isStopping);
  assert.deepEqual(at(1_900), { percent: 38, words: '14 seeds done, 4 s left' });
  assert.deepEqual(at(3_100), { percent: 62, words: '14 seeds done, 2 s left' });
  assert.deepEqual(at(6_000), { percent: 100, words: '14 seeds done, the last one is running' });
  assert.equal(at(3_100, true).words, 'stopping');
  const first = rehearsalProgress(told(0, 5_100), 5_100, 5_000, false);
  assert.equal(first.words, 'the first seed is still running');
  assert.deepEqual(rehearsalProgress(null, 250, 5_000, false), {
    percent: 5,
    words: 'copying the fleet',
  });
});

test('[UIREH12] the bar keeps between nothing and all, whatever clocks say', () => {
  fc.assert(
    fc.property(fc.nat(20_000), fc.nat(20_000), (toldMs, elapsedMs) => {
      const { percent } = rehearsalProgress(told(1, toldMs), elapsedMs, 5_000, false);
      assert.ok(percent >= 0 && percent <= 100);
    }),
  );
});
