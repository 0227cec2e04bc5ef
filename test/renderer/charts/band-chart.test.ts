import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  bandPath,
  curvePath,
  medianPath,
  spanOfBand,
  spanOfCurve,
} from '../../../renderer/charts/band-paths.ts';
import { chooseTimeAxis, positionOf } from '../../../renderer/charts/time-axis.ts';
import { forecastWith } from '../config/rehearsal/forecast-fixture.ts';

const BURST = { firstMs: 8, halfMs: 22, lastMs: 50 };
const TAIL = { firstMs: 8, halfMs: 22, lastMs: 30_400 };

test('[UIREH13] a burst of 50 ms is read on a linear axis, with a tail of 30 s on a logarithmic one', () => {
  assert.deepEqual(chooseTimeAxis([BURST]), {
    kind: 'linear',
    fromMs: 0,
    toMs: 60,
    ticksMs: [0, 30, 60],
  });
  const long = chooseTimeAxis([BURST, TAIL]);
  assert.equal(long.kind, 'logarithmic');
  assert.deepEqual(long.ticksMs, [5, 100, 1_000, 10_000, 40_000]);
  // Both halves of the story have room.
  assert.ok(positionOf(long, BURST.halfMs) > 0.1 && positionOf(long, BURST.lastMs) < 0.6);
  assert.equal(chooseTimeAxis([{ firstMs: 310, halfMs: 480, lastMs: 760 }]).kind, 'linear');
  assert.equal(chooseTimeAxis([]).kind, 'linear');
});

test('[UIREH14] an axis keeps the order of instants, and its labels ascend from end to end', () => {
  const instant = fc.double({ min: 0, max: 600_000, noNaN: true });
  fc.assert(
    fc.property(instant, instant, instant, instant, (first, half, last, ms) => {
      const [firstMs = 0, halfMs = 0, lastMs = 0] = [first, half, last].sort((a, b) => a - b);
      const axis = chooseTimeAxis([{ firstMs, halfMs, lastMs }]);
      assert.ok(axis.fromMs >= 0 && axis.fromMs < axis.toMs && lastMs <= axis.toMs);
      assert.equal(axis.ticksMs[0], axis.fromMs);
      assert.equal(axis.ticksMs.at(-1), axis.toMs);
      axis.ticksMs.forEach((tick, i) => {
        assert.ok(i === 0 || tick > (axis.ticksMs[i - 1] ?? 0));
      });
      assert.ok(axis.ticksMs.length <= 6);
      const at = positionOf(axis, ms);
      assert.ok(at >= 0 && at <= 1 && at <= positionOf(axis, ms + 1));
    }),
  );
});

const ROOM = {
  axis: { kind: 'linear', fromMs: 0, toMs: 100, ticksMs: [0, 50, 100] },
  widthPx: 100,
  heightPx: 50,
  nodes: 200,
} as const;

test('[UIREH15] between two instants the band reaches from the fewest before to the most after', () => {
  const { curve } = forecastWith();
  // Along the fewest and back along the most; 100 ms wide, 50 px for 200 nodes.
  assert.equal(
    bandPath(curve, ROOM),
    [
      'M0 50L20 50L20 50L28 50L28 25L60 25L60 0L100 0',
      'L100 0L60 0L28 0L28 5L20 5L20 25L20 25L20 50L0 50Z',
    ].join(''),
  );
  assert.equal(
    bandPath([[0, 0, 0, 0], ...curve], ROOM),
    bandPath(curve, ROOM).replace('M0 50', 'M0 50L0 50L0 50'),
    'before the first ack there is no band',
  );
  assert.equal(medianPath(curve, ROOM), 'M0 50L20 50L20 35L28 35L28 20L60 20L60 0L100 0');
  assert.equal(
    curvePath([[30, 100]], 40, ROOM),
    'M0 50L30 50L30 25L40 25',
    'a curve ends where it is known to',
  );
  assert.equal(bandPath([], ROOM), '');
  assert.equal(medianPath([], ROOM), '');
});

test('[UIREH16] a curve is read by its first node, its half and its last; without a node there is nothing to read', () => {
  assert.deepEqual(spanOfBand(forecastWith().curve), { firstMs: 20, halfMs: 20, lastMs: 60 });
  assert.deepEqual(
    spanOfCurve([
      [10, 1],
      [20, 60],
      [90, 100],
    ]),
    { firstMs: 10, halfMs: 20, lastMs: 90 },
  );
  assert.equal(spanOfCurve([]), null);
  assert.equal(spanOfBand([]), null);
});
