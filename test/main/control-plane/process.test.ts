import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import type { NodeId, Revision } from '../../../core/config/ids.ts';
import { NODE_TO_CONTROL_PLANE_FRAME_BYTES_MAX } from '../../../core/protocol/limits.ts';
import { configText } from '../../core/control-plane/world.ts';
import { ControlPlaneChild, FLEET_TOKEN, makeDataDir } from './control-plane-child.ts';
import { NodeClient } from './node-client.ts';

const A = 'cell-a/node-a' as NodeId;
const B = 'cell-a/node-b' as NodeId;
const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function dataPath(): Promise<string> {
  const dir = await makeDataDir();
  cleanups.push(() => dir.remove());
  return join(dir.path, 'control-plane.sqlite');
}

async function start(path: string, options = {}) {
  const started = await ControlPlaneChild.start(path, options);
  cleanups.push(() => started.child.sigkill());
  return started;
}

async function startWithFleet(path: string) {
  const { child, ready } = await start(path);
  const add = [A, B].map((nodeId) => ({ nodeId, cell: 'cell-a' }));
  const response = await child.request({ method: 'change-inventory', add, retire: [], actor: 't' });
  assert.ok(response.ok);
  return { child, port: ready.port };
}

async function publish(child: ControlPlaneChild, text: string, base: number | null) {
  const by = { message: 'm', actor: 't' };
  const revision = base as Revision | null;
  const response = await child.request({ method: 'publish', text, base: revision, ...by });
  assert.ok(response.ok, JSON.stringify(response));
}

async function joinFleet(port: number, nodeId: NodeId): Promise<NodeClient> {
  const node = await NodeClient.open(port);
  cleanups.push(() => node.socket.terminate());
  node.hello(nodeId);
  return node;
}

/** Sends raw HTTP and returns what comes back. */
async function http(port: number, path: string, headers: readonly string[]): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (data) => {
    text += data.toString();
  });
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${headers.join('\r\n')}\r\n\r\n`,
  );
  await once(socket, 'close');
  return text;
}

const UPGRADE = [
  'connection: Upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
];
const SUBPROTOCOL = 'sec-websocket-protocol: holdfast.node.v1';
const TOKEN = `authorization: Bearer ${FLEET_TOKEN}`;

test('[LIVE1] a publish reaches a node over a real socket, and its ack is believed', async () => {
  const { child, port } = await startWithFleet(await dataPath());
  const node = await joinFleet(port, A);
  await publish(child, configText([80, 81]), null);
  const { counts, head } = await child.belief(({ counts }) => counts.acknowledged === 1);
  assert.equal(head?.rootHash, node.snapshot.hash);
  assert.equal(counts.inventory, 2);
  await publish(child, configText([80, 82]), 1);
  await node.until(() => node.has('delta'));
  const after = await child.belief(({ convergence }) => convergence?.reached === 1);
  assert.equal(after.convergence?.nodes, 2);
  assert.deepEqual(after.convergence?.missing, [B]);
  assert.ok(after.load.bytesSent > 0 && after.load.rssBytes > 0);
  assert.ok(after.load.publishMsLast !== null);
});

test('[LIVE2] what was published survives SIGKILL, and a current node gets no full push after', async () => {
  const path = await dataPath();
  const before = await startWithFleet(path);
  const node = await joinFleet(before.port, A);
  await publish(before.child, configText([80]), null);
  await node.until(() => node.serving !== null);
  before.child.sigkill();
  await before.child.exited;
  await node.until(() => node.closed !== null);
  const { child, ready } = await start(path);
  assert.equal(ready.head?.revision, 1);
  assert.equal(ready.headText, configText([80]));
  assert.deepEqual(
    ready.inventory.map(({ nodeId }) => nodeId),
    [A, B],
  );
  const again = await NodeClient.open(ready.port);
  cleanups.push(() => again.socket.terminate());
  again.serving = node.serving;
  again.snapshot = node.snapshot;
  again.hello(A);
  const { load } = await child.belief(({ counts }) => counts.acknowledged === 1);
  assert.equal(load.pushesFull + load.pushesDelta, 0);
  assert.deepEqual(
    again.messages.map(({ type }) => type),
    ['welcome'],
  );
});

test('[FRAME1] [FRAME3] garbage closes its connection with a named reason, and nobody else notices', async () => {
  const { child, port } = await startWithFleet(await dataPath());
  await publish(child, configText([80]), null);
  const good = await joinFleet(port, A);
  const bad = await joinFleet(port, B);
  await bad.until(() => bad.has('welcome'));
  bad.socket.send('this is no frame');
  await bad.until(() => bad.closed !== null);
  assert.deepEqual(bad.closed, { code: 4400, reason: 'bad-frame' });
  await good.until(() => good.serving !== null);
  const { load } = await child.belief((belief) => belief.load.closedByReason['bad-frame'] === 1);
  assert.equal(load.connections, 1);
  assert.equal(good.closed, null);
});

test('[FRAME2] an oversized frame closes its connection with 1009, counted', async () => {
  const { child, port } = await startWithFleet(await dataPath());
  const good = await joinFleet(port, A);
  const bad = await joinFleet(port, B);
  bad.socket.send('x'.repeat(NODE_TO_CONTROL_PLANE_FRAME_BYTES_MAX + 1));
  await bad.until(() => bad.closed !== null);
  assert.equal(bad.closed?.code, 1009);
  const { load } = await child.belief(
    (belief) => belief.load.closedByReason['frame-too-large'] === 1,
  );
  assert.equal(load.connections, 1);
  assert.equal(good.closed, null);
});

test('[FRAME1] broken WebSocket framing is a bad frame', async () => {
  const { child, port } = await startWithFleet(await dataPath());
  const bad = await joinFleet(port, B);
  await bad.until(() => bad.has('welcome'));
  // A client must mask; this frame is not masked and has reserved bits set.
  const raw: unknown = Reflect.get(bad.socket, '_socket');
  assert.ok(raw instanceof Object && 'write' in raw && typeof raw.write === 'function');
  raw.write(Buffer.from([0xf1, 0x01, 0x61]));
  await child.belief((belief) => belief.load.closedByReason['bad-frame'] === 1);
});

test('[AUTH1] [AUTH2] [AUTH3] requests without the token, from a browser, or for something else are turned away', async () => {
  const { child, port } = await startWithFleet(await dataPath());
  const cases: [string, string, readonly string[]][] = [
    ['401', 'unauthorized', [...UPGRADE, SUBPROTOCOL]],
    ['401', 'unauthorized', [...UPGRADE, SUBPROTOCOL, 'authorization: Bearer wrong']],
    ['403', 'browser-origin', [...UPGRADE, SUBPROTOCOL, TOKEN, 'origin: http://127.0.0.1']],
    ['400', 'bad-subprotocol', [...UPGRADE, TOKEN, 'sec-websocket-protocol: chat']],
    ['426', 'upgrade-required', [TOKEN]],
  ];
  for (const [status, reason, headers] of cases) {
    const answer = await http(port, '/node', headers);
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
    assert.match(answer, new RegExp(`x-holdfast-reason: ${reason}`));
  }
  assert.match(await http(port, '/other', [...UPGRADE, SUBPROTOCOL, TOKEN]), /^HTTP\/1.1 404 /);
  const { load } = await child.belief(({ load }) => load.closedByReason['not-found'] === 1);
  assert.equal(load.closedByReason.unauthorized, 2);
  assert.equal(load.closedByReason['browser-origin'], 1);
  assert.equal(load.connections, 0);
});

test('[HELLO4] a stranger is told incompatible and closed', async () => {
  const { port } = await startWithFleet(await dataPath());
  const node = await joinFleet(port, 'cell-a/stranger' as NodeId);
  await node.until(() => node.closed !== null);
  assert.deepEqual(node.closed, { code: 4402, reason: 'incompatible' });
  assert.ok(node.has('incompatible'));
});

test('[INIT1] a port that is taken is one sentence and exit 1', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  cleanups.push(() => void taken.close());
  const address = taken.address();
  assert.ok(address !== null && typeof address !== 'string');
  const child = new ControlPlaneChild();
  child.init(await dataPath(), { port: address.port });
  const fatal = await child.event('fatal');
  assert.equal(fatal.reason, 'port-taken');
  assert.match(fatal.detail, /^Port \d+ is in use/);
  assert.deepEqual(await child.exited, { code: 1, signal: null });
});

test('[INIT1] a file that is no store, and a store in use, are one sentence and exit 1', async () => {
  const path = await dataPath();
  const damaged = `${path}.damaged`;
  await writeFile(damaged, 'this is not a database, whatever its name says. '.repeat(200));
  await start(path);
  for (const [file, reasons] of [
    [damaged, ['not-a-store', 'damaged']],
    [path, ['in-use']],
  ] as const) {
    const child = new ControlPlaneChild();
    child.init(file);
    const fatal = await child.event('fatal');
    assert.ok((reasons as readonly string[]).includes(fatal.reason), fatal.reason);
    assert.ok(!fatal.detail.includes('\n'));
    assert.deepEqual(await child.exited, { code: 1, signal: null });
  }
});

test('[STOP1] shut-down says goodbye to the nodes, keeps their words and exits 0', async () => {
  const path = await dataPath();
  const { child, port } = await startWithFleet(path);
  await publish(child, configText([80]), null);
  const node = await joinFleet(port, A);
  await node.until(() => node.serving !== null);
  await child.belief(({ counts }) => counts.acknowledged === 1);
  child.command({ type: 'shut-down' });
  assert.deepEqual(await child.exited, { code: 0, signal: null });
  await node.until(() => node.closed !== null);
  assert.deepEqual(node.closed, { code: 1001, reason: 'shutting-down' });
  assert.ok(node.has('retry-later'));
  const { child: next } = await start(path);
  await next.belief(({ counts }) => counts.acknowledged === 1 && counts.connected === 0);
});

test('[STOP2] the process ends when its parent lets go of it', async () => {
  const { child } = await startWithFleet(await dataPath());
  child.disconnect();
  assert.deepEqual(await child.exited, { code: 0, signal: null });
});

test('[STOP3] a request that cannot be read is refused, and the process goes on', async () => {
  const { child } = await startWithFleet(await dataPath());
  child.raw({ type: 'request', requestId: 77, request: { method: 'no-such-method' } });
  const { response } = await child.event('response', ({ requestId }) => requestId === 77);
  assert.ok(!response.ok && response.error.reason === 'bad-request');
  const audit = await child.request({ method: 'get-audit', limit: 5 });
  assert.ok(audit.ok);
});

test('[LIVE4] a refused publish is not the last publish, however long it took', async () => {
  const { child } = await start(await dataPath());
  const broken = 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n';
  const request = {
    method: 'publish',
    text: broken,
    base: null,
    message: 'm',
    actor: 't',
  } as const;
  const refused = await child.request(request);
  assert.equal(refused.ok, false);
  assert.equal((await child.belief(() => true)).load.publishMsLast, null);
});

test('[LIVE3] a backup is made while the control plane works, and can be opened', async () => {
  const path = await dataPath();
  const { child } = await startWithFleet(path);
  await publish(child, configText([80]), null);
  const made = await child.request({ method: 'backup', path: `${path}.backup` });
  assert.ok(made.ok && 'bytes' in made.value && made.value.bytes > 0);
  const { ready } = await start(`${path}.backup`);
  assert.equal(ready.headText, configText([80]));
});
