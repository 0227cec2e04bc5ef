import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DEFAULT_REHEARSAL_LIMITS,
  judgeForecast,
  type RehearsalLimits,
} from '../../../core/rehearsal/rehearsal-limits.ts';
import type { SeedOutcome } from '../../../core/rehearsal/seed-outcome.ts';
import { takerTimesOf } from '../../../core/rehearsal/taker-times.ts';
import { forecastOf, outcomeOf, requestsWith } from './outcome-fixture.ts';

function judge(outcomes: readonly SeedOutcome[], limits: Partial<RehearsalLimits> = {}) {
  const all = { ...DEFAULT_REHEARSAL_LIMITS, ...limits };
  return judgeForecast(forecastOf(outcomes), all, takerTimesOf(outcomes));
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
      'No node rejects it; at most 0 may.',
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
  const outcome = outcomeOf([10], 3, {
    nodesRejecting: 2,
    requests: requestsWith({ failed: 7 }),
  });
  const [, rejecting, lost] = judge([outcome]);
  assert.deepEqual([rejecting?.isWithin, lost?.isWithin], [false, false]);
  assert.equal(rejecting?.sentence, '2 nodes reject it; at most 0 may.');
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

test('[REH31] where nodes may reject it, shares count over those that do not', () => {
  const acksMs = Array.from({ length: 190 }, (_, index) => index + 1);
  const outcome = outcomeOf(acksMs, 200, { nodesRejecting: 10 });
  const [t99, t100, rejecting] = judge([outcome], { nodesRejectingMax: 20, t100MsMax: 190 });
  assert.deepEqual([t99?.isWithin, t100?.isWithin, rejecting?.isWithin], [true, true, true]);
  assert.equal(
    t99?.sentence,
    '99 % of the nodes that take it acknowledge it after 189 ms; the limit is 30 s.',
  );
  assert.equal(
    t100?.sentence,
    'All nodes that take it acknowledge it after 190 ms; the limit is 190 ms.',
  );
  const [strict] = judge([outcome]);
  assert.equal(strict?.isWithin, false);
  assert.match(strict?.sentence ?? '', /^99 % of the nodes acknowledge it after more than/);
});

test('[REH31] who is down takes no less for it; of no taker there is no share', () => {
  const down = outcomeOf([10, 20], 4, { nodesRejecting: 1 });
  const [t99] = judge([down], { nodesRejectingMax: 1 });
  assert.equal(t99?.isWithin, false);
  const mixed = judge(
    [outcomeOf([5, 7, 9, 11]), outcomeOf([8, 12, 16], 4, { nodesRejecting: 1 })],
    {
      nodesRejectingMax: null,
    },
  );
  assert.deepEqual(mixed[0]?.predicted, { low: 11, median: 11, high: 16 });
  const [none] = judge([outcomeOf([], 4, { nodesRejecting: 4 })], { nodesRejectingMax: 4 });
  assert.equal(none?.isWithin, false);
  assert.equal(none?.sentence, 'In some seed no node takes it; the limit is 30 s.');
});
