import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RehearsalRequest } from '../../../../core/protocol/twin-control.ts';
import type { SeedOutcome } from '../../../../core/rehearsal/seed-outcome.ts';
import { runRehearsalGently } from '../../../../simulator/twin/rehearse/run-rehearsal.ts';
import { faultsText, request } from './rehearsal-fixture.ts';

async function run(changes: Partial<RehearsalRequest>, stop = new AbortController()) {
  const outcomes: SeedOutcome[] = [];
  const end = await runRehearsalGently(request(changes), stop.signal, (outcome) => {
    outcomes.push(outcome);
  });
  return { end, outcomes };
}

test('[REH13] seeds are run in order, all of them when time is not limited', async () => {
  const { end, outcomes } = await run({ firstSeed: 40, seedsMax: 3 });
  assert.ok(end.ok);
  assert.deepEqual([end.value.seeds, end.value.isStopped], [3, false]);
  assert.deepEqual(
    outcomes.map(({ seed }) => seed),
    [40, 41, 42],
  );
  assert.notEqual(end.value.serviceTimes, '');
});

test('[REH13] no seed is begun once the budget is spent, but one is always run', async () => {
  const { end, outcomes } = await run({ seedsMax: 1_000, budgetMs: 1 });
  assert.ok(end.ok);
  assert.deepEqual([end.value.seeds, outcomes.length, end.value.isStopped], [1, 1, false]);
});

test('[REH13] told to stop in the middle of a seed, it ends there and does not count that seed', async () => {
  const stop = new AbortController();
  const faults = faultsText([1, { kind: 'control-plane-kill', downMs: 3_000_000 }]);
  const running = run({ faultsText: faults, horizonMs: 3_600_000 }, stop);
  setImmediate(() => stop.abort());
  const { end, outcomes } = await running;
  assert.ok(end.ok);
  assert.deepEqual([end.value.seeds, end.value.isStopped, outcomes.length], [0, true, 0]);
  assert.deepEqual(end.value.faults, ['control plane killed 1 ms after the publish, for 3000 s']);
});

test('[REH12] what cannot be rehearsed is answered without a seed', async () => {
  const { end, outcomes } = await run({ draftText: 'kind: Gateway\n' });
  assert.ok(!end.ok);
  assert.equal(outcomes.length, 0);
});
