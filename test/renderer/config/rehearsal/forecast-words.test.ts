import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  forecastHeadline,
  lostWords,
  predictedTimes,
  rehearsedWith,
  seedsWords,
  sentWords,
  stalenessWords,
} from '../../../../renderer/config/rehearsal/forecast-words.ts';
import { band, forecastWith } from './forecast-fixture.ts';

test('[UIREH1] one sentence says how it spreads, what is lost and who rejects it', () => {
  assert.equal(
    forecastHeadline(forecastWith()),
    '99 % of 200 nodes have it after 38–55 ms, all after 41–60 ms; no request is lost, no node rejects it.',
  );
  assert.equal(
    forecastHeadline(forecastWith({ requestsLost: band(3, 5, 12), nodesRejecting: band(1) })),
    '99 % of 200 nodes have it after 38–55 ms, all after 41–60 ms; 3–12 requests are lost, 1 node rejects it.',
  );
});

test('[UIREH2] a share that is not reached in every seed is never told as if it were', () => {
  const headline = (change: Parameters<typeof forecastWith>[0]) =>
    forecastHeadline(forecastWith(change)).split(';')[0];
  assert.equal(
    headline({ t100: band(null), reached: band(198) }),
    '99 % of 200 nodes have it after 38–55 ms, 198 in all',
  );
  assert.equal(
    headline({ t100: band(41, 50, null) }),
    '99 % of 200 nodes have it after 38–55 ms, not always all within 30 s',
  );
  assert.equal(
    headline({ t99: band(38, 45, null), t100: band(null) }),
    '99 % of 200 nodes have it after 38 ms in one seed and not within 30 s in another',
  );
  assert.equal(
    headline({ t99: band(null), t100: band(null), reached: band(150, 150, 160) }),
    '150–160 of 200 nodes have it within 30 s, not 99 %',
  );
  const times = predictedTimes(forecastWith({ t100: band(41, null, null) }));
  assert.deepEqual(times.at(-1), {
    share: '100 %',
    band: '41 ms to not reached',
    median: 'not reached',
  });
});

test('[UIREH3] staleness, requests, pushes, seeds and what was broken have their units', () => {
  const forecast = forecastWith({ requestsLost: band(3, 5, 12), pushesFull: band(0, 0, 3) });
  assert.equal(stalenessWords(forecast), '41–60 ms behind the head, 1.00–1.02 s unverified');
  assert.equal(lostWords(forecast), '3–12 of 12,000, beyond what is lost without publishing');
  assert.equal(lostWords(forecastWith()), 'none of 12,000');
  assert.equal(sentWords(forecast), '1.2–1.4 MB; pushes: 200 delta, 0–3 full');
  assert.equal(seedsWords(forecast, false), '37 seeds in 5.0 s');
  assert.equal(seedsWords(forecastWith({ seeds: 1 }), true), '1 seed in 5.0 s, stopped');
  assert.equal(
    rehearsedWith(forecastWith({ faults: ['links cut'] }), ['latency 400 ms, cell eu-west']),
    '200 nodes, 30 s of virtual time, links cut; in force already: latency 400 ms, cell eu-west',
  );
});

test('[UIREH4] before there is a result, a dash stands where each figure will be', () => {
  const times = predictedTimes(null);
  assert.deepEqual(
    times.map(({ share }) => share),
    ['50 %', '95 %', '99 %', '100 %'],
  );
  assert.ok(times.every((time) => time.band === '–' && time.median === '–'));
});
