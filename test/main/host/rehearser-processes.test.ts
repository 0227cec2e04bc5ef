import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createForkSpawner } from '../../../main/host/fork-spawner.ts';
import type { ChildHandle } from '../../../main/host/spawner.ts';
import { type HostFixture, startHost } from './host-fixture.ts';
import { createScriptedSpawner } from './scripted-spawner.ts';

const TEXT = readFileSync(join(import.meta.dirname, '../../../examples/shop.yaml'), 'utf8');
const LONG = { text: TEXT, budgetMs: 60_000 };

/** A console with scripted planes and real processes of the twin. */
async function start(t: TestContext): Promise<HostFixture & { readonly twins: ChildHandle[] }> {
  const scripted = createScriptedSpawner();
  const real = createForkSpawner();
  const twins: ChildHandle[] = [];
  const spawner = {
    ...scripted,
    spawn(module: Parameters<typeof scripted.spawn>[0]) {
      if (module !== 'twin') return scripted.spawn(module);
      const twin = real.spawn(module);
      twins.push(twin);
      return twin;
    },
  };
  return { ...(await startHost(t, { spawner })), twins };
}

function untilFirstSeed({ client }: HostFixture): Promise<void> {
  return new Promise((resolve) => {
    client.onItem('rehearsal', (item) => {
      if ((item?.seedsDone ?? 0) > 0) resolve();
    });
    client.subscribe(['rehearsal']);
  });
}

test('[FORE6] a real SIGKILL in the middle is a plain refusal', async (t) => {
  const fixture = await start(t);
  const rehearsing = fixture.client.request('rehearse', LONG);
  await untilFirstSeed(fixture);
  fixture.twins[0]?.sigkill();
  const answer = await rehearsing;
  assert.ok(!answer.ok);
  assert.equal(answer.error.reason, 'rehearsal-failed');
  assert.match(answer.error.detail, /its process ended by SIGKILL\. Nothing real was touched/);
});

test('[FORE8] a real process that is told to stop hands over the seeds that it has done', async (t) => {
  const fixture = await start(t);
  const rehearsing = fixture.must('rehearse', LONG);
  await untilFirstSeed(fixture);
  await fixture.must('stop-rehearsal', {});
  const { forecast, isStopped } = await rehearsing;
  assert.equal(isStopped, true);
  assert.ok(forecast.seeds > 0 && forecast.seeds < 1_000);
  assert.equal(forecast.nodes, 12);
});

test('[FORE7] a console that closes in the middle leaves no process of the twin', async (t) => {
  const fixture = await start(t);
  void fixture.client.request('rehearse', LONG);
  await untilFirstSeed(fixture);
  const pid = fixture.twins[0]?.pid;
  assert.ok(pid !== undefined);
  await fixture.host.close();
  assert.throws(() => process.kill(pid, 0), /ESRCH/);
});
