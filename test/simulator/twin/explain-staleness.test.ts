import assert from 'node:assert/strict';
import { test } from 'node:test';
import { micros } from '../../../core/ports/clock.ts';
import { explainStaleness } from '../../../simulator/twin/explain-staleness.ts';
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
