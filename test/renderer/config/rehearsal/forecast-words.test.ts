import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  forecastHeadline,
  forecastInShort,
  isBeyondLimits,
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
    '99 % of 200 nodes acknowledge it after 38–55 ms, all after 41–60 ms; no request is lost, no node rejects it.',
  );
  assert.equal(
    forecastHeadline(forecastWith({ requestsLost: band(3, 5, 12), nodesRejecting: band(1) })),
    '99 % of 200 nodes acknowledge it after 38–55 ms, all after 41–60 ms; 3–12 requests are lost, 1 node rejects it.',
  );
});

test('[UIREH1] where the last node is as soon as 99 %, one time is told', () => {
  const headline = forecastHeadline(forecastWith({ t100: band(38, 45, 55) }));
  assert.match(headline, /^All 200 nodes acknowledge it after 38–55 ms; /);
});

test('[UIREH2] a share that is not reached in every seed is never told as if it were', () => {
  const headline = (change: Parameters<typeof forecastWith>[0]) =>
    forecastHeadline(forecastWith(change)).split(';')[0];
  assert.equal(
    headline({ t100: band(null), reached: band(198) }),
    '99 % of 200 nodes acknowledge it after 38–55 ms, 198 in all',
  );
  assert.equal(
    headline({ t100: band(41, 50, null) }),
    '99 % of 200 nodes acknowledge it after 38–55 ms, not always all within 30 s',
  );
  assert.equal(
    headline({ t99: band(38, 45, null), t100: band(null) }),
    '99 % of 200 nodes acknowledge it after 38 ms in one seed and not within 30 s in another',
  );
  assert.equal(
    headline({ t99: band(null), t100: band(null), reached: band(150, 150, 160) }),
    '150–160 of 200 nodes acknowledge it within 30 s, not 99 %',
  );
  const times = predictedTimes(forecastWith({ t100: band(41, null, null) }));
  assert.deepEqual(times.at(-1), {
    share: '100 %',
    band: '41 ms to not reached',
    median: 'not reached',
  });
});

test('[UIREH2] in short, too, nothing is said to be reached that is not', () => {
  assert.equal(forecastInShort(forecastWith()), '99 % of nodes after 38–55 ms');
  assert.equal(
    forecastInShort(forecastWith({ t99: band(null), reached: band(150, 155, 160) })),
    '150–160 of 200 nodes, not 99 %',
  );
  assert.equal(
    forecastInShort(forecastWith({ t99: band(38, 45, null) })),
    '99 % of nodes not in every seed',
  );
});

test('[UIREH2] staleness that lasts to the end is told as open', () => {
  const open = forecastWith({ lagMsMax: band(41, 50, 30_000) });
  assert.match(stalenessWords(open), /^41 ms – 30 s or more behind the head, /);
});

test('[UIREH1] what would go amiss in any seed is marked, and nothing else is', () => {
  assert.equal(isBeyondLimits(forecastWith()), false);
  for (const change of [
    { requestsLost: band(0, 0, 1) },
    { nodesRejecting: band(0, 0, 1) },
    { t99: band(38, 45, null) },
  ]) {
    assert.equal(isBeyondLimits(forecastWith(change)), true);
  }
});

test('[UIREH3] staleness, requests, pushes, seeds and what was broken have their units', () => {
  const forecast = forecastWith({ requestsLost: band(3, 5, 12), pushesFull: band(0, 0, 3) });
  assert.equal(stalenessWords(forecast), '41–60 ms behind the head, 1.00–1.02 s unverified');
  assert.equal(lostWords(forecast), '3–12 of 12,000, by the publish');
  assert.equal(
    lostWords({ ...forecast, faults: ['links cut'] }),
    '3–12 of 12,000, by the publish and what breaks',
  );
  assert.equal(lostWords(forecastWith()), 'none of 12,000');
  assert.equal(lostWords(forecastWith({ requestsAsked: band(0) })), 'none is asked');
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
