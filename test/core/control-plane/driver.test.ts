import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryConfigStore } from '../../../core/config/memory-config-store.ts';
import { createControlPlane } from '../../../core/control-plane/control-plane.ts';
import { ControlPlaneDriver } from '../../../core/control-plane/control-plane-driver.ts';
import { DEFAULT_CONTROL_PLANE_SETTINGS } from '../../../core/control-plane/settings.ts';
import { createMemoryLinkPair } from '../../../core/lib/memory-link.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import type { Link } from '../../../core/ports/link.ts';
import {
  type ControlPlaneToNode,
  decodeControlPlaneFrame,
} from '../../../core/protocol/node-link.ts';
import { VirtualTime } from '../../contract/virtual-time.ts';
import { configText, LINEAGE, nodeId } from './world.ts';

function setUp(nodes: number, sendBufferBytesMax = 1_000_000) {
  const time = new VirtualTime();
  const store = createMemoryConfigStore({ lineage: LINEAGE });
  const at = time.now();
  const add = Array.from({ length: nodes }, (_, i) => ({
    nodeId: nodeId(i),
    cell: 'cell-a',
    provisionedAt: at,
  }));
  store.changeInventory({ add, retire: [], actor: 'test', at });
  const random = createSeededRandom(1);
  const settings = DEFAULT_CONTROL_PLANE_SETTINGS;
  const control = createControlPlane({ store, random, settings }, at);
  const answers: unknown[] = [];
  const driver = new ControlPlaneDriver({
    control,
    clock: time,
    scheduler: time,
    onRespond: (_requestId, response) => answers.push(response.ok ? 'ok' : response.error.reason),
    onBackup: (_requestId, path) => answers.push(`backup ${path}`),
  });
  const connect = () => {
    const options = { clock: time, scheduler: time, latencyUs: 200, sendBufferBytesMax };
    const pair = createMemoryLinkPair(options);
    const frames: ControlPlaneToNode['type'][] = [];
    pair.a.onFrame((frame) => {
      const decoded = decodeControlPlaneFrame(frame);
      assert.ok(decoded.ok);
      frames.push(decoded.value.type);
    });
    const closes: string[] = [];
    pair.a.onClose(({ reason }) => closes.push(reason));
    driver.accept(pair.b);
    return { link: pair.a, cut: pair.cut, frames, closes };
  };
  return {
    time,
    store,
    driver,
    connect,
    answers,
    belief: () => control.belief(time.now(), MEASURED),
  };
}

const MEASURED = { bytesSent: 0, publishMsLast: null, rssBytes: 0 };

function sayHello(link: Link, index: number): void {
  const capabilities = {
    agentVersion: '1',
    features: [],
    limits: { resourcesMax: 100, configBytesMax: 100_000 },
  };
  const hello = { type: 'hello', protocol: 1, nodeId: nodeId(index), cell: 'cell-a' };
  link.send(JSON.stringify({ ...hello, labels: {}, capabilities, bootId: 1, serving: null }));
}

function publish(driver: ControlPlaneDriver, text: string): void {
  const request = { method: 'publish', text, base: null, message: 'm', actor: 'a' } as const;
  driver.handle({ type: 'request', requestId: 1, request });
}

test('[DRIVE1] links and timers become events, effects become frames and answers', () => {
  const { time, driver, connect, answers, belief } = setUp(2);
  publish(driver, configText([80]));
  driver.handle({ type: 'request', requestId: 2, request: { method: 'backup', path: '/x' } });
  assert.deepEqual(answers, ['ok', 'backup /x']);
  const node = connect();
  sayHello(node.link, 0);
  assert.equal(belief().load.handshakesPending, 1);
  time.runAll();
  // The push was never answered, so time ran to its deadline.
  assert.deepEqual(node.frames, ['welcome', 'push', 'full']);
  assert.deepEqual(node.closes, ['answer-timeout']);
  assert.equal(answers.length, 2);
  assert.ok(driver.bytesSent > 500);
  assert.equal(driver.links, 0);
});

test('[DRIVE1] what cannot be read, and what breaks, concerns one link alone', () => {
  const { time, driver, connect, belief } = setUp(2);
  const [garbage, broken, good] = [connect(), connect(), connect()];
  garbage.link.send('{');
  sayHello(good.link, 1);
  broken.cut();
  time.runAll();
  assert.deepEqual(garbage.closes, ['bad-frame']);
  assert.deepEqual(good.frames, ['welcome']);
  assert.deepEqual(good.closes, ['heartbeat-timeout']);
  assert.equal(belief().load.closedByReason['bad-frame'], 1);
  assert.equal(driver.links, 0);
});

test('[SLOW1] a link over its send buffer is closed as a slow consumer', () => {
  const { time, driver, connect, belief } = setUp(1, 1_000);
  publish(driver, configText([80, 81, 82, 83, 84, 85, 86, 87]));
  const node = connect();
  sayHello(node.link, 0);
  const heartbeat = JSON.stringify({
    type: 'heartbeat',
    serving: null,
    counters: { reconnects: 0, pushesApplied: 0, pushesRejected: 0, badFrames: 0 },
    health: 'healthy',
  });
  // Answered at one instant with the hello, while all of the full push is still under way.
  node.link.send(heartbeat);
  time.runAll();
  assert.deepEqual(node.closes, ['slow-consumer']);
  assert.equal(belief().load.closedByReason['slow-consumer'], 1);
  assert.equal(driver.links, 0);
});
