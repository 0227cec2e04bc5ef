import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BackendAnswer, type Exchange, exchange } from '../../../core/gateway/exchange.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { compileRules, requestOf } from './sample.ts';

const TO_A = 'backendRefs: [{name: a, port: 80}]';
const good: BackendAnswer = { kind: 'response', status: 200, headers: {}, delayMs: 10 };
const bad: BackendAnswer = { kind: 'response', status: 503, headers: {}, delayMs: 10 };
const broken: BackendAnswer = { kind: 'connection-error', delayMs: 10 };

/** Plays one request against a rule; the answers come in turn, the last one again and again. */
function play(rule: string, answers: readonly BackendAnswer[], mayRetry?: () => boolean): Exchange {
  const backends = {
    answer: ({ attempt }: { attempt: number }) =>
      answers[Math.min(attempt, answers.length) - 1] ?? good,
  };
  const draws = createSeededRandom(1);
  const input = mayRetry === undefined ? { draws, backends } : { draws, backends, mayRetry };
  return exchange(compileRules(`- ${rule}`), requestOf(), input);
}

function inShort({ status, attempts, elapsedMs, answeredBy }: Exchange): string {
  return `${status} ${answeredBy ?? 'gateway'} ${attempts.length} calls ${elapsedMs} ms`;
}

test("[EXCH1] without time-outs and retries the backend's answer is the client's", () => {
  const headers = { 'X-From': 'a' };
  const slow: BackendAnswer = { kind: 'response', status: 418, headers, delayMs: 90_000 };
  const played = play(TO_A, [slow]);
  assert.equal(inShort(played), '418 shop/a 1 calls 90000 ms');
  assert.deepEqual(played.headers, headers);
  assert.equal(inShort(play(TO_A, [broken])), '502 gateway 1 calls 10 ms');
});

test("[EXCH2] the gateway's own answers call nobody", () => {
  const redirect = play('filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]', []);
  assert.equal(inShort(redirect), '302 gateway 0 calls 0 ms');
  assert.equal(redirect.location, 'https://www.shop.example/');
  assert.equal(redirect.headers.location, redirect.location);
  assert.equal(inShort(play('backendRefs: []', [])), '500 gateway 0 calls 0 ms');
});

test("[ROUTE43] the gateway's own answers of a rule with CORS may be read by the same pages", () => {
  const cors = '{type: CORS, cors: {allowOrigins: ["https://a.example"]}}';
  const redirect = '{type: RequestRedirect, requestRedirect: {scheme: https}}';
  const headersFor = (rule: string, origin: string) => {
    const request = requestOf({ headers: { Origin: origin } });
    const backends = { answer: () => good };
    return exchange(compileRules(`- ${rule}`), request, { draws: createSeededRandom(1), backends })
      .headers;
  };
  const readable = { 'access-control-allow-origin': 'https://a.example', vary: 'Origin' };
  const location = 'https://www.shop.example/';
  const redirected = `filters: [${cors}, ${redirect}]`;
  assert.deepEqual(headersFor(redirected, 'https://a.example'), { location, ...readable });
  assert.deepEqual(headersFor(redirected, 'https://b.example'), { location, vary: 'Origin' });
  const broken = `filters: [${cors}]\n  backendRefs: [{name: none, port: 80}]`;
  assert.deepEqual(headersFor(broken, 'https://a.example'), readable);
});

test('[EXCH3] a request time-out that is reached is a 504; zero disables it', () => {
  const answer: BackendAnswer = { ...good, delayMs: 500 };
  const timed = (request: string) =>
    inShort(play(`timeouts: {request: ${request}}\n  ${TO_A}`, [answer]));
  assert.equal(timed('501ms'), '200 shop/a 1 calls 500 ms');
  assert.equal(timed('500ms'), '504 gateway 1 calls 500 ms');
  assert.equal(timed('100ms'), '504 gateway 1 calls 100 ms');
  assert.equal(timed('0s'), '200 shop/a 1 calls 500 ms');
});

test('[EXCH4] a call time-out bounds each call and is tried again like a connection error', () => {
  const slow: BackendAnswer = { ...good, delayMs: 300 };
  const rule = (retry: string) => `timeouts: {backendRequest: 200ms}\n  ${retry}${TO_A}`;
  assert.equal(inShort(play(rule(''), [slow])), '504 gateway 1 calls 200 ms');
  const twice = rule('retry: {attempts: 2, backoff: 10ms}\n  ');
  assert.equal(inShort(play(twice, [slow, good])), '200 shop/a 2 calls 220 ms');
  assert.equal(inShort(play(twice, [broken, slow, good])), '200 shop/a 3 calls 240 ms');
  assert.equal(inShort(play(twice, [slow])), '504 gateway 3 calls 620 ms');
});

test('[EXCH5] listed codes are tried again so many times; then the last answer is passed on', () => {
  const rule = `retry: {codes: [503], attempts: 2, backoff: 40ms}\n  ${TO_A}`;
  assert.equal(inShort(play(rule, [bad, good])), '200 shop/a 2 calls 60 ms');
  assert.equal(inShort(play(rule, [bad])), '503 shop/a 3 calls 110 ms');
  assert.equal(inShort(play(rule, [{ ...bad, status: 500 }])), '500 shop/a 1 calls 10 ms');
  assert.equal(inShort(play(rule, [broken])), '502 gateway 3 calls 110 ms');
  const none = `retry: {codes: [503], attempts: 0}\n  ${TO_A}`;
  assert.equal(inShort(play(none, [bad])), '503 shop/a 1 calls 10 ms');
});

test('[EXCH6] without a number there is one retry, 25 ms later', () => {
  assert.equal(
    inShort(play(`retry: {codes: [503]}\n  ${TO_A}`, [bad])),
    '503 shop/a 2 calls 45 ms',
  );
});

test('[EXCH7] the request time-out cuts retries and their waits', () => {
  const rule = `timeouts: {request: 50ms}\n  retry: {codes: [503], attempts: 9, backoff: 30ms}\n  ${TO_A}`;
  const played = play(rule, [bad]);
  assert.equal(inShort(played), '504 gateway 2 calls 50 ms');
  assert.deepEqual(
    played.attempts.map(({ startedAtMs, tookMs, result }) => [startedAtMs, tookMs, result]),
    [
      [0, 10, 'response'],
      [40, 10, 'timeout'],
    ],
  );
});

test('[EXCH8] a retry budget that refuses ends the retries', () => {
  const rule = `retry: {codes: [503], attempts: 5}\n  ${TO_A}`;
  let left = 2;
  const played = play(rule, [bad], () => {
    left -= 1;
    return left >= 0;
  });
  assert.equal(inShort(played), '503 shop/a 3 calls 80 ms');
});

test("[EXCH9] response filters of the backend act before the rule's, and not on the request", () => {
  const change = (value: string, more = '') =>
    `{type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: x-seen, value: ${value}}]${more}}}`;
  const rule = `filters: [${change('rule', ', remove: [server]')}]\n  backendRefs: [{name: a, port: 80, filters: [${change('backend', ', set: [{name: X-Set, value: new}]')}]}]`;
  const answer: BackendAnswer = { ...good, headers: { Server: 's', 'x-set': 'old' } };
  const played = play(rule, [answer]);
  assert.deepEqual(played.headers, { 'X-Set': 'new', 'x-seen': 'backend,rule' });
  assert.deepEqual(played.outcome.kind === 'backend' ? played.outcome.request.headers : null, {});
});

test('[EXCH10] mirrors get copies of what the backend sees: all, a percentage, or a fraction', () => {
  const mirror = (share: string, name = 'b') =>
    `{type: RequestMirror, requestMirror: {backendRef: {name: ${name}, port: 80}${share}}}`;
  const copies = (filters: string) => {
    const gateway = compileRules(`- filters: [${filters}]\n  ${TO_A}`);
    const draws = createSeededRandom(1);
    let count = 0;
    for (let i = 0; i < 1_000; i += 1) {
      const backends = { answer: () => good };
      count += exchange(gateway, requestOf(), { draws, backends }).mirrors.length;
    }
    return count;
  };
  assert.equal(copies(mirror('')), 1_000);
  assert.equal(copies(`${mirror('')}, ${mirror('', 'c')}`), 2_000);
  assert.equal(copies(mirror('', 'gone')), 0);
  assert.equal(copies(mirror(', percent: 0')), 0);
  assert.equal(copies(mirror(', percent: 100')), 1_000);
  const near = (count: number, wanted: number) =>
    assert.ok(Math.abs(count - wanted) < 60, `${count}`);
  near(copies(mirror(', percent: 30')), 300);
  near(copies(mirror(', fraction: {numerator: 40}')), 400);
  near(copies(mirror(', fraction: {numerator: 1, denominator: 4}')), 250);
  const rewrite = '{type: URLRewrite, urlRewrite: {hostname: x.example}}';
  const played = play(`filters: [${rewrite}, ${mirror('')}]\n  ${TO_A}`, [good]);
  assert.deepEqual(
    played.mirrors.map(({ backend, request }) => [backend, request.host]),
    [['shop/b', 'x.example']],
  );
});

test('[EXCH11] the same seed plays the same exchange', () => {
  const rule = `backendRefs: [{name: a, port: 80}, {name: b, port: 80}]`;
  assert.deepEqual(play(rule, [good]), play(rule, [good]));
});
