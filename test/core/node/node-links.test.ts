import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { NodeId, Nonce } from '../../../core/config/ids.ts';
import { ALL_FEATURES } from '../../../core/gateway/features.ts';
import { AGENT_CURRENT, agentProfileOf } from '../../../core/node/agent-profiles.ts';
import { configChunks } from '../../../core/node/config-chunks.ts';
import { healthOf, inspectNode, isAhead, linkStateOf } from '../../../core/node/inspect-node.ts';
import {
  NODE_BACKOFF_BASE_MS,
  NODE_BACKOFF_CAP_MS,
  NODE_LOG_ENTRIES_MAX,
} from '../../../core/node/node-limits.ts';
import { micros } from '../../../core/ports/clock.ts';
import {
  CONFIG_CHUNK_CHARS,
  NODE_TO_CONTROL_PLANE_FRAME_BYTES_MAX,
} from '../../../core/protocol/limits.ts';
import { encodeFrame } from '../../../core/protocol/node-link.ts';
import {
  full,
  HEARTBEAT_MS,
  hashOfBodies,
  NodeHarness,
  onDisk,
  sent,
  service,
  snapshotOf,
} from './node-harness.ts';

const CART = service('cart');
const NO_TRAFFIC = { requestsPerSecond: 0, failuresPerSecond: 0 };

/** Milliseconds from now to the next try. */
function retryMs(harness: NodeHarness): number {
  const at = harness.timers.get('retry');
  assert.ok(at !== undefined);
  return (at - harness.now) / 1_000;
}

test('[NODE-HELLO] hello is the first frame and states what is served', () => {
  const harness = new NodeHarness();
  harness.boot(onDisk([CART], 4));
  const [hello, ...rest] = sent(harness.open());
  assert.equal(rest.length, 0);
  assert.ok(hello?.type === 'hello');
  assert.equal(hello.serving?.revision, 4);
  assert.equal(hello.serving?.source, 'disk');
  assert.equal(hello.serving?.hash, hashOfBodies([CART]));
  assert.deepEqual(hello.capabilities, AGENT_CURRENT.capabilities);
});

test('[NODE-HELLO] a node with nothing but its default states nothing and is degraded', () => {
  const harness = new NodeHarness();
  harness.boot();
  const [hello] = sent(harness.open());
  assert.ok(hello?.type === 'hello');
  assert.equal(hello.serving, null);
  assert.equal(healthOf(harness.node), 'degraded');
});

test('[NODE-SOURCES] a node serves from its disk before it has any connection', () => {
  const harness = new NodeHarness();
  harness.boot(onDisk([CART], 4));
  assert.equal(harness.node.serving?.statement.revision, 4);
  assert.equal(healthOf(harness.node), 'healthy');
  assert.equal(linkStateOf(harness.node), 'lost');
});

test('[NODE-SOURCES] a disk whose content does not hash to its record is not served', () => {
  const load = onDisk([CART], 4);
  assert.ok(load.kind === 'found');
  const harness = new NodeHarness();
  harness.boot({ ...load, resources: [service('cart', 81)] });
  assert.equal(harness.node.serving, null);
  const notes = harness.take().filter((effect) => effect.type === 'note');
  assert.equal(notes.length, 1);
});

test('[NODE-SOURCES] a damaged disk falls to the default with a note', () => {
  const harness = new NodeHarness();
  harness.boot({ kind: 'damaged', detail: 'r4 cannot be read back' });
  assert.equal(harness.node.serving, null);
  assert.ok(harness.take().some((effect) => effect.type === 'note'));
});

test('[NODE-VERIFIED] welcome, push and current reset the unverified clock, nothing else does', () => {
  const harness = new NodeHarness();
  harness.boot(onDisk([CART], 4));
  assert.equal(harness.node.verifiedAt, micros(500_000_000));
  harness.open();
  assert.equal(harness.node.verifiedAt, micros(500_000_000));
  harness.welcome();
  assert.equal(harness.node.verifiedAt, harness.now);
  harness.advanceMs(10);
  harness.current();
  assert.equal(harness.node.verifiedAt, harness.now);
  harness.advanceMs(10);
  harness.frame({ type: 'push', nonce: 1 as Nonce });
  const atPush = harness.now;
  assert.equal(harness.node.verifiedAt, atPush);
  harness.advanceMs(10);
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: '' });
  assert.equal(harness.node.verifiedAt, atPush);
});

test('[NODE-HEARTBEAT] heartbeats keep within ten percent of what welcome asked', () => {
  const harness = new NodeHarness();
  harness.boot();
  harness.connect();
  for (let i = 0; i < 50; i += 1) {
    const effects = harness.fire('heartbeat');
    assert.equal(sent(effects)[0]?.type, 'heartbeat');
    harness.current();
    const at = harness.timers.get('heartbeat');
    assert.ok(at !== undefined);
    const ms = (at - harness.now) / 1_000;
    assert.ok(ms >= HEARTBEAT_MS * 0.9 && ms <= HEARTBEAT_MS * 1.1, `${ms}`);
  }
});

test('[NODE-HEARTBEAT] a heartbeat without current ends the link from the node', () => {
  const harness = new NodeHarness();
  harness.boot();
  harness.connect();
  harness.apply(full(1, [CART]));
  harness.fire('heartbeat');
  const effects = harness.fire('current');
  assert.ok(effects.some((e) => e.type === 'close-link' && e.reason === 'heartbeat-timeout'));
  assert.equal(linkStateOf(harness.node), 'lost');
  assert.equal(healthOf(harness.node), 'healthy');
});

test('[NODE-HEARTBEAT] current in time keeps the link', () => {
  const harness = new NodeHarness();
  harness.boot();
  harness.connect();
  harness.fire('heartbeat');
  harness.current();
  assert.ok(!harness.timers.has('current'));
});

test('[NODE-TIMEOUTS] a connect or a welcome that does not come is given up', () => {
  const harness = new NodeHarness();
  harness.boot();
  harness.fire('retry');
  const hanging = harness.fire('connect');
  assert.ok(hanging.some((e) => e.type === 'close-link' && e.reason === 'connect-timeout'));
  harness.open();
  const silent = harness.fire('welcome');
  assert.ok(silent.some((e) => e.type === 'close-link' && e.reason === 'hello-timeout'));
  assert.ok(harness.timers.has('retry'));
});

test('[NODE-BACKOFF] tries are drawn from 0 to a bound that doubles up to the cap', () => {
  const longestMs: number[] = [];
  for (let seed = 0; seed < 200; seed += 1) {
    const harness = new NodeHarness(AGENT_CURRENT, seed);
    harness.boot();
    for (let attempt = 0; attempt < 10; attempt += 1) {
      harness.fire('retry');
      harness.event({ type: 'link-closed', linkId: harness.linkId, reason: 'ECONNREFUSED' });
      const boundMs = Math.min(NODE_BACKOFF_CAP_MS, NODE_BACKOFF_BASE_MS * 2 ** attempt);
      const ms = retryMs(harness);
      assert.ok(ms >= 0 && ms <= boundMs, `attempt ${attempt}: ${ms}`);
      longestMs[attempt] = Math.max(longestMs[attempt] ?? 0, ms);
    }
  }
  // The draws fill their range: full jitter, not a fixed schedule.
  for (const [attempt, ms] of longestMs.entries()) {
    assert.ok(ms > Math.min(NODE_BACKOFF_CAP_MS, NODE_BACKOFF_BASE_MS * 2 ** attempt) * 0.9);
  }
});

test('[NODE-BACKOFF] a welcome begins the backoff anew', () => {
  const harness = new NodeHarness();
  harness.boot();
  for (let i = 0; i < 8; i += 1) {
    harness.fire('retry');
    harness.event({ type: 'link-closed', linkId: harness.linkId, reason: 'ECONNREFUSED' });
  }
  harness.connect();
  harness.event({ type: 'link-closed', linkId: harness.linkId, reason: '' });
  assert.ok(retryMs(harness) <= NODE_BACKOFF_BASE_MS);
});

test('[NODE-RETRY-LATER] a node comes no sooner than it was told', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const harness = new NodeHarness(AGENT_CURRENT, seed);
    harness.boot();
    harness.open();
    const effects = harness.frame({
      type: 'retry-later',
      afterMs: 3_000,
      reason: 'handshakes-full',
    });
    assert.ok(effects.some((e) => e.type === 'close-link' && e.reason === 'retry-later'));
    assert.ok(retryMs(harness) >= 3_000 && retryMs(harness) <= 4_500);
  }
});

test('[NODE-RETRY-LATER] a node that is put off again and again spreads wider, until it is served', () => {
  const longestMs = (deferrals: number, served: boolean): number => {
    let longest = 0;
    for (let seed = 0; seed < 60; seed += 1) {
      const harness = new NodeHarness(AGENT_CURRENT, seed);
      harness.boot();
      for (let i = 0; i <= deferrals; i += 1) {
        harness.connect();
        if (served && i === deferrals) harness.current();
        harness.frame({ type: 'retry-later', afterMs: 500, reason: 'full-pushes-full' });
        assert.ok(retryMs(harness) >= 500);
      }
      longest = Math.max(longest, retryMs(harness));
    }
    return longest;
  };
  assert.ok(longestMs(0, false) <= 750);
  assert.ok(longestMs(6, false) > 5_000);
  assert.ok(longestMs(6, true) <= 750);
});

test('[NODE-INCOMPATIBLE] a node that is refused backs off to the cap and says so', () => {
  const harness = new NodeHarness();
  harness.boot();
  harness.open();
  const effects = harness.frame({
    type: 'incompatible',
    reason: 'retired-node',
    detail: 'eu-west/edge-0001 was retired',
  });
  assert.ok(effects.some((e) => e.type === 'note' && e.text.includes('retired-node')));
  assert.ok(retryMs(harness) >= NODE_BACKOFF_CAP_MS / 2);
});

test('[NODE-STALE-LINK] what an older link still says is ignored', () => {
  const harness = new NodeHarness();
  harness.boot();
  harness.connect();
  const old = harness.linkId;
  harness.event({ type: 'link-closed', linkId: old, reason: '' });
  harness.connect();
  assert.deepEqual(harness.event({ type: 'link-closed', linkId: old, reason: '' }), []);
  assert.equal(linkStateOf(harness.node), 'connected');
});

test('[NODE-RESTART] a restart forgets memory, closes the link and reads the disk after its delay', () => {
  const harness = new NodeHarness();
  harness.boot();
  harness.connect();
  const writing = harness.push(full(1, [CART])).effects;
  const effects = harness.event({ type: 'boot', delayUs: 300_000 });
  assert.ok(effects.some((e) => e.type === 'close-link' && e.reason === 'stopped'));
  assert.equal(healthOf(harness.node), 'down');
  assert.deepEqual(harness.persisted(writing), []);
  assert.deepEqual([...harness.timers.keys()], ['boot']);
  assert.deepEqual(harness.fire('boot'), [{ type: 'read-disk' }]);
  harness.event({ type: 'disk-read', load: onDisk([CART], 1), connectAfterUs: 0 });
  assert.equal(harness.node.serving?.statement.source, 'disk');
});

test('[NODE-FETCH] fetch-config is answered with the served config in chunks that fit a frame', () => {
  const harness = new NodeHarness();
  harness.boot();
  harness.connect();
  const bodies = Array.from({ length: 40 }, (_, i) => ({
    ...service(`s${i}`),
    metadata: {
      name: `s${i}`,
      namespace: 'shop',
      annotations: { note: `"ü漢字😀\\${i}`.repeat(200) },
    },
  }));
  harness.apply(full(1, bodies));
  const chunks = sent(harness.frame({ type: 'fetch-config', requestId: 3 }));
  assert.ok(chunks.length > 1);
  let text = '';
  for (const [index, chunk] of chunks.entries()) {
    assert.ok(chunk.type === 'config-chunk');
    assert.equal(chunk.index, index);
    assert.equal(chunk.chunks, chunks.length);
    assert.equal(chunk.requestId, 3);
    assert.ok(chunk.text.length <= CONFIG_CHUNK_CHARS);
    assert.ok(Buffer.byteLength(encodeFrame(chunk)) <= NODE_TO_CONTROL_PLANE_FRAME_BYTES_MAX);
    text += chunk.text;
  }
  assert.equal(hashOfBodies(JSON.parse(text)), hashOfBodies(bodies));
});

test('[NODE-FETCH] a config of nothing but wide text still fits its frames', () => {
  const body = { ...service('wide'), spec: { text: '漢'.repeat(100_000) } };
  const harness = new NodeHarness();
  harness.boot();
  harness.connect();
  harness.apply(full(1, [body]));
  const statement = harness.node.serving?.statement;
  assert.ok(statement !== undefined);
  for (const chunk of configChunks(1, statement, snapshotOf([body]))) {
    assert.ok(Buffer.byteLength(encodeFrame(chunk)) <= NODE_TO_CONTROL_PLANE_FRAME_BYTES_MAX);
  }
});

test('[NODE-LOG] the log keeps the newest entries only', () => {
  const harness = new NodeHarness();
  harness.boot();
  for (let i = 0; i < 40; i += 1) {
    harness.connect();
    harness.event({ type: 'link-closed', linkId: harness.linkId, reason: `end ${i}` });
  }
  const { log } = inspectNode(harness.node, NO_TRAFFIC, harness.now);
  assert.equal(log.length, NODE_LOG_ENTRIES_MAX);
  assert.equal(log.at(-1)?.text, 'control link lost: end 39');
});

test('[NODE-AHEAD] a node is ahead of a control plane whose generation is older', () => {
  const harness = new NodeHarness();
  harness.boot(onDisk([CART], 9));
  assert.equal(isAhead(harness.node), false);
  harness.connect({ generation: 3 });
  assert.equal(isAhead(harness.node), true);
  harness.current(9);
  assert.equal(isAhead(harness.node), false);
});

test('[NODE-AGENTS] a fleet of 200 has a few older agents, the same ones every time', () => {
  const ids = Array.from({ length: 200 }, (_, i) => `eu-west/edge-${i}` as NodeId);
  const versions = ids.map((id) => agentProfileOf(id).capabilities.agentVersion);
  const older = versions.filter((version) => version !== '1.4.2').length;
  assert.ok(older >= 3 && older <= 30, `${older}`);
  assert.deepEqual(
    versions,
    ids.map((id) => agentProfileOf(id).capabilities.agentVersion),
  );
  for (const id of ids) {
    const { features, featuresMissing } = agentProfileOf(id);
    assert.ok(featuresMissing.every((name) => ALL_FEATURES.includes(name) && !features.has(name)));
  }
});
