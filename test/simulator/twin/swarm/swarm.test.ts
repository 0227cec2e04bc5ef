import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { runSeed } from '../../../../simulator/twin/swarm/run-seed.ts';
import { runSwarm } from '../../../../simulator/twin/swarm/run-swarm.ts';
import { drawPlan } from '../../../../simulator/twin/swarm/swarm-plan.ts';
import { failedSeedText } from '../../../../simulator/twin/swarm/swarm-text.ts';

/** Run by every `npm test`, always the same. */
const FIXED_SEEDS = 100;
/** Others at each run, which are printed. */
const FRESH_SEEDS = 40;
/** Seeds that failed once, kept. */
const KEPT_SEEDS = [1503, 5269, 5635, 6093, 20044, 20218, 20357];

async function assertHolds(t: { diagnostic(text: string): void }, from: number, seeds: number) {
  const told: string[] = [];
  const report = await runSwarm(
    { seeds, from, only: null },
    new AbortController().signal,
    (failed) => told.push(failedSeedText(failed)),
  );
  t.diagnostic(`seeds ${from} to ${from + seeds - 1}`);
  assert.deepEqual(told, []);
  assert.equal(report.ran, seeds);
}

test(`[SWARM1] [SWARM2] ${FIXED_SEEDS} fixed seeds break neither safety nor liveness`, async (t) => {
  await assertHolds(t, 1, FIXED_SEEDS);
  for (const seed of KEPT_SEEDS) await assertHolds(t, seed, 1);
});

const fresh = randomInt(1_000_000, 1_000_000_000);

test(`[SWARM1] [SWARM2] neither do ${FRESH_SEEDS} fresh seeds, now from ${fresh} on`, async (t) => {
  await assertHolds(t, fresh, FRESH_SEEDS);
});

test('[SWARM3] the same seed draws the same plan and gives the same run, in one piece or in many', async () => {
  const plan = drawPlan(7);
  assert.deepEqual(drawPlan(7), plan);
  assert.notDeepEqual(drawPlan(8), plan);
  const whole = await runSeed(plan, null);
  const sliced = await runSeed(plan, new AbortController().signal);
  assert.equal(whole.state, 'held');
  assert.deepEqual(sliced, whole);
});

test('[SWARM3] the seeds draw every kind of fault, small fleets and large, and all that an operator does', () => {
  const plans = Array.from({ length: 200 }, (_, seed) => drawPlan(seed));
  const kinds = (values: readonly string[]) => [...new Set(values)].sort();
  assert.deepEqual(kinds(plans.flatMap(({ faults }) => faults.map(({ fault }) => fault.kind))), [
    'answers-repeated',
    'control-plane-backup',
    'control-plane-kill',
    'control-plane-restore',
    'disk-full',
    'disk-lies',
    'link-bandwidth',
    'link-half-open',
    'link-latency',
    'link-loss',
    'link-one-way',
    'link-partition',
    'link-reset',
    'memory-corrupted',
    'node-restart',
    'push-corrupted',
    'store-corrupted',
    'store-cut',
    'store-lost',
    'store-writes-fail',
  ]);
  assert.deepEqual(
    kinds(plans.flatMap(({ actions }) => actions.map(({ action }) => action.kind))),
    ['adopt', 'provision', 'publish', 'retire', 'rollback'],
  );
  const sizes = plans.map(({ nodes }) => nodes);
  assert.ok(Math.min(...sizes) >= 2 && Math.max(...sizes) <= 60);
  assert.ok(sizes.filter((nodes) => nodes <= 8).length > sizes.length / 2);
  assert.ok(sizes.some((nodes) => nodes > 20));
});
