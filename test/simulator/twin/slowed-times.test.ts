import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { CALIBRATION } from '../../../simulator/twin/fitted-service-times.ts';
import { LIVE_FLEET_SERVICE_TIMES, SERVICE_TIMES } from '../../../simulator/twin/service-times.ts';
import { drawSlownessPercent, slowedTimes } from '../../../simulator/twin/slowed-times.ts';

test('[CALIB12] seeds are as slow as the publishes that were measured, and as differently so', () => {
  const percentiles = [90, 100, 110, 300];
  const random = createSeededRandom(1);
  const draws = Array.from({ length: 3_000 }, () => drawSlownessPercent(percentiles, random));
  assert.ok(draws.every((percent) => percent >= 90 && percent <= 300));
  for (const [from, to] of [
    [90, 100],
    [100, 110],
    [110, 300],
  ] as const) {
    const share = draws.filter((percent) => percent >= from && percent < to).length / draws.length;
    assert.ok(share > 0.28 && share < 0.39, `${from} to ${to} %: ${share}`);
  }
  assert.equal(drawSlownessPercent([140], random), 140);
});

test('[CALIB12] a slower machine takes longer for everything, in one process too', () => {
  const slowed = slowedTimes(LIVE_FLEET_SERVICE_TIMES, 200);
  assert.equal(slowed.publishUs, 2 * LIVE_FLEET_SERVICE_TIMES.publishUs);
  assert.equal(slowed.diskWriteUsMax, 2 * LIVE_FLEET_SERVICE_TIMES.diskWriteUsMax);
  assert.equal(slowed.shared?.frameUs, 2 * CALIBRATION.shared.frameUs);
  assert.deepEqual(slowedTimes(SERVICE_TIMES, 100), SERVICE_TIMES);
});

test('[CALIB12] the kept percentiles are of whole percent, and never fall', () => {
  const { slownessPercent } = CALIBRATION;
  assert.equal(slownessPercent.length, 11);
  assert.ok(slownessPercent.every((percent) => Number.isInteger(percent) && percent > 0));
  assert.deepEqual(
    slownessPercent,
    [...slownessPercent].sort((a, b) => a - b),
  );
});
