import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scrubSnapshot } from '../../../core/config/snapshot.ts';
import { NodeMachine } from '../../../core/node/node-machine.ts';
import { MICROS_PER_SECOND, micros } from '../../../core/ports/clock.ts';
import type { ScheduledFault } from '../../../simulator/twin/twin-fault.ts';
import type { TwinOptions } from '../../../simulator/twin/twin-options.ts';
import type { TwinSeams } from '../../../simulator/twin/twin-seams.ts';
import { TwinWorld } from '../../../simulator/twin/twin-world.ts';
import { at, FLEET, twinOptions } from './twin-fixture.ts';

const SCRUB_MS = 20_000;

function worldOf(options: Partial<TwinOptions>, seams: TwinSeams = {}): TwinWorld {
  return new TwinWorld(twinOptions({ publishes: null, requestsPerSecond: 0, ...options }), {
    createNode: (input) => new NodeMachine({ ...input, scrubPeriodMs: SCRUB_MS }),
    ...seams,
  });
}

function runTo(world: TwinWorld, seconds: number): void {
  world.runUntil(micros(seconds * MICROS_PER_SECOND));
}

function harmed(world: TwinWorld): number {
  return world.nodes.filter(({ machine }) => {
    const { serving } = machine;
    return serving !== null && scrubSnapshot(serving.snapshot) !== null;
  }).length;
}

const damage = at(60, { kind: 'memory-corrupted', target: FLEET });

test('[SCRUB6] damaged memory is mended from the disk by the next scrub; nothing is pushed for it', () => {
  const world = worldOf({ faults: [damage] });
  runTo(world, 60.001);
  assert.equal(harmed(world), 20);
  const pushed = world.controlPlane.sentCounts;
  runTo(world, 60 + (SCRUB_MS * 1.1) / 1_000);
  assert.equal(harmed(world), 0);
  assert.deepEqual(world.controlPlane.sentCounts, pushed);
  assert.ok(world.nodes.every(({ machine }) => machine.serving?.statement.source === 'disk'));
});

test('[SCRUB6] with nothing of use on the disk, the control plane is asked and sends it whole', () => {
  const lies: ScheduledFault = at(0, { kind: 'disk-lies', target: FLEET, durationMs: 30_000 });
  const world = worldOf({ faults: [lies, damage] });
  runTo(world, 60.001);
  assert.equal(world.controlPlane.sentCounts.pushesFull, 20);
  runTo(world, 61 + (SCRUB_MS * 1.1) / 1_000);
  assert.equal(harmed(world), 0);
  assert.equal(world.controlPlane.sentCounts.pushesFull, 40);
  assert.equal(world.controlPlane.belief()?.counts.acknowledged, 20);
  assert.equal(world.controlPlane.belief()?.counts.ahead, 0);
});

test('[SCRUB6] whoever is not aimed at still holds the config whole that all had shared', () => {
  const nodeId = worldOf({}).nodes[3]?.machine.nodeId;
  assert.ok(nodeId !== undefined);
  const target = { scope: 'node', nodeId } as const;
  const world = worldOf({ faults: [at(60, { kind: 'memory-corrupted', target })] });
  runTo(world, 60.001);
  assert.equal(harmed(world), 1);
});

test('[AGE6] a fleet whose links are renewed every few seconds is served as if they were not', () => {
  const connectionAgeUs = 5 * MICROS_PER_SECOND;
  const world = worldOf({ requestsPerSecond: 20 }, { settings: { connectionAgeUs } });
  runTo(world, 300);
  const belief = world.controlPlane.belief();
  const renewed = belief?.load.closedByReason['connection-age'] ?? 0;
  assert.ok(renewed > 20 * 50, `${renewed}`);
  assert.deepEqual(Object.keys(belief?.load.closedByReason ?? {}), ['connection-age']);
  assert.equal(world.controlPlane.sentCounts.pushesFull, 20);
  assert.equal(world.controlPlane.sentCounts.pushesDelta, 0);
  assert.equal(world.traffic.failed + world.traffic.refused, 0);
  assert.ok(world.nodes.every(({ machine }) => machine.counters.reconnects === 0));
});

test('[AGE6] links that were made at once are not renewed at once', () => {
  const connectionAgeUs = 60 * MICROS_PER_SECOND;
  const world = worldOf({ nodes: 300 }, { settings: { connectionAgeUs } });
  let before = 0;
  let most = 0;
  for (let second = 1; second <= 70; second += 1) {
    runTo(world, second);
    const all = world.controlPlane.belief()?.load.closedByReason['connection-age'] ?? 0;
    most = Math.max(most, all - before);
    before = all;
  }
  assert.equal(before, 300);
  assert.ok(most < 60, `${most} in one second`);
});
