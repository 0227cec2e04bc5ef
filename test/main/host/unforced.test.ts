import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '../../../core/protocol/console-model.ts';
import type { Belief } from '../../../core/protocol/control-plane-control.ts';
import { startHost } from './host-fixture.ts';
import { scriptedBelief, scriptedControlPlane } from './scripted-control-plane.ts';
import { createScriptedSpawner } from './scripted-spawner.ts';

test('[UNFORCED3] a head that is not in force is said once at the start, and is an open alert', async (t) => {
  const script = scriptedControlPlane({ head: 1, nodes: 2, asked: [] });
  const spawner = createScriptedSpawner({ 'control-plane': script });
  const { client, said } = await startHost(t, { spawner });
  let look: (alerts: readonly Alert[]) => void = () => {};
  client.onItem('status', ({ alerts }) => look(alerts));
  client.subscribe(['status']);
  /** The alerts as soon as there are so many. */
  const untilAlerts = (count: number) =>
    new Promise<readonly Alert[]>((resolve) => {
      look = (alerts) => {
        if (alerts.length === count) resolve(alerts);
      };
    });
  const believe = (unforced: Belief['unforced']) => {
    const belief = { ...scriptedBelief(1, ['SYNCED', 'SYNCED']), unforced };
    spawner.last('control-plane').say({ type: 'belief', belief });
  };
  believe([{ kind: 'FeatureFlag', documents: 2 }]);
  const [alert] = await untilAlerts(1);
  assert.equal(alert?.kind, 'head-not-in-force');
  believe([]);
  assert.deepEqual(await untilAlerts(0), []);
  believe([{ kind: 'FeatureFlag', documents: 2 }]);
  await untilAlerts(1);
  const spoken = said.filter((line) => line.includes('not in force'));
  assert.equal(spoken.length, 1, 'once for a head');
  assert.match(spoken[0] ?? '', /^2 resources of r1 are not in force\. 2 FeatureFlag: .*again/);
});
