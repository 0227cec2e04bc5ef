import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Revision } from '../../../core/config/ids.ts';
import { STORE_APPLICATION_ID } from '../../../main/control-plane/store/migrate.ts';
import { type HostFixture, startHost } from './host-fixture.ts';
import {
  type ScriptedStore,
  scriptedBelief,
  scriptedControlPlane,
} from './scripted-control-plane.ts';
import { createScriptedSpawner } from './scripted-spawner.ts';
import { scriptedTwin } from './scripted-twin.ts';

const DRAFT = 'kind: Namespace\napiVersion: v1\nmetadata: {name: a}\n';
const R2 = 2 as Revision;

interface Started extends HostFixture {
  readonly store: ScriptedStore;
  /** As if it had been published by somebody whose answer never came. */
  published(revision: number): Promise<void>;
}

async function start(t: TestContext, dataDir?: string): Promise<Started> {
  const store: ScriptedStore = { head: 1, nodes: 2, asked: [], textOf: () => DRAFT };
  const spawner = createScriptedSpawner({
    'control-plane': scriptedControlPlane(store),
    twin: scriptedTwin({ seeds: 3 }),
  });
  const fixture = await startHost(t, { spawner, ...(dataDir === undefined ? {} : { dataDir }) });
  return {
    ...fixture,
    store,
    async published(revision) {
      const learnt = new Promise<void>((resolve) => {
        fixture.client.onItem('status', ({ head }) => {
          if (head?.revision === revision) resolve();
        });
        fixture.client.subscribe(['status']);
      });
      store.head = revision;
      const belief = scriptedBelief(revision, ['SYNCED', 'STALE']);
      spawner.last('control-plane').say({ type: 'belief', belief });
      await learnt;
    },
  };
}

test('[FORE10] a publish whose answer never came keeps its forecast too, and the history shows it', async (t) => {
  const { must, published } = await start(t);
  await must('rehearse', { text: DRAFT });
  await published(2);
  const told = await must('get-forecast', { revision: R2 });
  assert.equal(told?.kept.forecast.seeds, 3);
  assert.deepEqual(told.kept.changedSince, []);
  assert.equal(told.comparison?.isFinal, false, 'one of two nodes has it');
  const forecast = { t99: { low: 41, median: 42, high: 43 }, withinT99: null };
  for (const complete of [true, false]) {
    const { revisions, ...answer } = await must('list-revisions', { limit: 5 });
    assert.equal(answer.complete, complete);
    assert.deepEqual(
      revisions.map((row) => row.forecast),
      [forecast, undefined],
    );
    if (complete) await must('kill-control-plane', {});
  }
});

test('[FORE10] a publish that the control plane died over keeps its forecast, and is told once it is up', async (t) => {
  const { must, client, store } = await start(t);
  await must('rehearse', { text: DRAFT });
  await must('save-draft', { text: DRAFT, base: 1 as Revision });
  const publishing = client.request('publish', { text: DRAFT, message: 'x' });
  // Answered after the publish was sent, as requests of one client are taken in order.
  await must('get-draft', {});
  await must('kill-control-plane', {});
  assert.equal((await publishing).ok, false);
  store.head = 2;
  await must('start-control-plane', {});
  assert.equal((await must('get-forecast', { revision: R2 }))?.kept.forecast.seeds, 3);
  assert.equal(await must('get-draft', {}), null, 'the draft is what was published');
  const titles = (await must('list-events', { limit: 50 })).events.map(({ title }) => title);
  assert.equal(titles.filter((title) => title === 'r2 was published after all').length, 1);
});

test('[FORE15] restored to before it, the forecast of a revision waits until it is put back; a reset forgets all', async (t) => {
  const { must, published, store, dataDir } = await start(t);
  const header = Buffer.alloc(100);
  header.write('SQLite format 3\0', 'latin1');
  header.writeUInt32BE(STORE_APPLICATION_ID, 68);
  const path = join(dataDir, 'backup');
  writeFileSync(path, header);
  const isKept = async () => (await must('get-forecast', { revision: R2 })) !== null;
  await must('rehearse', { text: DRAFT });
  await published(2);
  await must('restore', { path });
  assert.equal(await isKept(), true, 'the head is the same');
  const restored = async (head: number) => {
    store.head = head;
    await must('restore', { path });
    return isKept();
  };
  assert.deepEqual([await restored(1), await restored(2), await restored(1)], [false, true, false]);
  const { events } = await must('list-events', { limit: 50 });
  const learnt = events.filter(({ title }) => title === 'r2 was published after all');
  assert.equal(learnt.length, 1, 'what a restore brings was not published');
  await must('rehearse', { text: DRAFT });
  await published(2);
  assert.equal(await isKept(), true);
  await must('reset', {});
  assert.equal(await isKept(), false);
});
