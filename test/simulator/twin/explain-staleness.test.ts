import assert from 'node:assert/strict';
import { test } from 'node:test';
import { micros } from '../../../core/ports/clock.ts';
import { explainStaleness } from '../../../simulator/twin/explain-staleness.ts';
import type { ScheduledFault } from '../../../simulator/twin/twin-fault.ts';
import { at, cell, FLEET, run } from './twin-fixture.ts';

const NODE = 'eu-west/edge-0001';

function why(faults: Parameters<typeof run>[0], seconds: number, nodeId = NODE): string {
  const { world } = run({ ...faults, traceEntriesMax: 200_000 });
  return explainStaleness(world, nodeId, micros(seconds * 1_000_000)).join('\n');
}

test('[TWIN16] a node that was not stale, that is unknown, or an instant that never came: said so', () => {
  assert.match(why({}, 130), /served r3, which was the newest\.$/);
  assert.match(why({}, 130, 'eu-west/nobody'), /^There is no node eu-west\/nobody/);
  assert.match(why({}, 900), /^The run had not come to 15:00\.000\.$/);
});

test('[TWIN17] why: a push that a cut holds leads to the cut', () => {
  const fault = { kind: 'link-one-way', target: cell('eu-west'), durationMs: 60_000 } as const;
  const text = why({ faults: [at(119, { ...fault, blocked: 'to-node' })] }, 122);
  assert.match(
    text,
    /served r2, one revision behind r3; the first it lacked was published at 2:00\.000/,
  );
  assert.match(text, /A delta push of r3 was sent to it at 2:00\.\d{3} and did not arrive\./);
  assert.match(
    text,
    /held by the fault “nothing reaches the node, cell eu-west”, which began at 1:59\.000/,
  );
});

test('[TWIN17] why: a node whose link ended leads to what of the conversation was held', () => {
  const fault = { kind: 'link-partition', target: cell('eu-west'), durationMs: 100_000 } as const;
  const text = why({ faults: [at(70, fault)] }, 122);
  assert.match(
    text,
    /Its link ended at 1:\d\d\.\d{3} \(heartbeat-timeout\), and it was not back yet/,
  );
  assert.match(text, /held by the fault “links cut, cell eu-west”, which began at 1:10\.000/);
});

test('[TWIN17] why: a control plane that is gone, a node that is down, a disk that is full, a slow link', () => {
  const killed = at(120, { kind: 'control-plane-kill', downMs: 60_000 });
  const slow = { kind: 'link-latency', target: FLEET, latencyMs: 2_000, jitterMs: 0 } as const;
  const publishes = null;
  assert.match(
    why({ faults: [killed, at(121, { kind: 'node-restart', target: FLEET, disk: 'stale' })] }, 125),
    /served r1, one revision behind r2[\s\S]*Its link ended at 2:00\.\d{3} \(connection lost\)[\s\S]*The control plane was down since 2:00\.000/,
  );
  assert.match(
    why({ faults: [at(120, { kind: 'node-restart', target: FLEET, disk: 'keep' })] }, 120.05),
    /The node itself was down since 2:00\.000/,
  );
  assert.match(
    why({ faults: [at(100, { kind: 'disk-full', target: FLEET, durationMs: null })] }, 125),
    /arrived at 2:00\.\d{3}; the node refused it \(storage-failed\)/,
  );
  assert.match(
    why({ faults: [at(100, { ...slow, durationMs: null })] }, 121),
    /was still on its way\.\nA fault stood on its link since 1:40\.000: latency 2 s, the whole fleet\./,
  );
  assert.match(why({ publishes }, 0), /nothing was published|built-in default/);
});

test('[TWIN18] a trace that does not reach back says so and makes nothing up', () => {
  const { world } = run({ traceEntriesMax: 50 });
  const [sentence] = explainStaleness(world, NODE, micros(100_000_000));
  assert.match(sentence ?? '', /The trace does not reach back/);
});

/** The fleet of 12 in 4 cells that the faults below are told of. */
function whyOfTwelve(faults: readonly ScheduledFault[], seconds: number): string {
  return why({ nodes: 12, cells: 4, seed: 3, faults }, seconds);
}

const COPIED = at(100, { kind: 'control-plane-backup' });
const PUT_BACK = at(200, { kind: 'control-plane-restore', downMs: 2_000 });
const WIPED = { kind: 'node-restart', target: FLEET, disk: 'lose' } as const;

test('[TWIN17] why: what a restore undid is not lacked; who serves it is ahead, and who has the head is not stale', () => {
  assert.match(
    whyOfTwelve([COPIED, PUT_BACK], 210),
    /served r4, which the control plane did not know: an older copy of its store, with r2 as its newest, had been put back at 3:20\.000\.$/,
  );
  // Before it was put back, nothing was undone.
  assert.match(whyOfTwelve([COPIED, PUT_BACK], 199), /served r4, which was the newest\.$/);
  assert.match(
    whyOfTwelve([COPIED, PUT_BACK, at(200, WIPED)], 210),
    /served r2, which was the newest\.$/,
  );
});

test('[TWIN17] why: a slow push blames no disk and no agent', () => {
  for (const kind of ['disk-full', 'disk-lies', 'answers-repeated'] as const) {
    const fault = at(119.99, { kind, target: FLEET, durationMs: null });
    const text = whyOfTwelve([fault], 120.002);
    assert.match(text, /served r2, one revision behind r3/);
    assert.doesNotMatch(text, /A fault stood on its link/);
  }
});

test('[TWIN17] why: what was read of the snapshot store before a restart is not what the node has', () => {
  const killed = at(100, { kind: 'control-plane-kill', downMs: null });
  const text = whyOfTwelve([killed, at(120, WIPED)], 124);
  assert.match(text, /served its built-in default, 2 revisions behind r2/);
  assert.match(text, /It restarted, by the fault “restart \(disk: lose\), the whole fleet”/);
  assert.match(text, /It had not read the snapshot store since\.$/);
  assert.match(text, /down since 1:40\.000, by the fault “control plane killed”, which began/);
});

test('[TWIN17] why: a node that is down served nothing, and who ended it is named', () => {
  assert.match(
    whyOfTwelve([at(120, WIPED)], 120.05),
    /^At 2:00\.050 eu-west\/edge-0001 was down and served nothing\.\nThe node itself was down since 2:00\.000, by the fault “restart \(disk: lose\), the whole fleet”, which began at 2:00\.000\.$/,
  );
});

test('[TWIN17] why: a refusal leads to the fault of the disk, or of the push', () => {
  const of = (kind: 'disk-full' | 'push-corrupted') =>
    whyOfTwelve([at(110, { kind, target: FLEET, durationMs: null })], 125);
  assert.match(
    of('disk-full'),
    /\(storage-failed\)\.\nThen stood the fault “disks full, the whole/,
  );
  assert.match(
    of('push-corrupted'),
    /\(hash-mismatch\)\.\nThen stood the fault “pushes arrive dam/,
  );
});
