import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  LOAD_POINTS_MAX,
  LOAD_STEP_MS,
  LoadSeries,
} from '../../../renderer/control-plane/load-series.ts';

function load(pushes: number, bytesSent: number) {
  return { pushesDelta: pushes, pushesFull: 0, bytesSent };
}

test('[UILOAD1] totals become rates over the time between two points', () => {
  const series = new LoadSeries();
  series.add({ atMs: 0, pid: 1, load: load(0, 0) });
  series.add({ atMs: 2_000, pid: 1, load: load(10, 4_000) });
  const last = series.points().at(-1);
  assert.equal(last?.pushesPerSecond, 5);
  assert.equal(last?.bytesPerSecond, 2_000);
});

test('[UILOAD2] samples closer than a step add no point', () => {
  const series = new LoadSeries();
  assert.equal(series.add({ atMs: 0, pid: 1, load: load(0, 0) }), true);
  assert.equal(series.add({ atMs: LOAD_STEP_MS - 1, pid: 1, load: load(1, 1) }), false);
  assert.equal(series.points().length, 1);
});

test('[UILOAD3] an outage and a restarted process leave a gap, never a negative rate', () => {
  const series = new LoadSeries();
  series.add({ atMs: 0, pid: 1, load: load(100, 100) });
  series.add({ atMs: 1_000, pid: null, load: null });
  series.add({ atMs: 2_000, pid: 2, load: load(3, 3) });
  series.add({ atMs: 3_000, pid: 2, load: load(5, 3) });
  assert.deepEqual(
    series.points().map((point) => point.pushesPerSecond),
    [null, null, null, 2],
  );
});

test('[UILOAD4] the ring keeps the newest points only', () => {
  const series = new LoadSeries();
  for (let i = 0; i < LOAD_POINTS_MAX + 20; i += 1) {
    series.add({ atMs: i * LOAD_STEP_MS, pid: 1, load: load(i, i) });
  }
  const points = series.points();
  assert.equal(points.length, LOAD_POINTS_MAX);
  assert.equal(points.at(-1)?.atMs, (LOAD_POINTS_MAX + 19) * LOAD_STEP_MS);
});
