import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minimiseFaults, withFaults } from '../../../../simulator/twin/swarm/minimise-faults.ts';
import { runSeed } from '../../../../simulator/twin/swarm/run-seed.ts';
import { runSwarm } from '../../../../simulator/twin/swarm/run-swarm.ts';
import { drawPlan } from '../../../../simulator/twin/swarm/swarm-plan.ts';
import { failedSeedText } from '../../../../simulator/twin/swarm/swarm-text.ts';
import { MUTATIONS } from './mutations.ts';

/** Within so many seeds, from the first on, each mutation is found. */
const CAUGHT_WITHIN_SEEDS = 30;

for (const { name, create, phase, says } of MUTATIONS) {
  test(`[SWARM4] found within ${CAUGHT_WITHIN_SEEDS} seeds: ${name}`, async (t) => {
    for (let seed = 1; seed <= CAUGHT_WITHIN_SEEDS; seed += 1) {
      const { failure } = await runSeed(drawPlan(seed), null, create());
      if (failure === null) continue;
      t.diagnostic(`seed ${seed}, ${failure.phase}: ${failure.sentence}`);
      assert.equal(failure.phase, phase);
      assert.match(failure.sentence, says);
      return;
    }
    assert.fail('no seed found it');
  });
}

test('[SWARM4] the seeds that find mutations hold without them', async () => {
  const stop = new AbortController();
  const options = { seeds: CAUGHT_WITHIN_SEEDS, from: 1, only: null };
  const report = await runSwarm(options, stop.signal, () => undefined);
  assert.deepEqual(report.failures, []);
});

/** It finds this one, and needs a fault for it. */
const SEED = 19;
const resumes = MUTATIONS.find(({ name }) => name.startsWith('a truncated log'));
assert.ok(resumes !== undefined);

test('[SWARM5] a failing seed is told with its step, its faults and one command that replays it', async () => {
  const stop = new AbortController();
  const told: string[] = [];
  const report = await runSwarm(
    { seeds: 1, from: SEED, only: null },
    stop.signal,
    (failed) => told.push(failedSeedText(failed)),
    resumes.create,
  );
  const [failed] = report.failures;
  assert.ok(failed !== undefined);
  assert.ok(failed.step > 0 && failed.atMs > 0);
  assert.equal(failed.replay, 'npm run swarm -- --seeds 1 --from 19');
  const only = failed.faults.map(({ index }) => index);
  assert.equal(failed.replayMinimised, `${failed.replay} --only ${only.join(',') || 'none'}`);
  assert.match(
    told.join(''),
    /^FAILED {2}seed 19, liveness: .*serves r5 and not r\d+, which it refused/,
  );
  // The command that it prints finds the same again, with those faults alone.
  const again = await runSwarm(
    { seeds: 1, from: SEED, only },
    stop.signal,
    () => undefined,
    resumes.create,
  );
  assert.equal(again.failures[0]?.phase, 'liveness');
  assert.equal(again.failures[0]?.seed, SEED);
});

test('[SWARM5] of the faults none is left that the failure does not need', async () => {
  const plan = drawPlan(SEED);
  assert.ok(plan.faults.length > 1);
  const least = await minimiseFaults(plan, 'liveness', null, resumes.create);
  assert.ok(least.isWhole && least.kept.length >= 1 && least.kept.length < plan.faults.length);
  for (const index of least.kept) {
    const others = least.kept.filter((other) => other !== index);
    const { failure } = await runSeed(withFaults(plan, others), null, resumes.create());
    assert.notEqual(failure?.phase, 'liveness');
  }
});
