import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { TwinCommand, TwinEvent, TwinRequest } from '../../../core/protocol/twin-control.ts';
import { twinOptions } from './twin-fixture.ts';

const TWIN = join(import.meta.dirname, '../../../simulator/twin/main.ts');

const REQUEST: TwinRequest = {
  nodes: 10,
  cells: 2,
  seed: 1,
  durationMs: 300 * 86_400_000,
  configText: twinOptions().configText,
  publishEveryMs: null,
  faultsText: null,
  settings: {},
  why: null,
};

/** A twin process that has said that it is ready. */
async function start(t: TestContext): Promise<ChildProcess> {
  const child = fork(TWIN, [], { execArgv: [], serialization: 'advanced' });
  t.after(() => child.kill('SIGKILL'));
  const [ready] = (await once(child, 'message')) as [TwinEvent];
  assert.equal(ready.type, 'ready');
  return child;
}

/** Its last word, whether it had said before that it runs or not. */
async function answerOf(child: ChildProcess): Promise<TwinEvent> {
  const [event] = (await once(child, 'message')) as [TwinEvent];
  return event.type === 'running' ? answerOf(child) : event;
}

test('[TWIN23] a run that is told to stop ends where it is and reports what was done by then', async (t) => {
  const child = await start(t);
  const tell = (command: TwinCommand) => child.send(command);
  tell({ type: 'run', request: REQUEST });
  tell({ type: 'stop' });
  const event = await answerOf(child);
  assert.ok(event.type === 'done');
  assert.equal(event.report.isWhole, false);
  assert.ok(event.report.virtualMs < REQUEST.durationMs);
  assert.match(event.report.traceHash, /^[0-9a-f]{16}$/);
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
});

test('[TWIN23] it says once that it runs, alone or as a pair, when it has something to report', async (t) => {
  for (const pair of [false, true]) {
    const child = await start(t);
    const said: string[] = [];
    child.on('message', ({ type }: TwinEvent) => {
      said.push(type);
      if (type === 'running') child.send({ type: 'stop' } satisfies TwinCommand);
    });
    const run = { request: REQUEST } as const;
    const command: TwinCommand = pair
      ? { type: 'run-pair', ...run, against: { heartbeatMs: 2_000 } }
      : { type: 'run', ...run };
    child.send(command);
    await once(child, 'exit');
    assert.deepEqual(said, ['running', pair ? 'paired' : 'done']);
  }
});

test('[PAIR6] a pair that is told to stop ends where it is and reports both runs', async (t) => {
  const child = await start(t);
  const tell = (command: TwinCommand) => child.send(command);
  tell({ type: 'run-pair', request: REQUEST, against: { heartbeatMs: 2_000 } });
  tell({ type: 'stop' });
  const event = await answerOf(child);
  assert.ok(event.type === 'paired');
  assert.equal(event.pair.first.isWhole || event.pair.second.isWhole, false);
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
});

test('[PAIR5] settings that do not go together are refused before anything is run', async (t) => {
  const child = await start(t);
  const settings = { retryAfterMsMin: 9_000 };
  child.send({ type: 'run', request: { ...REQUEST, settings } } satisfies TwinCommand);
  const event = await answerOf(child);
  assert.ok(event.type === 'refused');
  assert.match(event.detail, /retry-after-min of 9000 ms is more than/);
});

test('[TWIN23] a signal alone does not end it, and a command that it cannot read is refused', async (t) => {
  const child = await start(t);
  child.kill('SIGINT');
  child.send({ type: 'run', request: { ...REQUEST, nodes: 0 } });
  const event = await answerOf(child);
  assert.ok(event.type === 'refused');
  assert.match(event.detail, /nodes/);
});

test('[TWIN23] it ends with whoever started it', async (t) => {
  const child = await start(t);
  child.send({ type: 'run', request: REQUEST } satisfies TwinCommand);
  child.disconnect();
  await once(child, 'exit');
});
