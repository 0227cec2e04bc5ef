import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createConsoleClient } from '../../../client/console-client.ts';
import type { RehearsalProgress } from '../../../core/protocol/console-api.ts';
import type { TwinCommand } from '../../../core/protocol/twin-control.ts';
import { type HostFixture, startHost } from './host-fixture.ts';
import { createScriptedSpawner, type ScriptedChild } from './scripted-spawner.ts';
import { scriptedTwin } from './scripted-twin.ts';

const DRAFT = 'kind: Namespace\napiVersion: v1\nmetadata: {name: a}\n';

function start(t: TestContext, twin: Parameters<typeof scriptedTwin>[0]): Promise<HostFixture> {
  return startHost(t, { spawner: createScriptedSpawner({ twin: scriptedTwin(twin) }) });
}

/** Resolves when the stream tells of that many seeds. */
function untilSeeds({ client }: HostFixture, seeds: number): Promise<void> {
  return new Promise((resolve) => {
    client.onItem('rehearsal', (item) => {
      if (item?.seedsDone === seeds) resolve();
    });
    client.subscribe(['rehearsal']);
  });
}

function twins({ spawner }: HostFixture): ScriptedChild[] {
  return spawner.children.filter(({ module }) => module === 'twin');
}

test('[FORE5] a rehearsal answers with one forecast of all its seeds, and tells how far it is', async (t) => {
  const said = ['This draft is far larger than what was measured.'];
  const fixture = await start(t, { seeds: 4, notes: said });
  const items: (RehearsalProgress | null)[] = [];
  const ended = new Promise<void>((resolve) => {
    fixture.client.onItem('rehearsal', (item) => {
      items.push(item);
      if (item === null && items.length > 1) resolve();
    });
    fixture.client.subscribe(['rehearsal']);
  });
  const { forecast, isStopped, notes } = await fixture.must('rehearse', { text: DRAFT });
  await ended;
  assert.deepEqual([forecast.seeds, forecast.firstSeed, isStopped, notes], [4, 1, false, said]);
  assert.deepEqual(forecast.t99, { low: 41, median: 42, high: 44 });
  assert.equal(items[0], null, 'the first item follows the subscription');
  assert.equal(items[1]?.budgetMs, 5_000);
  const told = fixture.spawner.last('twin').received[0] as { request: Record<string, unknown> };
  const { shape: _shape, ...request } = told.request;
  assert.deepEqual(request, {
    draftText: DRAFT,
    faultsText: null,
    firstSeed: 1,
    seedsMax: 1_000,
    budgetMs: 5_000,
    horizonMs: 30_000,
  });
});

test('[FORE8] one at a time; told to stop, it answers with the seeds that are done', async (t) => {
  const fixture = await start(t, { seeds: 3, isEndless: true });
  const { client, must } = fixture;
  assert.deepEqual(await must('stop-rehearsal', {}), { stopped: false });
  const rehearsing = must('rehearse', { text: DRAFT, budgetMs: 60_000 });
  await untilSeeds(fixture, 3);
  const second = await client.request('rehearse', { text: DRAFT });
  assert.equal(!second.ok && second.error.reason, 'already-running');
  assert.deepEqual(await must('stop-rehearsal', {}), { stopped: true });
  const { forecast, isStopped } = await rehearsing;
  assert.deepEqual([forecast.seeds, isStopped], [3, true]);
  assert.equal(twins(fixture).length, 1);
});

test('[FORE8] stopped before one seed is done, it says so', async (t) => {
  const fixture = await start(t, { seeds: 0, isEndless: true });
  const rehearsing = fixture.client.request('rehearse', { text: DRAFT });
  await untilSeeds(fixture, 0);
  await fixture.must('stop-rehearsal', {});
  const answer = await rehearsing;
  assert.match(answer.ok ? '' : answer.error.detail, /^Not one seed was done/);
});

test('[FORE6] its process killed in the middle is a plain refusal, and the next one runs', async (t) => {
  const fixture = await start(t, { seeds: 2, isEndless: true });
  const rehearsing = fixture.client.request('rehearse', { text: DRAFT });
  await untilSeeds(fixture, 2);
  fixture.spawner.last('twin').sigkill();
  const answer = await rehearsing;
  assert.ok(!answer.ok);
  assert.equal(answer.error.reason, 'rehearsal-failed');
  assert.equal(
    answer.error.detail,
    'The rehearsal was not finished: its process ended by SIGKILL. Nothing real was touched; rehearse again.',
  );
  const again = fixture.must('rehearse', { text: DRAFT });
  await untilSeeds(fixture, 2);
  await fixture.must('stop-rehearsal', {});
  assert.equal((await again).forecast.seeds, 2);
});

test('[FORE7] when the client that asked goes away, the process is ended, and others may rehearse', async (t) => {
  const fixture = await start(t, { seeds: 2, isEndless: true });
  const { url, token } = fixture.host;
  const other = createConsoleClient({ url, token, WebSocket, reconnect: false });
  void other.request('rehearse', { text: DRAFT });
  await untilSeeds(fixture, 2);
  const ended = new Promise<void>((resolve) => {
    fixture.spawner.last('twin').onExit(({ signal }) => {
      assert.equal(signal, 'SIGKILL');
      resolve();
    });
  });
  other.close();
  await ended;
  await new Promise<void>((resolve) => {
    fixture.client.onItem('rehearsal', (item) => {
      if (item === null) resolve();
    });
  });
  const next = fixture.must('rehearse', { text: DRAFT });
  await untilSeeds(fixture, 2);
  await fixture.must('stop-rehearsal', {});
  assert.equal((await next).isStopped, true);
});

test('[FORE7] with the console, and with a reset, the process is ended', async (t) => {
  const fixture = await start(t, { seeds: 2, isEndless: true });
  const signals: (string | null)[] = [];
  const note = () =>
    fixture.spawner.last('twin').onExit(({ signal }) => {
      signals.push(signal);
    });
  const first = fixture.client.request('rehearse', { text: DRAFT });
  await untilSeeds(fixture, 2);
  note();
  await fixture.must('reset', {});
  await first;
  assert.deepEqual(signals, ['SIGKILL']);
  void fixture.client.request('rehearse', { text: DRAFT });
  await untilSeeds(fixture, 2);
  note();
  await fixture.host.close();
  assert.deepEqual(signals, ['SIGKILL', 'SIGKILL']);
});

test('[FORE4] a draft that is too large, and what the twin refuses, are refused in words', async (t) => {
  const detail = 'The draft would be refused: the config has one error.';
  const refusals = [
    { detail, reason: 'invalid-config' },
    { detail, reason: 'a new one' },
    { detail },
  ];
  const twin = (child: ScriptedChild, command: TwinCommand) => {
    if (command.type !== 'rehearse') return;
    child.say({ type: 'refused', ...refusals.shift() });
    child.exit({ code: 0, signal: null, lastWords: null });
  };
  const fixture = await startHost(t, { spawner: createScriptedSpawner({ twin }) });
  const refusal = async (text: string) => {
    const answer = await fixture.client.request('rehearse', { text });
    assert.ok(!answer.ok);
    return [answer.error.reason, answer.error.detail];
  };
  const [reason] = await refusal('x'.repeat(8 * 1024 * 1024 + 1));
  assert.equal(reason, 'too-large');
  assert.equal(twins(fixture).length, 0, 'no process was started for it');
  assert.deepEqual(await refusal(DRAFT), ['invalid-config', detail]);
  assert.deepEqual(await refusal(DRAFT), ['rehearsal-failed', detail]);
  assert.deepEqual(await refusal(DRAFT), ['rehearsal-failed', detail]);
});
