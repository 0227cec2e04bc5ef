import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeConfig } from '../../../simulator/twin/change-config.ts';
import { SERVICE_TIMES } from '../../../simulator/twin/service-times.ts';
import { at, cell, FLEET, run, twinOptions } from './twin-fixture.ts';

test('[TWIN33] a disk that comes back stale twice in a row has the config before the last both times', () => {
  const restart = (disk: 'keep' | 'stale') =>
    ({ kind: 'node-restart', target: FLEET, disk }) as const;
  const restarted = (...disks: readonly ('keep' | 'stale')[]) =>
    run({
      durationUs: 115_000_000,
      // Again before the first has had time to connect and write.
      faults: disks.map((disk, index) => at(80 + index / 1_000, restart(disk))),
    }).report;
  const once = restarted('stale');
  assert.equal(once.pushes.pushesFull, 20);
  assert.equal(once.pushes.pushesDelta, 40);
  for (const report of [
    restarted('stale', 'stale', 'stale'),
    restarted('stale', 'keep', 'stale'),
  ]) {
    assert.equal(report.pushes.pushesFull, 20);
    assert.equal(report.pushes.pushesDelta, 40);
    assert.equal(report.end.onTarget, 20);
  }
});

test('[TWIN34] what a push carries arrives damaged: the node serves on what it had, and has it after the next', () => {
  const target = cell('eu-west');
  const faults = [at(50, { kind: 'push-corrupted', target, durationMs: 40_000 })];
  const { world, report } = run({ durationUs: 110_000_000, faults });
  const covered = world.nodes.filter(({ cell: name }) => name === 'eu-west').length;
  assert.ok(covered > 0 && covered < 20);
  // As a delta, then once in full; both do not hash to what was announced.
  assert.equal(report.pushes.pushesDelta, 20);
  assert.equal(report.pushes.pushesFull, 20 + covered);
  assert.equal(report.pushes.nacks, 2 * covered);
  assert.equal(report.requests.failed + report.requests.refused, 0);
  assert.deepEqual(report.end, {
    onTarget: 20 - covered,
    behind: covered,
    ahead: 0,
    unconfigured: 0,
    down: 0,
    refusing: covered,
  });
  assert.equal(report.belief?.rejected, covered);
  // The next publish, with the fault over, brings all of them on.
  const later = run({ durationUs: 170_000_000, faults }).report;
  assert.equal(later.end.onTarget, 20);
  assert.equal(later.belief?.rejected, 0);
});

test('[TWIN35] an agent that says each ack twice changes nothing: an answer counts once', () => {
  const clear = run().report;
  const { report, world } = run({
    faults: [at(0, { kind: 'answers-repeated', target: FLEET, durationMs: null })],
  });
  assert.deepEqual(report.pushes, clear.pushes);
  assert.deepEqual(report.end, clear.end);
  assert.deepEqual(report.belief, clear.belief);
  assert.equal(report.publishes.at(-1)?.reached, 20);
  // Each ack but the first is preceded by the one before it.
  assert.equal(world.controlPlane.belief()?.load.staleNonces, 20 * (report.publishes.length - 1));
});

test('[TWIN36] a publish takes the time of the documents of its own text, the first one too', () => {
  const { configText } = twinOptions();
  const busyUs = (text: string) =>
    run({ durationUs: 1, configText: text, publishes: null }).world.controlPlane.busyUs;
  const one = busyUs(configText);
  assert.ok(one > 0);
  assert.equal(busyUs(changeConfig(configText, 1)) - one, SERVICE_TIMES.publishUsPerResourceNew);
});
