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
const CHANGED_MANY = 301;
const PUSH_BYTES = 1_000;
const PUSH_BYTES_MANY = 501_000;
/** What the measurements below are made of, microseconds. */
const COST = {
  publish: 4_000,
  perResource: 20,
  perResourceNew: 500,
  frame: 10,
  nodeShare: 9,
  apply: 300,
  served: 15,
  changed: 400,
  sentMegabyte: 1_000,
  readMegabyte: 3_000,
  appliedMegabyte: 20_000,
  servedChanged: 70,
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
  // Each resource of that push is of 800 bytes, whose own cost is 16 of its 50.
  assert.deepEqual([times.nodeApplyUs, times.nodeApplyUsPerResource], [COST.apply - 50, 34]);
  assert.equal(times.nodeApplyUsPerMegabyte, COST.appliedMegabyte);
  assert.equal(times.pushUsPerMegabyte, COST.sentMegabyte);
  assert.equal(times.nodeFrameUsPerMegabyte, COST.readMegabyte);
  assert.equal(times.publishUsPerMegabyteChanged, COST.changed * 1_000, 'of 1,000 characters each');
  assert.equal(times.diskWriteUsPerMegabyte, 1_200);
  assert.deepEqual([times.diskWriteUsMin, times.diskWriteUsMax], [150, 300]);
  assert.deepEqual(shared, {
    frameUs: COST.nodeShare,
    sendUs: COST.nodeShare,
    furtherApplyUs: COST.nodeShare,
    servedUsPerResource: COST.served,
    servedUsPerResourceChanged: COST.servedChanged,
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
  const wall = inWallTime(fit, { each: 1.5, more: 2 });
  assert.equal(wall.times.publishUs, Math.round(fit.times.publishUs * 1.5));
  assert.equal(wall.shared.servedUsPerResource, Math.round(COST.served * 1.5));
  assert.deepEqual([wall.times.diskWriteUsMin, wall.times.diskWriteUsMax], [150, 300]);
  assert.equal(wall.times.diskWriteUsPerMegabyte, 1_200);
  assert.equal(wall.times.pushUsPerMegabyte, COST.sentMegabyte * 2);
  assert.equal(wall.times.publishUsPerMegabyteChanged, COST.changed * 1_000 * 2);
  assert.equal(wall.shared.servedUsPerResourceChanged, COST.servedChanged * 2);
});

function measured(): Measured {
  return {
    fleets: [fleet(100), fleet(300), fleet(1_000)],
    documents: DOCUMENTS,
    documentsSmall: DOCUMENTS_SMALL,
    changedMany: CHANGED_MANY,
    changedManyCharacters: CHANGED_MANY * 1_000,
    heartbeat: { controlPlane: 70, simulator: 80 },
    apply: {
      delta: COST.apply,
      full: COST.apply + 999 * 50,
      resources: 1_000,
      wide: COST.apply + 999 * 50 + 2 * COST.appliedMegabyte,
      fullBytes: 800_000,
      wideBytes: 2_800_000,
    },
    disk: { low: 150, high: 300, perMegabyte: 1_200 },
    loopback: { low: 15, high: 20 },
  };
}

function fleet(nodes: number): FleetMeasured {
  return {
    nodes,
    firstPublishUs: COST.publish + COST.perResourceNew * DOCUMENTS,
    publishes: samples(nodes, DOCUMENTS, 1),
    manyPublishes: samples(nodes, DOCUMENTS, CHANGED_MANY),
    smallPublishes: samples(nodes, DOCUMENTS_SMALL, 1),
    restarts: [
      { controlPlane: 200 * nodes, simulator: 300 * nodes },
      { controlPlane: 900 * nodes, simulator: 900 * nodes },
    ],
  };
}

/** One of each four is disturbed; a publish also waits for the disk, 150 µs. */
function samples(nodes: number, documents: number, changed: number): PublishSample[] {
  const bytes = changed === 1 ? PUSH_BYTES : PUSH_BYTES_MANY;
  const megabytes = (bytes - PUSH_BYTES) / 1_000_000;
  const controlMore = COST.changed * (changed - 1) + COST.sentMegabyte * megabytes * nodes;
  const nodesMore =
    (COST.servedChanged + 50) * (changed - 1) + COST.readMegabyte * megabytes * nodes;
  return Array.from({ length: 40 }, (_, index) => {
    const disturbedUs = index % 4 !== 0 ? 0 : 5_000 * index;
    const controlUs = COST.publish + COST.perResource * documents + 3 * COST.frame * nodes;
    const simulatorUs = COST.apply + COST.served * documents + 4 * COST.nodeShare * nodes;
    return {
      t50Ms: 1,
      t99Ms: 2,
      t100Ms: 3,
      bytes,
      cpu: {
        controlPlane: controlUs + controlMore + disturbedUs,
        simulator: simulatorUs + nodesMore + disturbedUs,
      },
    };
  });
}
