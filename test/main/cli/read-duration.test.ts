import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDuration } from '../../../main/cli/read-duration.ts';

test('[TWIN41] lengths of time are whole milliseconds, of fractions with at most three digits', () => {
  for (const [text, ms] of [
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['2m0.001s', 120_001],
    ['2.007s', 2_007],
    ['1.5m', 90_000],
    ['0.001d', 86_400],
    ['0.5ms', null],
    ['1.0001s', null],
    ['.5s', null],
    ['1.s', null],
    ['1.5', null],
    ['', null],
  ] as const) {
    assert.equal(readDuration(text), ms, text);
  }
});
