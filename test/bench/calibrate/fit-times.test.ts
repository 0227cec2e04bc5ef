import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fitTimes,
  inWallTime,
  type Measured,
  wallPerCpu,
} from '../../../bench/calibrate/fit-times.ts';
import type { FleetMeasured, PublishSample } from '../../../bench/calibrate/measure-fleet.ts';

const DOCUMENTS = 1_000;
const DOCUMENTS_SMALL = 100;
/** What the measurements below are made of, microseconds. */
const COST = {
  publish: 4_000,
  perResource: 20,
  perResourceNew: 500,
  frame: 10,
  nodeShare: 9,
  apply: 300,
  served: 15,
};

test('[CALIB7] the costs that a run was made of are found again, whatever disturbs some of its publishes', () => {
  const { times, shared, lines } = fitTimes(measured());
  assert.equal(times.publishUs, COST.publish + 150);
  assert.equal(times.publishUsPerResource, COST.perResource);
  assert.equal(times.publishUsPerResourceNew, COST.perResourceNew);
  const { sendUs, pushUs, answerUs, otherUs } = times;
  for (const us of [sendUs, pushUs, answerUs, otherUs]) assert.equal(us, COST.frame);
  assert.equal(times.heartbeatUs, 70 - COST.frame);
  assert.equal(times.acceptUs + times.helloUs, 200 - 2 * COST.frame);
  assert.equal(times.nodeConnectUs, 300 - 2 * COST.nodeShare);
  assert.equal(times.nodeFrameUs + times.nodeSendUs, 80);
  assert.equal(times.nodeApplyUs + times.nodeApplyUsPerResource, COST.apply);
  assert.equal(times.nodeApplyUsPerResource, 50);
  assert.deepEqual([times.diskWriteUsMin, times.diskWriteUsMax], [150, 300]);
  assert.deepEqual(shared, {
    frameUs: COST.nodeShare,
    sendUs: COST.nodeShare,
    furtherApplyUs: COST.nodeShare,
    servedUsPerResource: COST.served,
  });
  for (const { points } of lines) {
    for (const { measuredUs, fittedUs } of points) assert.ok(Math.abs(measuredUs - fittedUs) < 1);
  }
});

test('[CALIB7] a figure that noise has made less than nothing is one microsecond', () => {
  const noisy = measured();
  const { times } = fitTimes({ ...noisy, heartbeat: { controlPlane: 1, simulator: -5 } });
  assert.equal(times.heartbeatUs, 1);
  assert.equal(times.nodeFrameUs, 1);
});

test('[CALIB7] CPU time is stretched to the wall time that publishes took, within reason; the disk is not', () => {
  const pairs = [
    { liveMs: 30, twinMs: 20 },
    { liveMs: 60, twinMs: 40 },
  ];
  assert.equal(wallPerCpu(pairs), 1.5);
  assert.equal(wallPerCpu([{ liveMs: 10, twinMs: 20 }]), 1);
  assert.equal(wallPerCpu([{ liveMs: 900, twinMs: 20 }]), 3);
  const fit = fitTimes(measured());
  const wall = inWallTime(fit, 1.5);
  assert.equal(wall.times.publishUs, Math.round(fit.times.publishUs * 1.5));
  assert.equal(wall.shared.servedUsPerResource, Math.round(COST.served * 1.5));
  assert.deepEqual([wall.times.diskWriteUsMin, wall.times.diskWriteUsMax], [150, 300]);
});

function measured(): Measured {
  return {
    fleets: [fleet(100), fleet(300), fleet(1_000)],
    documents: DOCUMENTS,
    documentsSmall: DOCUMENTS_SMALL,
    heartbeat: { controlPlane: 70, simulator: 80 },
    apply: { delta: COST.apply, full: COST.apply + 999 * 50, resources: 1_000 },
    disk: { low: 150, high: 300 },
    loopback: { low: 15, high: 20 },
  };
}

function fleet(nodes: number): FleetMeasured {
  return {
    nodes,
    firstPublishUs: COST.publish + COST.perResourceNew * DOCUMENTS,
    publishes: samples(nodes, DOCUMENTS),
    smallPublishes: samples(nodes, DOCUMENTS_SMALL),
    restarts: [
      { controlPlane: 200 * nodes, simulator: 300 * nodes },
      { controlPlane: 900 * nodes, simulator: 900 * nodes },
    ],
  };
}

/** One of each four is disturbed; a publish also waits for the disk, 150 µs. */
function samples(nodes: number, documents: number): PublishSample[] {
  return Array.from({ length: 40 }, (_, index) => {
    const disturbedUs = index % 4 !== 0 ? 0 : 5_000 * index;
    const controlUs = COST.publish + COST.perResource * documents + 3 * COST.frame * nodes;
    const simulatorUs = COST.apply + COST.served * documents + 4 * COST.nodeShare * nodes;
    return {
      t50Ms: 1,
      t99Ms: 2,
      t100Ms: 3,
      cpu: { controlPlane: controlUs + disturbedUs, simulator: simulatorUs + disturbedUs },
    };
  });
}
