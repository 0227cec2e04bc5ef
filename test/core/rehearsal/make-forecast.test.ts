import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Band } from '../../../core/rehearsal/forecast.ts';
import { CURVE_POINTS_MAX } from '../../../core/rehearsal/seed-outcome.ts';
import { arbitraryOutcomes, forecastOf, outcomeOf, requestsWith } from './outcome-fixture.ts';

test('[REH1] a band is the least, the middle and the greatest over the seeds', () => {
  const forecast = forecastOf([
    outcomeOf([30, 50], 2, { bytes: 10 }),
    outcomeOf([10, 90], 2, { bytes: 30 }),
    outcomeOf([20, 40], 2, { bytes: 20 }),
  ]);
  assert.deepEqual(forecast.t50, { low: 10, median: 20, high: 30 });
  assert.deepEqual(forecast.t100, { low: 40, median: 50, high: 90 });
  assert.deepEqual(forecast.bytes, { low: 10, median: 20, high: 30 });
  assert.equal(forecast.seeds, 3);
});

test('[REH1] never is later than everything', () => {
  const forecast = forecastOf([outcomeOf([10], 2), outcomeOf([10, 20], 2), outcomeOf([], 2)]);
  assert.deepEqual(forecast.t50, { low: 10, median: 10, high: null });
  assert.deepEqual(forecast.t100, { low: 20, median: null, high: null });
  assert.deepEqual(forecast.reached, { low: 0, median: 1, high: 2 });
});

test('[REH1] low is at most the median, and that at most high', () => {
  const infinite = (value: number | null) => value ?? Number.POSITIVE_INFINITY;
  const isOrdered = ({ low, median, high }: Band) =>
    infinite(low) <= infinite(median) && infinite(median) <= infinite(high);
  fc.assert(
    fc.property(arbitraryOutcomes(), (outcomes) => {
      const forecast = forecastOf(outcomes);
      const { t50, t95, t99, t100, reached, bytes } = forecast;
      assert.ok([t50, t95, t99, t100, reached, bytes].every(isOrdered));
      assert.ok(forecast.curve.every(([, low, median, high]) => low <= median && median <= high));
    }),
  );
});

test('[REH2] the predicted curve never falls, and its instants ascend and are bounded', () => {
  fc.assert(
    fc.property(arbitraryOutcomes(), (outcomes) => {
      const { curve } = forecastOf(outcomes);
      assert.ok(curve.length <= CURVE_POINTS_MAX);
      curve.forEach((point, index) => {
        const before = curve[index - 1];
        if (before === undefined) return;
        assert.ok(before[0] < point[0]);
        for (const column of [1, 2, 3] as const) assert.ok(before[column] <= point[column]);
      });
    }),
  );
});

test('[REH2] the curve begins with the first ack of any seed and ends with the last', () => {
  const acks = Array.from({ length: 400 }, (_, index) => index + 1);
  const { curve } = forecastOf([outcomeOf(acks), outcomeOf(acks.map((ms) => ms + 500))]);
  assert.deepEqual(curve[0], [1, 0, 0, 1]);
  assert.deepEqual(curve.at(-1), [900, 400, 400, 400]);
  assert.equal(curve.length, CURVE_POINTS_MAX);
});

test('[REH3] requests count as lost beyond those that are lost without the publish', () => {
  const before = requestsWith({ asked: 100, refused: 10, unrouted: 1 });
  const of = (requests: ReturnType<typeof requestsWith>) =>
    outcomeOf([1], 1, { requests, requestsBefore: before });
  const forecast = forecastOf([
    of(requestsWith({ asked: 100, refused: 10, unrouted: 1 })),
    of(requestsWith({ asked: 100, refused: 12, unrouted: 5, failed: 3, shed: 3 })),
    of(requestsWith({ asked: 100, refused: 2 })),
  ]);
  assert.deepEqual(forecast.requestsLost, { low: 0, median: 0, high: 9 });
});

test('[REH1] the refusals told are those of the seed where most nodes refused', () => {
  const refused = (nodes: number) =>
    outcomeOf([1], 1, {
      nodesRejecting: nodes,
      rejections: [{ key: 'a', detail: `${nodes} times`, nodes }],
    });
  const { rejections } = forecastOf([refused(1), refused(3), refused(2)]);
  assert.deepEqual(rejections, [{ key: 'a', detail: '3 times', nodes: 3 }]);
});
