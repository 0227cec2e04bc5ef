import assert from 'node:assert/strict';
import { test } from 'node:test';
import { micros } from '../../../core/ports/clock.ts';
import { SERVICE_TIMES } from '../../../simulator/twin/service-times.ts';
import { reportOf } from '../../../simulator/twin/twin-report.ts';
import { TwinWorld } from '../../../simulator/twin/twin-world.ts';
import { at, cell, FLEET, run, twinOptions } from './twin-fixture.ts';

test('[TWIN7] the same seed gives the same run, in one piece or in many; another seed another', () => {
  const faults = [at(90, { kind: 'control-plane-kill', downMs: 40_000 })];
  const first = run({ faults }).report;
  assert.deepEqual(run({ faults }).report, first);
  const options = twinOptions({ faults });
  const sliced = new TwinWorld(options);
  while (!sliced.runUntil(micros(options.durationUs), 97));
  assert.deepEqual(reportOf(sliced, 0), first);
  assert.notEqual(run({ faults, seed: 2 }).report.traceHash, first.traceHash);
});

test('[TWIN8] a fleet without faults comes up, and every publish reaches every node as a delta', () => {
  const { report } = run();
  assert.equal(report.publishes.length, 5);
  for (const publish of report.publishes) {
    assert.equal(publish.reached, 20);
    assert.ok(publish.t50Ms !== null && publish.t100Ms !== null && publish.t50Ms <= publish.t100Ms);
  }
  assert.equal(report.pushes.pushesFull, 20);
  assert.equal(report.pushes.pushesDelta, 80);
  assert.equal(report.end.onTarget, 20);
  assert.deepEqual(report.belief, { connected: 20, acknowledged: 20, rejected: 0, ahead: 0 });
  assert.ok(report.requests.asked > 0);
  assert.equal(report.requests.failed + report.requests.refused, 0);
});

test('[TWIN9] while the control plane is gone every node serves on, and a restart pushes nothing in full', () => {
  const { report } = run({
    publishes: null,
    faults: [at(60, { kind: 'control-plane-kill', downMs: 120_000 })],
  });
  assert.equal(report.controlPlane.starts, 2);
  assert.equal(report.requests.failed + report.requests.refused, 0);
  assert.equal(report.pushes.pushesFull, 20);
  assert.equal(report.pushes.pushesDelta, 0);
  assert.deepEqual(report.belief, { connected: 20, acknowledged: 20, rejected: 0, ahead: 0 });
  assert.ok(report.staleness.unverifiedMsMax > 120_000);
});

test('[TWIN9] what was published survives the kill; what is published meanwhile is refused in words', () => {
  const { report } = run({ faults: [at(110, { kind: 'control-plane-kill', downMs: 20_000 })] });
  assert.deepEqual(
    report.publishesRefused.map(({ atMs, detail }) => [atMs, detail]),
    [[120_000, 'The control plane is down.']],
  );
  assert.equal(report.controlPlane.headRevision, 4);
  assert.equal(report.end.onTarget, 20);
});

test('[TWIN9] a publish that waited for the process when it was killed is told as unanswered', () => {
  const { report } = run({
    durationUs: 100_000_000,
    times: { ...SERVICE_TIMES, helloUs: 4_000_000 },
    faults: [at(65, { kind: 'control-plane-kill', downMs: null })],
  });
  assert.deepEqual(
    report.publishesRefused.map(({ atMs, detail }) => [atMs, detail]),
    [[65_000, 'The control plane ended before it answered.']],
  );
  assert.equal(report.controlPlane.isUp, false);
  assert.equal(report.belief, null);
});

test('[TWIN10] a one-way partition stops one direction alone, and its nodes catch up when it heals', () => {
  for (const blocked of ['to-node', 'to-control-plane'] as const) {
    const { report } = run({
      durationUs: 180_000_000,
      faults: [
        at(50, { kind: 'link-one-way', target: cell('eu-west'), blocked, durationMs: 90_000 }),
      ],
    });
    assert.equal(report.requests.failed + report.requests.refused, 0, blocked);
    assert.ok(report.staleness.lagMsMax >= (blocked === 'to-node' ? 20_000 : 0), blocked);
    assert.equal(report.end.onTarget, 20, blocked);
    assert.equal(report.pushes.pushesFull, 20, blocked);
  }
});

test('[TWIN11] a corrupted disk is not served from: the node falls back and is sent a full config', () => {
  const { report, world } = run({
    publishes: null,
    durationUs: 120_000_000,
    faults: [at(60, { kind: 'node-restart', target: cell('eu-west'), disk: 'corrupt' })],
  });
  const restarted = world.nodes.filter(({ cell: name }) => name === 'eu-west').length;
  assert.ok(restarted > 0);
  assert.equal(report.pushes.pushesFull, 20 + restarted);
  assert.ok(report.requests.failed > 0);
  assert.equal(report.end.onTarget, 20);
});

test('[TWIN11] a kept disk brings its node back serving, and nothing is pushed', () => {
  const { report } = run({
    publishes: null,
    durationUs: 120_000_000,
    faults: [at(60, { kind: 'node-restart', target: FLEET, disk: 'keep' })],
  });
  assert.equal(report.pushes.pushesFull + report.pushes.pushesDelta, 20);
  assert.equal(report.requests.failed, 0);
  assert.ok(report.requests.refused > 0);
});

test('[TWIN11] a disk that lied, or came back stale, has the config before; a delta brings it on', () => {
  const lied = run({
    durationUs: 115_000_000,
    faults: [
      at(50, { kind: 'disk-lies', target: FLEET, durationMs: null }),
      at(80, { kind: 'node-restart', target: FLEET, disk: 'keep' }),
    ],
  }).report;
  const stale = run({
    durationUs: 115_000_000,
    faults: [at(80, { kind: 'node-restart', target: FLEET, disk: 'stale' })],
  }).report;
  for (const report of [lied, stale]) {
    assert.equal(report.pushes.pushesFull, 20);
    assert.equal(report.pushes.pushesDelta, 40);
    assert.equal(report.end.onTarget, 20);
  }
});

test('[TWIN11] a full disk refuses the push, keeps what is served, and asks again when it may have room', () => {
  const { report } = run({
    durationUs: 299_000_000,
    publishes: { ...onePublish(), everyUs: 60_000_000 },
    faults: [at(50, { kind: 'disk-full', target: FLEET, durationMs: 60_000 })],
  });
  assert.ok(report.pushes.nacks >= 20);
  assert.equal(report.requests.failed, 0);
  assert.equal(report.end.onTarget, 20);
});

test('[TWIN12] an older copy of the store leaves the fleet ahead: it serves on, and publishing is refused', () => {
  const { report } = run({
    durationUs: 290_000_000,
    faults: [
      at(90, { kind: 'control-plane-backup' }),
      at(200, { kind: 'control-plane-restore', downMs: 1_000 }),
    ],
  });
  assert.equal(report.controlPlane.headRevision, 2);
  assert.equal(report.end.ahead, 20);
  assert.equal(report.belief?.ahead, 20);
  assert.deepEqual(
    report.publishesRefused.map(({ reason }) => reason),
    ['fleet-ahead'],
  );
  assert.equal(report.requests.failed + report.requests.refused, 0);
});

test('[TWIN13] after a reset, and after a half-open link, every node is back and nobody counts twice', () => {
  const { report } = run({
    durationUs: 290_000_000,
    faults: [
      at(70, { kind: 'link-reset', target: FLEET }),
      at(130, { kind: 'link-half-open', target: FLEET }),
    ],
  });
  assert.deepEqual(report.belief, { connected: 20, acknowledged: 20, rejected: 0, ahead: 0 });
  assert.equal(report.pushes.pushesFull, 20);
});

test('[TWIN14] latency, loss and bandwidth make a publish later, each in its own measure', () => {
  const t100 = (fault: Parameters<typeof at>[1]) =>
    run({ durationUs: 110_000_000, faults: [at(30, fault)] }).report.publishes[1]?.t100Ms ?? 0;
  const durationMs = null;
  const clear = t100({
    kind: 'link-latency',
    target: FLEET,
    latencyMs: 0,
    jitterMs: 0,
    durationMs,
  });
  const late = t100({
    kind: 'link-latency',
    target: FLEET,
    latencyMs: 400,
    jitterMs: 0,
    durationMs,
  });
  const lossy = t100({ kind: 'link-loss', target: FLEET, perMille: 500, stallMs: 300, durationMs });
  const narrow = t100({ kind: 'link-bandwidth', target: FLEET, bytesPerSecond: 1_000, durationMs });
  assert.ok(clear < 100);
  assert.equal(Math.round(late - clear), 800);
  assert.ok(lossy >= 300);
  // About 1.1 kB down and 0.1 kB up.
  assert.ok(narrow > 1_000 && narrow < 2_500);
});

test('[TWIN14] what waits for a narrow link goes as soon as the link is wide again', () => {
  const t100 = (durationMs: number) => {
    const narrow = { kind: 'link-bandwidth', target: FLEET, bytesPerSecond: 100 } as const;
    const faults = [at(59, { ...narrow, durationMs })];
    return run({ durationUs: 110_000_000, faults }).report.publishes[1]?.t100Ms ?? 0;
  };
  // Narrow until a second after the publish; the push alone would take eleven.
  assert.equal(Math.floor(t100(2_000) / 100), 10);
  assert.ok(t100(5_000) > 4_000 && t100(5_000) < 4_100);
});

test('[TWIN15] what is kept for later stays bounded, however long the run', () => {
  const options = twinOptions({ durationUs: 3_600_000_000, requestsPerSecond: 0 });
  const world = new TwinWorld(options);
  let most = 0;
  for (let minute = 1; minute <= 60; minute += 1) {
    world.runUntil(micros(minute * 60_000_000));
    most = Math.max(most, world.time.pending);
  }
  assert.ok(most < 20 * 12, `${most} entries for 20 nodes`);
});

function onePublish() {
  const { publishes } = twinOptions();
  assert.ok(publishes !== null);
  return publishes;
}

test('[TWIN27] the trace hash tells apart what is served, said, answered and sent, not only when', () => {
  const { configText } = twinOptions();
  const service = (name: string) =>
    `---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: q}\nspec: {ports: [{port: 80}]}\n`;
  const hashOf = (text: string) =>
    run({ durationUs: 10_000_000, publishes: null, requestsPerSecond: 0, configText: text }).report
      .traceHash;
  const texts = ['', service('x-a'), service('x-b'), service('x-longer')];
  assert.equal(new Set(texts.map((text) => hashOf(`${configText}\n${text}`))).size, texts.length);
});

test('[TWIN30] of two faults that keep the control plane down the longer holds', () => {
  const killed = (downMs: number | null, then: number | null) =>
    run({
      durationUs: 150_000_000,
      publishes: null,
      faults: [
        at(30, { kind: 'control-plane-kill', downMs }),
        at(40, { kind: 'control-plane-kill', downMs: then }),
      ],
    }).report;
  assert.equal(killed(30_000, null).controlPlane.isUp, false);
  assert.equal(killed(null, 30_000).controlPlane.isUp, false);
  const longer = killed(60_000, 1_000);
  assert.equal(longer.controlPlane.starts, 2);
  assert.ok(longer.staleness.unverifiedMsMax > 60_000);
});
