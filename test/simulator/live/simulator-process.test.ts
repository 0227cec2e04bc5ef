import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { NodeFlags } from '../../../core/fleet/frame.ts';
import type { JsonObject } from '../../../core/gateway/json.ts';
import { nodeIdSchema } from '../../../core/protocol/primitives.ts';
import { rosterOf, SimulatorProcess } from './simulator-process.ts';
import { TinyControlPlane } from './tiny-control-plane.ts';

const GATEWAY: JsonObject = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'Gateway',
  metadata: { name: 'edge', namespace: 'shop' },
  spec: {
    gatewayClassName: 'holdfast',
    listeners: [{ name: 'http', protocol: 'HTTP', port: 80 }],
  },
};
const CART: JsonObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'cart', namespace: 'shop' },
  spec: { ports: [{ port: 8080 }] },
};
const ROUTE: JsonObject = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'cart', namespace: 'shop' },
  spec: {
    parentRefs: [{ name: 'edge' }],
    rules: [{ backendRefs: [{ name: 'cart', port: 8080 }] }],
  },
};
const CONFIG = [GATEWAY, CART, ROUTE];
/** Five requests at once, and after that hardly any. */
const LIMIT: JsonObject = {
  apiVersion: 'holdfast.dev/v1alpha1',
  kind: 'TrafficPolicy',
  metadata: { name: 'few', namespace: 'shop' },
  spec: {
    targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: 'cart' }],
    rateLimit: { requests: 1, window: '1h', burst: 5 },
  },
};
const NODES = 12;
const ROSTER = rosterOf(NODES);
const FIRST = nodeIdSchema.parse('cell-0/node-0');

describe('the simulator process', { timeout: 60_000 }, () => {
  const dirs: string[] = [];
  const simulators: SimulatorProcess[] = [];
  const controlPlanes: TinyControlPlane[] = [];

  async function start(diskDir: string, port: number, roster = ROSTER): Promise<SimulatorProcess> {
    const simulator = SimulatorProcess.init({ diskDir, port, roster });
    simulators.push(simulator);
    await simulator.until(() => simulator.events.some((event) => event.type === 'ready'));
    return simulator;
  }

  async function listen(port = 0): Promise<TinyControlPlane> {
    const controlPlane = await TinyControlPlane.listen(CONFIG, port);
    controlPlanes.push(controlPlane);
    return controlPlane;
  }

  function scratch(): string {
    const dir = mkdtempSync(join(tmpdir(), 'holdfast-simulator-'));
    dirs.push(dir);
    return dir;
  }

  const converged = (simulator: SimulatorProcess, revision: number) =>
    simulator.every(
      1,
      ({ health, link }, row) =>
        health === 'healthy' &&
        link === 'connected' &&
        simulator.frame?.servingRevision[row] === revision,
    );

  after(async () => {
    for (const simulator of simulators) await simulator.sigkill();
    for (const controlPlane of controlPlanes) await controlPlane.close();
    for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
  });

  test('[SIM-OUTAGE] nodes serve on through an outage of the control plane and of their own process', async () => {
    const diskDir = scratch();
    const controlPlane = await listen();
    const { port } = controlPlane;
    const first = await start(diskDir, port);
    await controlPlane.until(() => controlPlane.acksOf(1) === NODES);
    await first.until(() => converged(first, 1));
    const peer = controlPlane.peers[0];
    assert.equal(peer?.request.headers.authorization, 'Bearer the-fleet-token-of-the-test');
    assert.equal(peer?.request.headers.origin, undefined);

    for (const step of await first.nextSteps(1)) {
      assert.ok(step.requests > 0);
      assert.equal(step.answered, step.requests);
      assert.equal(step.unrouted, 0);
      assert.ok(step.latencyP50Us > 0 && step.latencyP50Us <= step.latencyP99Us);
    }

    await controlPlane.close();
    await first.until(() => first.every(1, ({ link }) => link !== 'connected'));
    assert.ok(first.every(1, ({ health }) => health === 'healthy'));
    for (const step of await first.nextSteps(1)) assert.equal(step.answered, step.requests);

    await first.sigkill();
    const second = await start(diskDir, port);
    const fromDisk = () =>
      second.every(1, ({ health, source }) => health === 'healthy' && source === 'disk');
    await second.until(fromDisk);
    for (const step of await second.nextSteps(1)) assert.equal(step.answered, step.requests);
    assert.ok(second.every(1, ({ link }) => link !== 'connected'));

    const again = await listen(port);
    await again.until(() => again.messages.filter((m) => m.type === 'hello').length >= NODES);
    for (const hello of again.messages) {
      assert.ok(hello.type !== 'hello' || hello.serving?.source === 'disk');
    }
    await second.until(() => converged(second, 1));
    assert.equal(again.acksOf(1), 0, 'a node that is current needs no push');
  });

  test('[SIM-RESTART] a wiped node comes back with nothing, a kept one with what it had', async () => {
    const controlPlane = await listen();
    const simulator = await start(scratch(), controlPlane.port);
    await simulator.until(() => converged(simulator, 1));
    await controlPlane.close();

    const kept = await simulator.request({
      type: 'restart-nodes',
      target: { scope: 'cell', cell: 'cell-0' },
      disk: 'keep',
    });
    assert.deepEqual(kept, { ok: true, value: { kind: 'restarted', nodes: NODES / 2 } });
    await simulator.until(() =>
      simulator.every(1, (f, row) => row % 2 === 1 || f.health === 'down'),
    );
    await simulator.until(() =>
      simulator.every(1, ({ health, source }, row) =>
        row % 2 === 1 ? source === 'control-plane' : health === 'healthy' && source === 'disk',
      ),
    );

    const wiped = ROSTER[1]?.nodeId;
    assert.ok(wiped !== undefined);
    await simulator.request({
      type: 'restart-nodes',
      target: { scope: 'node', nodeId: wiped },
      disk: 'wipe',
    });
    await simulator.until(() =>
      simulator.every(1, (f, row) => row !== 1 || f.health === 'degraded'),
    );
    const inspection = await simulator.inspect(wiped);
    assert.equal(inspection.serving, null);
    assert.deepEqual(inspection.manifest, []);
    const [step] = await simulator.nextSteps(1);
    assert.ok(
      step !== undefined && step.failed > 0 && step.answered === step.requests - step.failed,
    );
  });

  test('[TRAF9] what nodes counted under a policy ends with their processes', async () => {
    const controlPlane = await listen();
    controlPlane.publish([...CONFIG, LIMIT]);
    const simulator = await start(scratch(), controlPlane.port);
    const isAllLimited = () => {
      const step = simulator.steps.at(-1);
      return step !== undefined && step.requests > 0 && step.limited === step.requests;
    };
    await simulator.until(isAllLimited);
    const seen = simulator.steps.length;
    await simulator.request({ type: 'restart-nodes', target: { scope: 'fleet' }, disk: 'keep' });
    const passed = () =>
      simulator.steps
        .slice(seen)
        .reduce((sum, { answered, limited = 0 }) => sum + answered - limited, 0);
    // Each node has its five again, and answers them from what it had on its disk.
    await simulator.until(() => passed() >= 5 * NODES);
    await simulator.until(isAllLimited);
    assert.equal(passed(), 5 * NODES);
  });

  test('[SIM-FAULT] a partitioned cell serves on, hears nothing, and is told when it heals', async () => {
    const controlPlane = await listen();
    const simulator = await start(scratch(), controlPlane.port);
    await simulator.until(() => converged(simulator, 1));
    const started = await simulator.request({
      type: 'start-fault',
      faultId: 'cut',
      fault: {
        kind: 'link-partition',
        target: { scope: 'cell', cell: 'cell-0' },
        durationMs: null,
      },
    });
    assert.deepEqual(started, { ok: true, value: { kind: 'fault-started', nodes: NODES / 2 } });
    controlPlane.publish([...CONFIG, { ...CART, metadata: { name: 'other', namespace: 'shop' } }]);
    await controlPlane.until(() => controlPlane.acksOf(2) === NODES / 2);
    const held = await simulator.inspect(FIRST);
    assert.equal(held.serving?.revision, 1);
    assert.equal(held.health, 'healthy');
    const cleared = await simulator.request({ type: 'clear-fault', faultId: 'cut' });
    assert.deepEqual(cleared, { ok: true, value: { kind: 'fault-cleared', nodes: NODES / 2 } });
    await controlPlane.until(() => controlPlane.acksOf(2) === NODES);
    const unknown = await simulator.request({ type: 'clear-fault', faultId: 'cut' });
    assert.equal(!unknown.ok && unknown.reason, 'unknown-fault');
  });

  test('[SIM-FAULT] a fault with a duration ends by itself and says so', async () => {
    const controlPlane = await listen();
    const simulator = await start(scratch(), controlPlane.port);
    await simulator.request({
      type: 'start-fault',
      faultId: 'short',
      fault: { kind: 'link-partition', target: { scope: 'fleet' }, durationMs: 100 },
    });
    await simulator.until(() =>
      simulator.events.some((e) => e.type === 'fault-ended' && e.faultId === 'short'),
    );
    await simulator.until(() => converged(simulator, 1));
  });

  test('[SIM-ROSTER] nodes are added and retired while the fleet runs', async () => {
    const controlPlane = await listen();
    const simulator = await start(scratch(), controlPlane.port);
    await simulator.until(() => converged(simulator, 1));
    const kept = ROSTER.slice(3);
    simulator.send({ type: 'set-roster', rosterVersion: 2, roster: kept });
    await simulator.until(() => simulator.frame?.rosterVersion === 2);
    assert.equal(simulator.frame?.flags.length, NODES - 3);
    await controlPlane.until(
      () => controlPlane.peers.filter(({ socket }) => socket.readyState === 1).length === NODES - 3,
    );
    simulator.send({ type: 'set-roster', rosterVersion: 3, roster: ROSTER });
    await simulator.until(() => simulator.every(3, ({ health }) => health === 'healthy'));
  });

  test('[SIM-STRAYS] a node that was retired while the simulator was down leaves its namesake no disk', async () => {
    const diskDir = scratch();
    const controlPlane = await listen();
    const { port } = controlPlane;
    const first = await start(diskDir, port);
    await first.until(() => converged(first, 1));
    await first.sigkill();
    await controlPlane.close();

    const second = await start(diskDir, port, ROSTER.slice(1));
    await second.until(() => second.every(1, ({ source }) => source === 'disk'));
    second.send({ type: 'set-roster', rosterVersion: 2, roster: ROSTER });
    const namesakeIsEmpty = ({ health, source }: NodeFlags, row: number) =>
      row === 0 ? health === 'degraded' : health === 'healthy' && source === 'disk';
    await second.until(() => second.every(2, namesakeIsEmpty));
    assert.equal((await second.inspect(FIRST)).serving, null);
  });

  test('[SIM-LIFE] the simulator ends with its channel, and when it is told to', async () => {
    const controlPlane = await listen();
    const orphan = await start(scratch(), controlPlane.port);
    const gone = once(orphan.child, 'exit');
    orphan.child.disconnect();
    assert.deepEqual(await gone, [0, null]);
    const told = await start(scratch(), controlPlane.port);
    const ended = once(told.child, 'exit');
    told.send({ type: 'shut-down' });
    assert.deepEqual(await ended, [0, null]);
  });
});
