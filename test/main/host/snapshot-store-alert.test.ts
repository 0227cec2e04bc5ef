import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Revision } from '../../../core/config/ids.ts';
import type { ConsoleEvent } from '../../../core/protocol/console-model.ts';
import type { SnapshotStoreLoad } from '../../../core/protocol/control-plane-control.ts';
import { openStore } from './forecast-fixture.ts';
import { startHost } from './host-fixture.ts';
import { scriptedBelief, scriptedControlPlane } from './scripted-control-plane.ts';
import { createScriptedSpawner } from './scripted-spawner.ts';

const LAST = { revision: 1 as Revision, generation: 1, bytes: 1 };

test('[HOST20] a snapshot store that fails is a warning and an alert that is kept, until a dump succeeds', async (t) => {
  const script = scriptedControlPlane({ head: 1, nodes: 2, asked: [] });
  const spawner = createScriptedSpawner({ 'control-plane': script });
  const { client, must, dataDir } = await startHost(t, { spawner });
  const believe = (load: Pick<SnapshotStoreLoad, 'last' | 'lastError'>) => {
    const belief = scriptedBelief(1, ['SYNCED', 'SYNCED']);
    const snapshotStore = { ...load, dumps: 1, failures: 4, intervalMs: 10_000 };
    const message = { ...belief, atMs: 60_000, load: { ...belief.load, snapshotStore } };
    spawner.last('control-plane').say({ type: 'belief', belief: message });
  };
  let look: (event: ConsoleEvent) => void = () => {};
  client.onItem('events', (events) => {
    for (const event of events) look(event);
  });
  client.subscribe(['events']);
  const next = (kind: ConsoleEvent['kind']) =>
    new Promise<ConsoleEvent>((resolve) => {
      look = (event) => {
        if (event.kind === kind) resolve(event);
      };
    });
  const raised = next('alert-raised');
  believe({ last: { ...LAST, atMs: 1 }, lastError: { atMs: 2, detail: 'no space left' } });
  const { severity, title, subject } = await raised;
  assert.deepEqual(
    [severity, title, subject],
    ['warning', 'Snapshot store takes no dump', 'snapshot-store-failing'],
  );
  const { alerts } = await must('get-status', {});
  assert.deepEqual(
    alerts.map(({ kind }) => kind),
    ['snapshot-store-failing'],
  );
  const cleared = next('alert-cleared');
  believe({ last: { ...LAST, atMs: 59_000 }, lastError: null });
  assert.equal((await cleared).subject, 'snapshot-store-failing');
  assert.deepEqual((await must('get-status', {})).alerts, []);
  const store = openStore(join(dataDir, 'console.sqlite'));
  const [kept] = store.alerts(5);
  store.close();
  assert.equal(kept?.kind, 'snapshot-store-failing');
  assert.notEqual(kept.clearedAtMs, null);
});
