import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ConvergenceReport } from '../../../core/protocol/control-plane-control.ts';
import { revisionSchema } from '../../../core/protocol/primitives.ts';
import { availabilityOf, refusedWords } from '../../../renderer/charts/availability.ts';
import {
  convergencePoints,
  describeConvergence,
  niceAxis,
} from '../../../renderer/charts/convergence.ts';
import { downsample } from '../../../renderer/charts/downsample.ts';
import { mixColours, moreReadable } from '../../../renderer/charts/mix-colours.ts';

test('[UICHART1] downsampling keeps the ends, the order and the bound', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 900 }),
      fc.integer({ min: 3, max: 300 }),
      (values, pointsMax) => {
        const items = values.map((value, at) => ({ at, value }));
        const kept = downsample(items, pointsMax, (item) => item.value);
        assert.ok(kept.length <= Math.max(pointsMax, 0) || items.length <= pointsMax);
        assert.equal(kept[0], items[0]);
        assert.equal(kept.at(-1), items.at(-1));
        kept.forEach((item, i) => {
          assert.ok(i === 0 || item.at > (kept[i - 1]?.at ?? -1));
        });
      },
    ),
  );
});

test('[UICHART2] a dip of one sample is never lost in downsampling', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 998 }), (dip) => {
      const items = Array.from({ length: 1_000 }, (_, i) => (i === dip ? 0 : 100));
      assert.ok(downsample(items, 100, (item) => item).includes(0));
    }),
  );
});

const sample = (atMs: number, controlPlaneUp: boolean, answered = 10) => ({
  atMs,
  requests: 10,
  answered,
  refused: 10 - answered,
  failed: 0,
  limited: 0,
  shed: 0,
  denied: 0,
  controlPlaneUp,
  latencyP99Ms: 1,
});

test('[UIAVAIL1] the counterfactual is the product of what was measured', () => {
  const { points, dataShare, spared } = availabilityOf(
    [sample(1_000, true), sample(2_000, true, 8), sample(3_000, false), sample(4_000, false, 9)],
    4_000,
    10_000,
  );
  assert.deepEqual(
    points.map((point) => [point.data, point.control, point.product]),
    [
      [100, 100, 100],
      [80, 100, 80],
      [100, 0, 0],
      [90, 0, 0],
    ],
  );
  assert.equal(dataShare, 37 / 40);
  assert.equal(spared, 19);
});

test('[UIAVAIL2] without requests nothing is claimed, and only the span counts', () => {
  const idle = { ...sample(9_000, true), requests: 0, answered: 0, refused: 0 };
  const { points, dataShare } = availabilityOf([sample(1_000, true), idle], 10_000, 5_000);
  assert.equal(points.length, 1);
  assert.equal(points[0]?.data, null);
  assert.equal(dataShare, null);
});

test('[UIAVAIL3] what policies turned away over the span is told as a share', () => {
  const limited = { ...sample(2_000, true), limited: 4, shed: 1 };
  const { refused } = availabilityOf([sample(1_000, true), limited], 4_000, 10_000);
  assert.equal(refusedWords(refused), ', 5 % shed, 20 % limited');
  assert.equal(refusedWords({ shed: 0, limited: 0, denied: 0.3 }), ', 30 % denied');
  assert.equal(refusedWords({ shed: 0, limited: 0, denied: 0.01 }), '', 'strangers are no news');
  assert.equal(refusedWords(availabilityOf([sample(1_000, true)], 4_000, 10_000).refused), '');
  assert.equal(refusedWords(availabilityOf([], 4_000, 10_000).refused), '');
});

function report(over: Partial<ConvergenceReport>): ConvergenceReport {
  return {
    revision: revisionSchema.parse(3),
    publishedAtMs: 1_000,
    nodes: 100,
    reached: 100,
    t50Ms: 110,
    t95Ms: 300,
    t99Ms: 340,
    t100Ms: 400,
    deadlineMs: 30_000,
    late: false,
    bytes: 1,
    missing: [],
    curve: [
      [100, 40],
      [400, 100],
    ],
    ...over,
  };
}

test('[UICONV1] the curve begins at publish and its finding names who is missing', () => {
  const { points, axisMs } = convergencePoints(report({}), 60_000);
  assert.deepEqual(points[0], { ms: 0, share: 0 });
  assert.deepEqual(points.at(-1), { ms: axisMs, share: 100 });
  assert.ok(axisMs >= 400 && axisMs < 1_000);
  assert.equal(describeConvergence(report({})), 'T50 0.11 · T99 0.34 · T100 0.40 s');
  const partial = report({ reached: 87, t99Ms: null, t100Ms: null });
  assert.equal(describeConvergence(partial), 'T50 0.11 s · T99 – · all but 13');
});

test('[UICONV2] no node reached it yet: the axis still moves and nothing is above zero', () => {
  const none = report({
    reached: 0,
    curve: [],
    t50Ms: null,
    t95Ms: null,
    t99Ms: null,
    t100Ms: null,
  });
  const { points, axisMs } = convergencePoints(none, 1_500);
  assert.ok(axisMs >= 500);
  assert.ok(points.every((point) => point.share === 0));
  assert.equal(
    convergencePoints(report({ nodes: 0, reached: 0, curve: [] }), 2_000).points.at(-1)?.share,
    0,
  );
});

test('[UICONV4] nodes that are missing do not stretch the axis beyond the shape of the curve', () => {
  const missing = report({ reached: 90, t100Ms: null, curve: [[44, 90]] });
  assert.equal(convergencePoints(missing, 60_000).axisMs, 300);
  assert.equal(convergencePoints(missing, 60_000, 10).axisMs, 100);
});

test('[UICONV3] an axis ends at a round number at or past the value', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000_000 }), (value) => {
      const axis = niceAxis(value);
      assert.ok(axis >= value && axis <= value * 2);
    }),
  );
});

test('[UICHART3] colours mix whether the style sheet was minified or not', () => {
  assert.equal(mixColours('#000000', '#fff', 0), '#ffffff');
  assert.equal(mixColours('#000', '#ffffff', 1), '#000000');
  assert.equal(mixColours('#000000', '#ffffff', 0.5), '#808080');
});

test('[UICHART4] text on a glyph is in the colour that stands out more', () => {
  assert.equal(moreReadable('#ffffff', '#111111', '#eeeeee'), '#111111');
  assert.equal(moreReadable('#102030', '#111111', '#eeeeee'), '#eeeeee');
});
