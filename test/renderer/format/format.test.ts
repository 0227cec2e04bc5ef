import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatPercent,
  formatShort,
  formatSpan,
} from '../../../renderer/format/format.ts';

test('[UIFMT1] counts have thousands separated', () => {
  assert.equal(formatCount(0), '0');
  assert.equal(formatCount(999), '999');
  assert.equal(formatCount(10_000), '10,000');
  assert.equal(formatCount(-1_234_567), '−1,234,567');
  assert.equal(formatShort(9_999), '9,999');
  assert.equal(formatShort(20_070), '20.1k');
  assert.equal(formatShort(842_000), '842k');
  assert.equal(formatShort(999_600), '1.0M');
});

test('[UIFMT2] 100 % and 0 % are said only when they are exact', () => {
  assert.equal(formatPercent(1), '100 %');
  assert.equal(formatPercent(0.999_99), '99.9 %');
  assert.equal(formatPercent(0.000_01), '0.1 %');
  assert.equal(formatPercent(0), '0 %');
  assert.equal(formatPercent(0.5), '50 %');
  assert.equal(formatPercent(null), '–');
  assert.equal(formatPercent(Number.NaN), '–');
});

test('[UIFMT3] running time ticks in whole seconds and never goes below zero', () => {
  assert.equal(formatClock(-5), '0:00');
  assert.equal(formatClock(42_999), '0:42');
  assert.equal(formatClock(723_000), '12:03');
  assert.equal(formatClock(11_045_000), '3:04:05');
  assert.equal(formatClock(273_600_000), '3 d 4 h');
});

test('[UIFMT4] a measured duration carries no more digits than were measured', () => {
  assert.equal(formatDuration(null), '–');
  assert.equal(formatDuration(0.42), '0.4 ms');
  assert.equal(formatDuration(22), '22 ms');
  assert.equal(formatDuration(341), '0.34 s');
  assert.equal(formatDuration(12_400), '12.4 s');
  assert.equal(formatDuration(125_000), '2:05');
  assert.equal(formatSpan(400), '400 ms');
  assert.equal(formatSpan(120_000), '2 min');
  assert.equal(formatBytes(800), '800 B');
  assert.equal(formatBytes(1_900), '1.9 kB');
  assert.equal(formatBytes(8 * 1024 * 1024), '8.4 MB');
});
