import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { ConvergenceReport } from '../../core/protocol/control-plane-control.ts';
import {
  CALIBRATION_NODES,
  type CalibrationOutcome,
  playCalibration,
} from '../support/calibration-stage.ts';
import { LiveStage } from '../support/live-stage.ts';
import { TwinStage } from '../support/twin-stage.ts';

/** Of heartbeats and their answers: a busy machine is late with some. */
const QUIET_SHARE_MIN = 0.7;
const QUIET_SHARE_MAX = 1.3;
/** How far the middle of a curve may be shifted, as a share of the time to 95 %. */
const SHAPE_OFF_MAX = 0.6;

/** The same scenario in both worlds. Where they differ, the twin is wrong. */
describe('the two worlds', { timeout: 120_000 }, () => {
  let live: CalibrationOutcome;
  let twin: CalibrationOutcome;

  before(async () => {
    twin = await playCalibration(new TwinStage());
    live = await playCalibration(new LiveStage());
  });

  test('[CALIB1] each step of the same scenario leaves every node in the same state, live and in the twin', () => {
    for (const [index, phase] of live.phases.entries()) {
      assert.deepEqual(twin.phases[index]?.nodes, phase.nodes, phase.name);
    }
    assert.deepEqual(twin.duringOutage, live.duringOutage);
    const last = live.phases.at(-1)?.nodes ?? [];
    const refusing = last.filter((line) => line.includes('; rejected '));
    assert.ok(refusing.length > 0 && refusing.length < CALIBRATION_NODES / 4, 'some nodes refuse');
    assert.ok(refusing.every((line) => line.includes('HTTPRoute/bench/cors')));
  });

  test('[CALIB2] both send as many pushes of each kind, are answered as often, and believe the same of each node', () => {
    for (const [index, { name, counts, believed, statuses }] of live.phases.entries()) {
      const other = twin.phases[index];
      assert.deepEqual(other?.counts, counts, name);
      assert.deepEqual(other?.believed, believed, name);
      assert.deepEqual(other?.statuses, statuses, name);
    }
    const full = live.phases.map(({ counts }) => counts.pushesFull);
    assert.deepEqual(
      full,
      full.map(() => CALIBRATION_NODES),
    );
  });

  test('[CALIB3] each publish reaches as many nodes with as many bytes in both, and its curve has the same shape', (t) => {
    assert.equal(twin.reports.length, live.reports.length);
    for (const [index, report] of live.reports.entries()) {
      const other = twin.reports[index];
      assert.ok(other !== undefined);
      assert.equal(other.revision, report.revision);
      assert.deepEqual(
        [other.nodes, other.reached, other.bytes],
        [report.nodes, report.reached, report.bytes],
      );
      assert.deepEqual(other.missing, report.missing);
      assertRises(report);
      assertRises(other);
      t.diagnostic(`r${report.revision}: live ${timesOf(report)}; twin ${timesOf(other)}`);
    }
    const [, liveChange] = live.reports;
    const [, twinChange] = twin.reports;
    assert.ok(liveChange !== undefined && twinChange !== undefined);
    const off = Math.abs(shapeOf(liveChange) - shapeOf(twinChange));
    t.diagnostic(
      `shape: live ${shapeOf(liveChange).toFixed(2)}, twin ${shapeOf(twinChange).toFixed(2)}`,
    );
    assert.ok(off <= SHAPE_OFF_MAX, `the curves differ by ${off}`);
  });

  test('[CALIB4] a fleet that nothing happens to is told what is current about as often in both', (t) => {
    const share = live.quietBytesPerNodeSecond / twin.quietBytesPerNodeSecond;
    t.diagnostic(
      `bytes a node and second: live ${live.quietBytesPerNodeSecond.toFixed(1)}, twin ${twin.quietBytesPerNodeSecond.toFixed(1)}`,
    );
    assert.ok(share >= QUIET_SHARE_MIN && share <= QUIET_SHARE_MAX, `live is ${share} of the twin`);
  });
});

function assertRises({ curve, t50Ms, t95Ms, t99Ms, reached }: ConvergenceReport): void {
  for (const [index, [ms, nodes]] of curve.entries()) {
    const [earlierMs, fewer] = curve[index - 1] ?? [0, 0];
    assert.ok(ms >= earlierMs && nodes >= fewer, 'a curve does not fall');
  }
  assert.equal(curve.at(-1)?.[1], reached);
  const times = [t50Ms, t95Ms, t99Ms].filter((ms) => ms !== null);
  assert.deepEqual(
    times,
    [...times].sort((a, b) => a - b),
  );
}

/** How late the nodes of the first 95 % are on average, as a share of when the last of them is there. */
function shapeOf({ curve, reached }: ConvergenceReport): number {
  const counted = Math.ceil(reached * 0.95);
  let sumMs = 0;
  let before = 0;
  let lastMs = 0;
  for (const [ms, nodes] of curve) {
    const more = Math.min(nodes, counted) - before;
    if (more <= 0) continue;
    sumMs += more * ms;
    before += more;
    lastMs = ms;
  }
  return sumMs / before / lastMs;
}

function timesOf({ t50Ms, t95Ms, t99Ms, t100Ms }: ConvergenceReport): string {
  return [t50Ms, t95Ms, t99Ms, t100Ms]
    .map((ms) => (ms === null ? 'never' : ms.toFixed(1)))
    .join(' / ');
}
