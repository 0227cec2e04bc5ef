import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Generation, NodeId, Revision } from '../../../core/config/ids.ts';
import {
  CONVERGENCE_CURVE_POINTS_MAX,
  CONVERGENCE_REVISIONS_MAX,
  ConvergenceTracker,
} from '../../../core/fleet/convergence.ts';
import { type Micros, micros } from '../../../core/ports/clock.ts';

const DEADLINE_US = 30_000_000;
const EPOCH = 1_000_000_000;

function id(index: number): NodeId {
  return `cell/n-${index}` as NodeId;
}

function fleet(nodes: number) {
  return Array.from({ length: nodes }, (_, i) => ({ nodeId: id(i), provisionedAt: micros(0) }));
}

function at(us: number): Micros {
  return micros(EPOCH + us);
}

function published(revision: number, us = 0) {
  return { revision: revision as Revision, generation: revision as Generation, at: at(us) };
}

function reach(tracker: ConvergenceTracker, node: number, generation: number, us: number): void {
  tracker.reached(id(node), generation as Generation, at(us));
}

test('[CONV1] T50, T95, T99 and T100 are exact, from the instants of the acks', () => {
  const tracker = new ConvergenceTracker(DEADLINE_US);
  tracker.follow(published(1), fleet(200));
  for (let i = 0; i < 200; i += 1) reach(tracker, i, 1, (i + 1) * 1_500);
  const summary = tracker.newest(at(400_000));
  assert.deepEqual(
    [summary?.t50Ms, summary?.t95Ms, summary?.t99Ms, summary?.t100Ms],
    [150, 285, 297, 300],
  );
  assert.equal(summary?.reached, 200);
});

test('[CONV1] a quantile is null until it is reached, and needs the next whole node', () => {
  const tracker = new ConvergenceTracker(DEADLINE_US);
  tracker.follow(published(1), fleet(3));
  reach(tracker, 0, 1, 1_000);
  assert.equal(tracker.newest(at(2_000))?.t50Ms, null);
  reach(tracker, 1, 1, 2_000);
  assert.equal(tracker.newest(at(2_000))?.t50Ms, 2);
  assert.equal(tracker.newest(at(2_000))?.t95Ms, null);
});

test('[CONV2] a later generation completes all earlier ones, an earlier none, and each once', () => {
  const tracker = new ConvergenceTracker(DEADLINE_US);
  tracker.follow(published(1), fleet(1));
  tracker.follow(published(2, 1_000), fleet(1));
  tracker.follow(published(3, 2_000), fleet(1));
  reach(tracker, 0, 2, 5_000);
  reach(tracker, 0, 2, 9_000);
  const times = [1, 2, 3].map((r) => tracker.summary(r as Revision, at(9_000))?.t100Ms);
  assert.deepEqual(times, [5, 4, null]);
});

test('[CONV3] a retired node leaves numerator and denominator', () => {
  const tracker = new ConvergenceTracker(DEADLINE_US);
  tracker.follow(published(1), fleet(3));
  reach(tracker, 0, 1, 1_000);
  reach(tracker, 1, 1, 2_000);
  tracker.retired(id(2));
  assert.equal(tracker.newest(at(0))?.t100Ms, 2);
  tracker.retired(id(1));
  const summary = tracker.newest(at(0));
  assert.deepEqual([summary?.nodes, summary?.reached, summary?.t100Ms], [1, 1, 1]);
});

test('[CONV4] a node provisioned later joins the newest revision only, timed from then on', () => {
  const tracker = new ConvergenceTracker(DEADLINE_US);
  tracker.follow(published(1), fleet(1));
  tracker.follow(published(2), fleet(1));
  reach(tracker, 0, 2, 3_000);
  tracker.provisioned({ nodeId: id(1), provisionedAt: at(50_000_000) });
  assert.equal(tracker.summary(1 as Revision, at(0))?.nodes, 1);
  const joined = tracker.newest(at(50_000_000));
  assert.deepEqual([joined?.nodes, joined?.reached, joined?.t100Ms], [2, 1, null]);
  assert.equal(joined?.late, false, 'it has its own time');
  assert.deepEqual(joined?.missing, [id(1)]);
  reach(tracker, 1, 2, 50_007_000);
  assert.equal(tracker.newest(at(0))?.t100Ms, 7);
});

test('[CONV5] the curve has at most 300 points, never falls, and ends where the fleet is', () => {
  const tracker = new ConvergenceTracker(DEADLINE_US);
  tracker.follow(published(1), fleet(5_000));
  for (let i = 0; i < 4_321; i += 1) reach(tracker, i, 1, i * 10);
  const curve = tracker.report(1 as Revision, at(0))?.curve ?? [];
  assert.ok(curve.length > 100 && curve.length <= CONVERGENCE_CURVE_POINTS_MAX);
  for (let i = 1; i < curve.length; i += 1) {
    const [before, after] = [curve[i - 1], curve[i]];
    assert.ok(before !== undefined && after !== undefined);
    assert.ok(after[0] >= before[0] && after[1] > before[1]);
  }
  assert.deepEqual(curve.at(-1), [43.2, 4_321]);
});

test('[CONV7] past its deadline a revision that nodes lack is late, with at most 20 names in roster order', () => {
  const tracker = new ConvergenceTracker(DEADLINE_US);
  tracker.follow(published(1), fleet(30));
  reach(tracker, 0, 1, 1_000);
  assert.deepEqual(tracker.late(at(DEADLINE_US - 1)), []);
  const [late, ...more] = tracker.late(at(DEADLINE_US));
  assert.equal(more.length, 0);
  assert.equal(late?.late, true);
  assert.equal(late?.missing.length, 20);
  assert.equal(late?.missing[0], id(1));
  for (let i = 1; i < 30; i += 1) reach(tracker, i, 1, DEADLINE_US + i);
  assert.deepEqual(tracker.late(at(DEADLINE_US * 2)), []);
});

test('[CONV7] a late revision stays late under newer ones, and newer ones are told only if more nodes lack them', () => {
  const tracker = new ConvergenceTracker(DEADLINE_US);
  for (let r = 1; r <= 3; r += 1) tracker.follow(published(r, r), fleet(3));
  reach(tracker, 0, 3, 1_000);
  reach(tracker, 1, 2, 1_000);
  const late = tracker.late(at(DEADLINE_US * 2));
  assert.deepEqual(
    late.map(({ revision, missing }) => [revision, missing]),
    [
      [1, [id(2)]],
      [3, [id(1), id(2)]],
    ],
  );
});

test('[CONV9] only the newest revisions are followed; what leaves is handed out for saving', () => {
  const tracker = new ConvergenceTracker(DEADLINE_US);
  for (let r = 1; r <= CONVERGENCE_REVISIONS_MAX; r += 1) {
    assert.equal(tracker.follow(published(r), fleet(1)), null);
  }
  reach(tracker, 0, 1, 4_000);
  const dropped = tracker.follow(published(CONVERGENCE_REVISIONS_MAX + 1), fleet(1));
  assert.equal(dropped?.revision, 1);
  assert.equal(dropped?.t100Us, 4_000);
  assert.equal(tracker.summary(1 as Revision, at(0)), null);
});

test('[CONV9] a record is handed out for saving when it changed, and then no more', () => {
  const tracker = new ConvergenceTracker(DEADLINE_US);
  tracker.follow(published(1), fleet(2));
  assert.equal(tracker.takeUnsaved().length, 1);
  assert.equal(tracker.takeUnsaved().length, 0);
  reach(tracker, 0, 1, 1_000);
  tracker.addBytes(1 as Generation, 500);
  const [record] = tracker.takeUnsaved();
  assert.deepEqual([record?.reached, record?.bytes], [1, 500]);
});
