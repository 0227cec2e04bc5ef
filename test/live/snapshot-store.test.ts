import assert from 'node:assert/strict';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Revision } from '../../core/config/ids.ts';
import type { NodeFlags } from '../../core/fleet/frame.ts';
import { configText } from '../core/control-plane/world.ts';
import {
  ControlPlaneChild,
  FLEET_TOKEN,
  makeDataDir,
} from '../main/control-plane/control-plane-child.ts';
import { rosterOf, SimulatorProcess } from '../simulator/live/simulator-process.ts';

const NODES = 20;
const ROSTER = rosterOf(NODES);
const CUT_CELL = 'cell-0';
const INTERVAL_MS = 200;
const LIMITS = { timeout: 60_000 };
const cleanups: (() => void | Promise<void>)[] = [];

after(async () => {
  for (const clean of cleanups.reverse()) await clean();
});

/** A control plane, a fleet and a store in a directory, each on its own; periods are short. */
async function startPlanes() {
  const { path, remove } = await makeDataDir();
  cleanups.push(remove);
  const directory = join(path, 'snapshot-store');
  const databasePath = join(path, 'control-plane.sqlite');
  const options = { snapshotStore: { directory, intervalMs: INTERVAL_MS }, heartbeatMs: 100 };
  const { child, ready } = await ControlPlaneChild.start(databasePath, options);
  cleanups.push(() => child.sigkill());
  const add = ROSTER.map(({ nodeId, cell }) => ({ nodeId, cell }));
  assert.ok((await child.request({ method: 'change-inventory', add, retire: [], actor: 't' })).ok);
  await publish(child, [80], null);
  const simulator = SimulatorProcess.init({
    diskDir: join(path, 'simulator'),
    port: ready.port,
    roster: ROSTER,
    fleetToken: FLEET_TOKEN,
    snapshotStore: { directory, afterMs: 100, everyMs: 200 },
  });
  cleanups.push(() => simulator.sigkill());
  const start = async () => {
    const again = await ControlPlaneChild.start(databasePath, { ...options, port: ready.port });
    cleanups.push(() => again.child.sigkill());
    return again.child;
  };
  return { child, simulator, start, directory };
}

async function publish(child: ControlPlaneChild, ports: readonly number[], base: number | null) {
  const by = { message: 'm', actor: 't' };
  const text = configText(ports);
  const response = await child.request({
    method: 'publish',
    text,
    base: base as Revision | null,
    ...by,
  });
  assert.ok(response.ok, JSON.stringify(response));
}

/** Every node, or every one of a cell, serves this revision from there. */
function serve(
  simulator: SimulatorProcess,
  revision: number,
  source: NodeFlags['source'],
  cell?: string,
): boolean {
  return simulator.every(1, (flags, row) => {
    if (cell !== undefined && ROSTER[row]?.cell !== cell) return true;
    return flags.source === source && simulator.frame?.servingRevision[row] === revision;
  });
}

/** Connected, and serving this revision from wherever: some start before they are connected. */
function areUp(simulator: SimulatorProcess, revision: number): boolean {
  return simulator.every(
    1,
    ({ link }, row) => link === 'connected' && simulator.frame?.servingRevision[row] === revision,
  );
}

const dumped = (child: ControlPlaneChild, revision: number) =>
  child.belief(({ load }) => load.snapshotStore?.last?.revision === revision);

test(
  '[SOURCE9] live: cold start, the control plane killed and every disk wiped: the fleet serves from the store',
  LIMITS,
  async () => {
    const { child, simulator, start } = await startPlanes();
    await simulator.until(() => areUp(simulator, 1));
    const { load } = await dumped(child, 1);
    assert.ok((load.snapshotStore?.last?.bytes ?? 0) > 400);
    child.sigkill();
    await child.exited;
    await simulator.request({
      type: 'restart-nodes',
      target: { scope: 'fleet' },
      disk: 'wipe',
    });
    await simulator.until(() => serve(simulator, 1, 'snapshot-store'));
    const first = ROSTER[0];
    assert.ok(first !== undefined);
    const inspection = await simulator.inspect(first.nodeId);
    assert.equal(inspection.verifiedAtMs, null);
    assert.equal(inspection.serving?.source, 'snapshot-store');
    assert.equal(inspection.health, 'healthy');
    // It is on their disks, too.
    await simulator.request({ type: 'restart-nodes', target: { scope: 'fleet' }, disk: 'keep' });
    await simulator.until(() => serve(simulator, 1, 'disk'));
    // Back, the control plane has nothing to send to anybody.
    const again = await start();
    const belief = await again.belief(({ counts }) => counts.acknowledged === NODES);
    assert.equal(belief.load.pushesFull + belief.load.pushesDelta, 0);
  },
);

test(
  '[SOURCE9] live: a cell that is cut from the control plane gets r2 from the store, the rest by push',
  LIMITS,
  async () => {
    const { child, simulator } = await startPlanes();
    await simulator.until(() => areUp(simulator, 1));
    const fault = {
      kind: 'link-partition',
      target: { scope: 'cell', cell: CUT_CELL },
      durationMs: null,
    } as const;
    assert.ok((await simulator.request({ type: 'start-fault', faultId: 'cut', fault })).ok);
    await publish(child, [81], 1);
    await simulator.until(() => serve(simulator, 2, 'snapshot-store', CUT_CELL));
    await simulator.until(() => serve(simulator, 2, 'control-plane', 'cell-1'));
    assert.ok((await simulator.request({ type: 'clear-fault', faultId: 'cut' })).ok);
    const belief = await child.belief(({ counts }) => counts.acknowledged === NODES);
    assert.equal(belief.counts.ahead, 0);
    assert.equal(belief.load.nacks, 0);
  },
);

test(
  '[DUMP5] live: a store that cannot be written to is told, and publishes go on',
  LIMITS,
  async () => {
    const { child, simulator, directory } = await startPlanes();
    await simulator.until(() => areUp(simulator, 1));
    await dumped(child, 1);
    // Aside first: a dump may be under way.
    renameSync(directory, `${directory}-away`);
    writeFileSync(directory, 'in its place');
    const failing = await child.belief(({ load }) =>
      /ENOTDIR|EEXIST/.test(load.snapshotStore?.lastError?.detail ?? ''),
    );
    assert.ok((failing.load.snapshotStore?.failures ?? 0) > 0);
    await publish(child, [82], 1);
    await simulator.until(() => areUp(simulator, 2));
    rmSync(directory);
    await child.belief(({ load }) => {
      const { snapshotStore: store } = load;
      return store?.last?.revision === 2 && store.lastError === null;
    });
  },
);
