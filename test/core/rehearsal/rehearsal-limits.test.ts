import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DEFAULT_REHEARSAL_LIMITS,
  judgeForecast,
  type RehearsalLimits,
} from '../../../core/rehearsal/rehearsal-limits.ts';
import type { SeedOutcome } from '../../../core/rehearsal/seed-outcome.ts';
import { forecastOf, outcomeOf, requestsWith } from './outcome-fixture.ts';

function judge(outcomes: readonly SeedOutcome[], limits: Partial<RehearsalLimits> = {}) {
  return judgeForecast(forecastOf(outcomes), { ...DEFAULT_REHEARSAL_LIMITS, ...limits });
}

test('[REH6] by default 99 % must have it within the deadline, and nothing may be refused or lost', () => {
  const verdicts = judge([outcomeOf([10, 20])]);
  assert.deepEqual(
    verdicts.map(({ name, limit, isWithin }) => [name, limit, isWithin]),
    [
      ['t99', 30_000, true],
      ['nodesRejecting', 0, true],
      ['requestsLost', 0, true],
    ],
  );
  assert.deepEqual(
    verdicts.map(({ sentence }) => sentence),
    [
      '99 % of the nodes acknowledge it after 20 ms; the limit is 30 s.',
      'No node refuses it; at most 0 may.',
      'No request is lost; at most 0 may.',
    ],
  );
});

test('[REH6] the worst seed decides', () => {
  const [t99] = judge([outcomeOf([10]), outcomeOf([31_000])]);
  assert.equal(t99?.isWithin, false);
  assert.equal(
    t99?.sentence,
    '99 % of the nodes acknowledge it after 10 ms – 31 s; the limit is 30 s.',
  );
  const [never] = judge([outcomeOf([10]), outcomeOf([], 1)]);
  assert.equal(never?.isWithin, false);
  assert.match(never?.sentence ?? '', /10 ms in one seed and more than was rehearsed in another/);
  const [none] = judge([outcomeOf([], 1)]);
  assert.match(none?.sentence ?? '', /after more than was rehearsed/);
});

test('[REH6] refusals and losses are within up to their limit', () => {
  const outcome = outcomeOf([10], 1, {
    nodesRejecting: 2,
    requests: requestsWith({ failed: 7 }),
  });
  const [, rejecting, lost] = judge([outcome]);
  assert.deepEqual([rejecting?.isWithin, lost?.isWithin], [false, false]);
  assert.equal(rejecting?.sentence, '2 nodes refuse it; at most 0 may.');
  assert.equal(lost?.sentence, '7 requests are lost; at most 0 may.');
  const within = judge([outcome], { nodesRejectingMax: 2, requestsLostMax: 7 });
  assert.ok(within.every(({ isWithin }) => isWithin));
});

test('[REH6] all nodes within a time and the longest lag can be asked for, or nothing at all', () => {
  const limits = { t100MsMax: 15, lagMsMax: 15 };
  const verdicts = judge([outcomeOf([10], 2)], limits);
  const beyond = verdicts.filter(({ isWithin }) => !isWithin).map(({ name }) => name);
  assert.deepEqual(beyond, ['t99', 't100']);
  const all = judge([outcomeOf([10, 15])], limits);
  assert.ok(all.every(({ isWithin }) => isWithin));
  const none = judge([outcomeOf([], 1)], {
    t99MsMax: null,
    nodesRejectingMax: null,
    requestsLostMax: null,
  });
  assert.deepEqual(none, []);
});
