import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  RECORD_PUBLISHES_MAX,
  type RehearsedPublish,
  trackRecordOf,
  trackRecordText,
} from '../../../core/rehearsal/track-record.ts';

/** With a median of 100 ms, unless it is said otherwise. */
function took(
  actualT99Ms: number | null,
  median: number | null = 100,
  faults: string[] = [],
): RehearsedPublish {
  return { forecast: { t99: { low: 1, median, high: median }, faults }, actualT99Ms };
}

test('[REH19] the record is real T99 over predicted median, of what was predicted and came', () => {
  assert.deepEqual(trackRecordOf([took(520), took(390), took(410)]), {
    publishes: 3,
    ratioLow: 3.9,
    ratioHigh: 5.2,
  });
  const beside = [took(null), took(900, null), took(1, 0), took(3_000, 100, ['store copied'])];
  assert.equal(trackRecordOf(beside), null, 'nothing to tell');
  assert.equal(trackRecordOf([...beside, took(150)])?.publishes, 1);
});

test('[REH19] the newest publishes count, however many there were', () => {
  const older = Array.from({ length: 30 }, () => took(9_000));
  const newest = Array.from({ length: RECORD_PUBLISHES_MAX }, () => took(200));
  assert.deepEqual(trackRecordOf([...newest, ...older]), {
    publishes: RECORD_PUBLISHES_MAX,
    ratioLow: 2,
    ratioHigh: 2,
  });
});

test('[REH19] every publish that counts lies between the two ratios', () => {
  const publishes = fc.array(fc.tuple(fc.nat(60_000), fc.integer({ min: 1, max: 60_000 })), {
    minLength: 1,
    maxLength: RECORD_PUBLISHES_MAX,
  });
  fc.assert(
    fc.property(publishes, (all) => {
      const record = trackRecordOf(all.map(([actual, median]) => took(actual, median)));
      assert.ok(record !== null && record.publishes === all.length);
      for (const [actual, median] of all) {
        assert.ok(actual / median >= record.ratioLow && actual / median <= record.ratioHigh);
      }
    }),
  );
});

test('[REH19] the record is told in one sentence', () => {
  const text = (publishes: number, ratioLow: number, ratioHigh: number) =>
    trackRecordText({ publishes, ratioLow, ratioHigh });
  assert.equal(
    text(3, 3.9, 5.2),
    'The last 3 rehearsed publishes took 3.9 to 5.2 times as long as predicted.',
  );
  assert.equal(
    text(1, 4.21, 4.21),
    'The last rehearsed publish took 4.2 times as long as predicted.',
  );
  assert.equal(
    text(2, 0.412, 11.6),
    'The last 2 rehearsed publishes took 0.41 to 12 times as long as predicted.',
  );
  assert.equal(
    text(2, 0.8, 1.25),
    'The last 2 rehearsed publishes took about as long as predicted.',
  );
  assert.equal(text(1, 1, 1), 'The last rehearsed publish took about as long as predicted.');
  assert.equal(
    text(2, 0.001, 1.3),
    'The last 2 rehearsed publishes took under 0.01 to 1.3 times as long as predicted.',
  );
});
