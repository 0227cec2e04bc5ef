import assert from 'node:assert/strict';
import { test } from 'node:test';
import { micros } from '../../../core/ports/clock.ts';
import type { ChosenSettings } from '../../../core/protocol/twin-settings.ts';
import { messageNumber } from '../../../simulator/twin/message-names.ts';
import { publishesOf } from '../../../simulator/twin/pair-figures.ts';
import { prepareRehearsal } from '../../../simulator/twin/rehearse/prepare-rehearsal.ts';
import { PairRun, runPair, runPairGently } from '../../../simulator/twin/run-pair.ts';
import type { TraceEntry } from '../../../simulator/twin/trace.ts';
import type { TwinOptions } from '../../../simulator/twin/twin-options.ts';
import type { TwinWorld } from '../../../simulator/twin/twin-world.ts';
import { request } from './rehearse/rehearsal-fixture.ts';
import { at, FLEET, run, twinOptions } from './twin-fixture.ts';

const ENTRIES_MAX = 200_000;

/** Both reports, or the sentence that says why not. */
function pairOf(changes: Partial<TwinOptions>, first: ChosenSettings, second: ChosenSettings) {
  const pair = runPair(twinOptions(changes), first, second);
  assert.ok(pair.ok, pair.ok ? '' : pair.error);
  return pair.value;
}

test('[PAIR1] each of two runs is the one that its settings give alone, with the same faults and publishes', () => {
  const durationUs = 150_000_000;
  const faults = [at(70, { kind: 'control-plane-kill', downMs: 20_000 })];
  const pair = pairOf({ faults, durationUs }, {}, { heartbeatMs: 5_000, fullPushesInFlightMax: 3 });
  assert.equal(pair.first.traceHash, run({ faults, durationUs }).report.traceHash);
  const alone = run({
    faults,
    durationUs,
    heartbeatMs: 5_000,
    settings: { fullPushesInFlightMax: 3 },
  }).report;
  assert.equal(pair.second.traceHash, alone.traceHash);
  assert.equal(pair.second.settings.heartbeatMs, 5_000);
  assert.equal(pair.second.settings.fullPushesInFlightMax, 3);
  assert.equal(pair.first.settings.heartbeatMs, 10_000);
  assert.equal(pair.first.controlPlane.starts, 2);
  assert.deepEqual(
    pair.publishes.map(({ askedAtMs }) => askedAtMs),
    [0, 60_000, 120_000],
  );
});

test('[PAIR2] runs under the same settings, or under such as never count, do not part', () => {
  const same = pairOf({ durationUs: 90_000_000 }, {}, {});
  assert.equal(same.parting, null);
  assert.equal(same.first.traceHash, same.second.traceHash);
  assert.ok(same.figures.every(({ difference }) => difference === 0 || difference === null));
  const unused = pairOf({ durationUs: 90_000_000 }, {}, { retryAfterMsMax: 60_000 });
  assert.equal(unused.parting, null);
});

test('[PAIR2] where runs part is the instant of the first step that only one of them took', () => {
  const options = twinOptions({ durationUs: 6_000_000, publishes: null });
  const traffic = pairOf(options, {}, { requestsPerSecond: 5 });
  const step = { atMs: traffic.parting?.atMs, what: 'traffic', nodeId: null };
  assert.deepEqual(traffic.parting, { atMs: step.atMs, first: step, second: step });
  const settings = [{ requestsPerSecond: 5 }, { linkLatencyUs: 3_000 }, { debounceQuietMs: 1_000 }];
  for (const second of settings) {
    const changes = { ...options, publishes: { ...publishPlan(), everyUs: 900_000 } };
    const { parting } = pairOf(changes, {}, second);
    const parted = PairRun.begin(changes, {}, second);
    assert.ok(parted.ok);
    const [one, other] = [entriesOf(parted.value.first), entriesOf(parted.value.second)];
    const index = one.findIndex((entry, i) => JSON.stringify(entry) !== JSON.stringify(other[i]));
    const instant = Math.min(one[index]?.at ?? Infinity, other[index]?.at ?? Infinity);
    assert.equal(parting?.atMs, instant / 1_000, JSON.stringify(second));
  }
});

test('[PAIR3] heartbeats twice as often leave the chances of every push, disk and reconnect as they are', () => {
  const faults = [at(100, { kind: 'link-reset', target: FLEET })];
  const [slow, fast] = [10_000, 5_000].map((heartbeatMs) =>
    pushesOf(run({ faults, heartbeatMs, traceEntriesMax: ENTRIES_MAX }).world),
  );
  assert.ok(slow !== undefined && fast !== undefined);
  // Five publishes of twenty nodes: the times on the link, those until written, and the reconnects.
  assert.equal(slow.linkUs.length, 100);
  assert.equal(slow.diskUs.length, 100);
  assert.equal(slow.connects.length, 40);
  assert.deepEqual(fast, slow);
});

test('[PAIR3] neither do more requests, or more dumps to the snapshot store, change how a publish spreads', () => {
  for (const second of [{ requestsPerSecond: 60 }, { snapshotIntervalMs: 700 }]) {
    const pair = pairOf({ durationUs: 100_000_000 }, {}, second);
    assert.notEqual(pair.parting, null);
    assert.equal(pair.publishes.length, 2);
    for (const { figures } of pair.publishes) {
      for (const { name, difference } of figures) assert.equal(difference, 0, name);
    }
  }
});

test('[PAIR4] every number of both reports stands beside the other, with the difference', () => {
  const faults = [at(110, { kind: 'control-plane-kill', downMs: 20_000 })];
  const pair = pairOf({ faults }, {}, { heartbeatMs: 2_000, linkLatencyUs: 21_000 });
  const named = new Map(pair.figures.map((figure) => [figure.name, figure]));
  for (const name of [
    'staleness.lagMsMax',
    'requests.lost',
    'pushes.retryLaters',
    'bytes.toNodes',
    'controlPlane.busyMs',
    'controlPlane.waitingMost',
    'controlPlane.hellos',
    'end.onTarget',
    'belief.acknowledged',
    'publishesRefused',
  ]) {
    assert.ok(named.has(name), name);
  }
  const bytes = named.get('bytes.toNodes');
  assert.equal(bytes?.first, pair.first.bytes.toNodes);
  assert.equal(bytes?.second, pair.second.bytes.toNodes);
  assert.equal(bytes?.difference, pair.second.bytes.toNodes - pair.first.bytes.toNodes);
  // The one at two minutes is refused in both; it has no figures.
  assert.deepEqual(
    pair.publishes.map(({ askedAtMs }) => askedAtMs),
    [0, 60_000, 180_000, 240_000],
  );
  const t50 = pair.publishes[1]?.figures.find(({ name }) => name === 't50Ms');
  // There and back, 20 ms later each.
  assert.equal(Math.round(t50?.difference ?? 0), 40);
});

test('[PAIR4] a publish that only one run took stands alone, whatever its revision was', () => {
  const { report } = run({ durationUs: 150_000_000 });
  const [first, second, third] = report.publishes;
  assert.ok(first !== undefined && second !== undefined && third !== undefined);
  const refused = { ...report, publishes: [first, { ...third, revision: second.revision }] };
  const pairs = publishesOf(report, refused);
  assert.deepEqual(
    pairs.map(({ askedAtMs, figures }) => [askedAtMs, figures[0]]),
    [
      [0, { name: 'reached', first: 20, second: 20, difference: 0 }],
      [60_000, { name: 'reached', first: 20, second: null, difference: null }],
      [120_000, { name: 'reached', first: 20, second: 20, difference: 0 }],
    ],
  );
});

test('[PAIR5] settings that do not go together are refused in a sentence', () => {
  for (const [first, second] of [
    [{ debounceQuietMs: 5_000 }, {}],
    [{}, { debounceQuietMs: 5_000 }],
  ] as const) {
    const pair = runPair(twinOptions(), first, second);
    assert.ok(!pair.ok);
    assert.match(pair.error, /^A debounce-quiet of 5000 ms is more than a debounce-max of 1000 ms/);
  }
});

test('[PAIR6] a pair that is told to stop ends both runs at about the same virtual time', async () => {
  const stop = new AbortController();
  stop.abort();
  const options = twinOptions({ durationUs: 365 * 86_400_000_000, requestsPerSecond: 0 });
  const run = await runPairGently(options, {}, { heartbeatMs: 2_000 }, stop.signal);
  assert.ok(run.ok);
  const { first, second } = run.value.report();
  assert.equal(first.isWhole || second.isWhole, false);
  assert.ok(first.virtualMs - second.virtualMs <= 1_000);
});

test('[PAIR5] a fleet that has been running already is refused in words, not run for nothing', () => {
  const rehearsal = prepareRehearsal(request());
  assert.ok(rehearsal.ok);
  const pair = runPair(rehearsal.value.options, {}, { heartbeatMs: 2_000 });
  assert.ok(!pair.ok);
  assert.match(
    pair.error,
    /^A fleet that has been running already cannot be run under two settings;/,
  );
});

function publishPlan() {
  const { publishes } = twinOptions();
  assert.ok(publishes !== null);
  return publishes;
}

/** All that a world did to its end, oldest first. */
function entriesOf(world: TwinWorld): readonly TraceEntry[] {
  world.runUntil(micros(world.options.durationUs));
  assert.equal(world.trace.hasForgotten, false);
  return [...world.trace.backwards()].reverse();
}

/** By node and in order: how long each push was under way and was written for, and when each connect began. */
function pushesOf(world: TwinWorld) {
  const pushes = new Set([messageNumber('full'), messageNumber('delta')]);
  const sent = new Map<number, number>();
  const arrived = new Map<number, number>();
  const linkUs: number[] = [];
  const diskUs: number[] = [];
  const connects: number[] = [];
  const nodes = [...world.trace.backwards()].reverse();
  for (let row = 0; row < world.nodes.length; row += 1) {
    for (const { at: instant, kind, a } of nodes.filter(({ node }) => node === row)) {
      if (kind === 'down-sent' && pushes.has(a)) sent.set(row, instant);
      if (kind === 'down-arrived' && pushes.has(a)) {
        linkUs.push(instant - (sent.get(row) ?? 0));
        arrived.set(row, instant);
      }
      if (kind === 'written') diskUs.push(instant - (arrived.get(row) ?? 0));
      if (kind === 'connecting') connects.push(instant);
    }
  }
  return { linkUs, diskUs, connects };
}
