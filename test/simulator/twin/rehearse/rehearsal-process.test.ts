import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type {
  RehearsalRequest,
  TwinCommand,
  TwinEvent,
} from '../../../../core/protocol/twin-control.ts';
import { BASE, faultsText, request } from './rehearsal-fixture.ts';

const TWIN = join(import.meta.dirname, '../../../../simulator/twin/main.ts');

/** All that a process of the twin says of a rehearsal; `onEvent` hears of each at once. */
async function eventsOf(
  t: TestContext,
  changes: Partial<RehearsalRequest>,
  onEvent: (event: TwinEvent, child: ChildProcess) => void = () => undefined,
): Promise<readonly TwinEvent[]> {
  const child = fork(TWIN, [], { execArgv: [], serialization: 'advanced' });
  t.after(() => child.kill('SIGKILL'));
  const events: TwinEvent[] = [];
  child.on('message', (event: TwinEvent) => {
    events.push(event);
    if (event.type === 'ready') tell(child, { type: 'rehearse', request: request(changes) });
    onEvent(event, child);
  });
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
  return events.slice(1);
}

function tell(child: ChildProcess, command: TwinCommand): void {
  child.send(command);
}

test('[REH18] the process tells of each seed as it is done, and then that it is over', async (t) => {
  const kill = faultsText([1, { kind: 'control-plane-kill', downMs: 10 }]);
  const events = await eventsOf(t, { firstSeed: 7, seedsMax: 2, faultsText: kill });
  assert.deepEqual(
    events.map(({ type }) => type),
    ['seed-done', 'seed-done', 'rehearsed'],
  );
  const [first, , last] = events;
  assert.ok(first?.type === 'seed-done' && last?.type === 'rehearsed');
  assert.equal(first.outcome.seed, 7);
  assert.deepEqual([last.seeds, last.isStopped], [2, false]);
  assert.deepEqual(last.faults, ['control plane killed 1 ms after the publish, for 10 ms']);
});

test('[REH18] told to stop, it ends with the seeds that it has done', async (t) => {
  const events = await eventsOf(t, { seedsMax: 10_000 }, (event, child) => {
    if (event.type === 'seed-done') tell(child, { type: 'stop' });
  });
  const last = events.at(-1);
  assert.ok(last?.type === 'rehearsed');
  assert.equal(last.isStopped, true);
  assert.equal(last.seeds, events.length - 1);
  assert.ok(last.seeds < 10_000);
});

test('[REH12] a refusal names its reason, so that a client can tell nothing new from something wrong', async (t) => {
  const [event] = await eventsOf(t, { draftText: BASE });
  assert.ok(event?.type === 'refused');
  assert.equal(event.reason, 'nothing-to-publish');
});
