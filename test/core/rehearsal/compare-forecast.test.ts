import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Revision } from '../../../core/config/ids.ts';
import { type ActualSpread, compareForecast } from '../../../core/rehearsal/compare-forecast.ts';
import type { SeedOutcome } from '../../../core/rehearsal/seed-outcome.ts';
import { arbitraryOutcomes, forecastOf, outcomeOf } from './outcome-fixture.ts';

/** What really happened, when it was what a seed foretold. */
function actualOf(outcome: SeedOutcome, more: Partial<ActualSpread> = {}): ActualSpread {
  const { nodes, reached, t50Ms, t95Ms, t99Ms, t100Ms, bytes, curve, nodesRejecting } = outcome;
  return {
    revision: 1 as Revision,
    publishedAtMs: 0,
    nodes,
    reached,
    t50Ms,
    t95Ms,
    t99Ms,
    t100Ms,
    deadlineMs: 30_000,
    late: false,
    bytes,
    missing: [],
    curve,
    nodesRejecting,
    ...more,
  };
}

const FORECAST = forecastOf([outcomeOf([38, 40]), outcomeOf([45, 55])]);

function verdicts(actual: ActualSpread, isFinal: boolean): ReadonlyMap<string, string> {
  const { figures } = compareForecast(FORECAST, actual, isFinal);
  return new Map(figures.map(({ name, verdict }) => [name, verdict]));
}

test('[REH4] what one of the seeds foretold lies within, in every figure and at every instant', () => {
  fc.assert(
    fc.property(arbitraryOutcomes(), fc.nat(), (outcomes, pick) => {
      const outcome = outcomes[pick % outcomes.length];
      assert.ok(outcome !== undefined);
      const { figures, curveWithinPerMille } = compareForecast(
        forecastOf(outcomes),
        actualOf(outcome),
        true,
      );
      assert.deepEqual(
        figures.filter(({ verdict }) => verdict !== 'within'),
        [],
      );
      assert.ok(curveWithinPerMille === null || curveWithinPerMille === 1_000);
    }),
  );
});

test('[REH4] what came sooner is below, what came later above, and says both figures', () => {
  assert.equal(verdicts(actualOf(outcomeOf([1, 2])), true).get('t99'), 'below');
  const late = actualOf(outcomeOf([40, 61]));
  assert.equal(verdicts(late, true).get('t99'), 'above');
  const { summary, curveWithinPerMille } = compareForecast(FORECAST, late, true);
  assert.equal(summary, '99 % took 61 ms; 40–55 ms were predicted');
  assert.equal(curveWithinPerMille, 500);
});

test('[REH4] what is not there yet is open, until a later ack shows that it is too late', () => {
  const nothing = actualOf(outcomeOf([], 2));
  assert.equal(verdicts(nothing, false).get('t99'), 'open');
  assert.equal(compareForecast(FORECAST, nothing, false).curveWithinPerMille, null);
  assert.equal(verdicts(nothing, true).get('t99'), 'above');
  const half = actualOf(outcomeOf([60], 2));
  assert.equal(verdicts(half, false).get('t99'), 'above');
  assert.equal(verdicts(half, false).get('reached'), 'open');
  assert.equal(verdicts(half, true).get('reached'), 'below');
});

test('[REH4] more bytes or refusals than predicted are above at once; an unknown count stays open', () => {
  const actual = actualOf(outcomeOf([39], 2), { bytes: 5_000, nodesRejecting: 1 });
  assert.equal(verdicts(actual, false).get('bytes'), 'above');
  assert.equal(verdicts(actual, false).get('nodesRejecting'), 'above');
  const unknown = actualOf(outcomeOf([39], 2), { nodesRejecting: null });
  assert.equal(verdicts(unknown, true).get('nodesRejecting'), 'open');
});

test('[REH4] a share that no seed reached is within when it is not reached, and below when it is', () => {
  const forecast = forecastOf([outcomeOf([10], 2)]);
  const verdict = (actual: ActualSpread) =>
    compareForecast(forecast, actual, true).figures.find(({ name }) => name === 't99')?.verdict;
  assert.equal(verdict(actualOf(outcomeOf([10], 2))), 'within');
  assert.equal(verdict(actualOf(outcomeOf([10, 20], 2))), 'below');
  const { summary } = compareForecast(forecast, actualOf(outcomeOf([10], 2)), true);
  assert.equal(summary, '99 % were never reached; as was predicted');
});

test('[REH4] what no seed reached was predicted to take longer than was rehearsed, and is within when it does', () => {
  const forecast = forecastOf([outcomeOf([10], 2)]);
  const actual = actualOf(outcomeOf([10, forecast.horizonMs + 1], 2));
  const { figures, summary } = compareForecast(forecast, actual, true);
  assert.equal(figures.find(({ name }) => name === 't99')?.verdict, 'within');
  assert.equal(summary, '99 % took 1:00 min; that they take more than 1:00 min was predicted');
});
