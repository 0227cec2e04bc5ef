import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bandBytesText,
  bandCountText,
  bandMsText,
  bytesText,
  countText,
  msText,
} from '../../../core/rehearsal/band-text.ts';
import type { Band } from '../../../core/rehearsal/forecast.ts';

function band(low: number | null, high: number | null): Band {
  return { low, median: low, high };
}

test('[REH5] a band is told as its ends, once where they read the same', () => {
  assert.equal(bandMsText(band(38.2, 55.4)), '38–55 ms');
  assert.equal(bandMsText(band(38.2, 38.4)), '38 ms');
  assert.equal(bandMsText(band(950, 1_204)), '950 ms – 1.20 s');
  assert.equal(bandCountText(band(0, 0)), '0');
  assert.equal(bandCountText(band(3, 1_240)), '3–1,240');
  assert.equal(bandBytesText(band(1_200_000, 1_400_000)), '1.2–1.4 MB');
});

test('[REH5] what some seeds never reached is said, and what none did', () => {
  assert.equal(bandMsText(band(38, null)), '38 ms to not reached');
  assert.equal(bandMsText(band(null, null)), 'not reached');
});

test('[REH5] figures have the unit that suits their size', () => {
  const times = [0, 0.42, 9.4, 38, 999.4, 999.6, 1_204, 42_000, 59_600, 185_000];
  assert.deepEqual(times.map(msText), [
    '0 ms',
    '0.4 ms',
    '9.4 ms',
    '38 ms',
    '999 ms',
    '1.00 s',
    '1.20 s',
    '42 s',
    '1:00 min',
    '3:05 min',
  ]);
  assert.deepEqual([0, 12, 999, 1_000, 1_234_567].map(countText), [
    '0',
    '12',
    '999',
    '1,000',
    '1,234,567',
  ]);
  const sizes = [830, 999.6, 1_240, 41_400, 99_960, 742_000, 999_600, 3_400_000, 2_000_000_000];
  assert.deepEqual(sizes.map(bytesText), [
    '830 B',
    '1.0 kB',
    '1.2 kB',
    '41.4 kB',
    '100 kB',
    '742 kB',
    '1.0 MB',
    '3.4 MB',
    '2.0 GB',
  ]);
});
