import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../../../core/gateway/parse-config.ts';
import { isFlagOn } from '../../../../core/gateway/policy/is-flag-on.ts';
import { PolicyTable } from '../../../../core/gateway/policy/policy-table.ts';
import { readFlagPlan } from '../../../../core/gateway/policy/read-flag-plan.ts';
import { gatewayYaml, join, routeYaml, serviceYaml } from '../sample.ts';

const TARGET = 'group: gateway.networking.k8s.io, kind';

function policyYaml(name: string, target: string, created = '', kind = 'TrafficPolicy'): string {
  const metadata = created === '' ? '' : `, creationTimestamp: "${created}"`;
  return `apiVersion: holdfast.dev/v1alpha1
kind: ${kind}
metadata: {name: ${name}, namespace: shop${metadata}}
spec:
  targetRefs: [{${TARGET}: ${target}}]
  ${kind === 'TrafficPolicy' ? 'rateLimit: {requests: 10, window: 1s}' : `apiKey: {header: x-key, keys: [{name: a, sha256: ${'0'.repeat(64)}}]}`}
`;
}

const BASE = [
  gatewayYaml(),
  serviceYaml('a'),
  routeYaml({ rules: '- {name: pay, backendRefs: [{name: a, port: 80}]}' }),
];

function tableOf(...policies: string[]): PolicyTable {
  const { documents } = parseConfig(join(...BASE, ...policies));
  return PolicyTable.of(
    documents.flatMap(({ key, body }) => (body === null ? [] : [{ key, body }])),
  );
}

function codesOf(...documents: string[]): string[] {
  return parseConfig(join(...BASE, ...documents)).problems.map(
    (one) => `${one.code} ${one.pointer}`,
  );
}

describe('which policy holds', () => {
  test('[POL6] the rule outranks its route, and the listener its Gateway, per kind', () => {
    const table = tableOf(
      policyYaml('route', 'HTTPRoute, name: r'),
      policyYaml('rule', 'HTTPRoute, name: r, sectionName: pay'),
      policyYaml('edge', 'Gateway, name: edge'),
      policyYaml('http', 'Gateway, name: edge, sectionName: http'),
      policyYaml('auth', 'HTTPRoute, name: r', '', 'AuthPolicy'),
    );
    const rule = table.ofRule('shop', 'r', 'pay');
    assert.equal(rule.traffic?.key, 'TrafficPolicy/shop/rule');
    assert.equal(rule.auth?.key, 'AuthPolicy/shop/auth');
    assert.equal(table.ofRule('shop', 'r', null).traffic?.key, 'TrafficPolicy/shop/route');
    assert.equal(table.ofListener('shop', 'edge', 'http').traffic?.key, 'TrafficPolicy/shop/http');
    assert.equal(table.ofListener('shop', 'edge', 'tls').traffic?.key, 'TrafficPolicy/shop/edge');
    assert.equal(table.ofRule('other', 'r', 'pay').traffic, null);
  });

  test('[POL7] of two on one target the older holds, then the first by name; the console says so', () => {
    const a = policyYaml('a', 'HTTPRoute, name: r', '2026-02-01T00:00:00Z');
    const b = policyYaml('b', 'HTTPRoute, name: r', '2026-01-01T00:00:00Z');
    assert.equal(tableOf(a, b).ofRule('shop', 'r', null).traffic?.key, 'TrafficPolicy/shop/b');
    const { problems } = parseConfig(join(...BASE, a, b));
    assert.deepEqual(
      problems.map(({ code, severity }) => [code, severity]),
      [['policy-conflict', 'warning']],
    );
    assert.match(problems[0]?.message ?? '', /TrafficPolicy shop\/b is older and wins/);
    const c = policyYaml('c', 'HTTPRoute, name: r');
    const d = policyYaml('d', 'HTTPRoute, name: r');
    assert.equal(tableOf(d, c).ofRule('shop', 'r', null).traffic?.key, 'TrafficPolicy/shop/c');
    assert.deepEqual(codesOf(d, c), ['policy-conflict /spec/targetRefs/0']);
  });

  test('[POL8] a target, listener or rule that is not there is an error that names a near one', () => {
    assert.deepEqual(codesOf(policyYaml('p', 'HTTPRoute, name: rr')), [
      'missing-target /spec/targetRefs/0/name',
    ]);
    assert.deepEqual(codesOf(policyYaml('p', 'Gateway, name: edge, sectionName: htp')), [
      'missing-section /spec/targetRefs/0/sectionName',
    ]);
    const text = join(...BASE, policyYaml('p', 'HTTPRoute, name: r, sectionName: payy'));
    assert.match(parseConfig(text).problems[0]?.message ?? '', /Did you mean "pay"\?/);
    assert.deepEqual(codesOf(policyYaml('p', 'Service, name: a')), [
      'wrong-target /spec/targetRefs/0',
    ]);
  });
});

describe('what a policy may say', () => {
  const spec = (kind: string, inner: string) =>
    codesOf(`apiVersion: holdfast.dev/v1alpha1
kind: ${kind}
metadata: {name: p, namespace: shop}
spec: ${inner}
`);
  const targets = `targetRefs: [{${TARGET}: HTTPRoute, name: r}]`;

  test('[POL9] limits are within their bounds, and there is at least one', () => {
    assert.deepEqual(spec('TrafficPolicy', `{${targets}}`), ['no-effect /spec']);
    assert.deepEqual(spec('TrafficPolicy', `{${targets}, rateLimit: {requests: 1, window: 2h}}`), [
      'out-of-range /spec/rateLimit/window',
    ]);
    assert.deepEqual(spec('TrafficPolicy', `{${targets}, concurrency: {maxRequests: 0}}`), [
      'out-of-range /spec/concurrency/maxRequests',
    ]);
    assert.deepEqual(spec('TrafficPolicy', `{${targets}, circuitBreaker: {failurePercent: 101}}`), [
      'out-of-range /spec/circuitBreaker/failurePercent',
    ]);
  });

  test('[AUTH12] hashes, keys and credentials have their form', () => {
    assert.deepEqual(spec('AuthPolicy', `{${targets}}`), ['no-credential /spec']);
    assert.deepEqual(
      spec('AuthPolicy', `{${targets}, apiKey: {header: x-key, keys: [{name: a, sha256: ABC}]}}`),
      ['bad-hash /spec/apiKey/keys/0/sha256'],
    );
    assert.deepEqual(
      spec('AuthPolicy', `{${targets}, jwt: {keys: [{kty: OKP, crv: Ed25519, x: AQAB}]}}`),
      ['bad-key /spec/jwt/keys/0/x'],
    );
  });

  test('[AUTH12] a key whose point cannot sign is refused', () => {
    const zeros = 'A'.repeat(43);
    const smallOrder = `AQ${'A'.repeat(41)}`;
    for (const key of [
      `{kty: EC, crv: P-256, x: ${zeros}, y: ${zeros}}`,
      `{kty: OKP, crv: Ed25519, x: ${smallOrder}}`,
    ]) {
      assert.deepEqual(spec('AuthPolicy', `{${targets}, jwt: {keys: [${key}]}}`), [
        'bad-key /spec/jwt/keys/0',
      ]);
    }
  });

  test('[FLAG1] a flag has conditions when it is Conditional, and only then', () => {
    assert.deepEqual(spec('FeatureFlag', '{mode: Conditional}'), ['no-effect /spec']);
    assert.deepEqual(spec('FeatureFlag', '{mode: "On", when: {percent: 5}}'), [
      'no-effect /spec/when',
    ]);
    assert.deepEqual(spec('FeatureFlag', '{mode: Conditional, when: {percent: 101}}'), [
      'out-of-range /spec/when/percent',
    ]);
  });

  test('[KIND5] a suite has URLs that can be asked, names once, and expectations that agree', () => {
    const one = (inner: string) => spec('RequestSuite', `{requests: [{name: a, ${inner}}]}`);
    assert.deepEqual(one('url: "http://a.example/"'), []);
    assert.deepEqual(one('url: "ftp://a.example/"'), ['bad-url /spec/requests/0/url']);
    assert.deepEqual(one('url: "http://a.example/", expect: {backend: a/b, status: 404}'), [
      'contrary-expectation /spec/requests/0/expect',
    ]);
    assert.deepEqual(one('url: "http://a.example/"}, {name: a, url: "http://b.example/"'), [
      'duplicate-entry /spec/requests/1',
    ]);
  });
});

test('[FLAG2] any one condition turns a Conditional flag on; On and Off ask for none', () => {
  const when = { percent: 25, headers: [{ name: 'X-Beta', value: '1' }], cells: ['cell-a'] };
  const plan = readFlagPlan('FeatureFlag/shop/f', { mode: 'Conditional', when });
  const none = () => undefined;
  const late = 0x7fff_ffff;
  assert.equal(isFlagOn(plan, none, 'cell-b', late), false);
  assert.equal(isFlagOn(plan, none, 'cell-a', late), true);
  assert.equal(
    isFlagOn(plan, (name) => (name === 'x-beta' ? '1' : undefined), '', late),
    true,
  );
  assert.equal(isFlagOn(plan, none, '', 0x2000_0000 - 1), true);
  assert.equal(isFlagOn(plan, none, '', 0x2000_0000), false);
  assert.equal(isFlagOn(readFlagPlan('f', { mode: 'Off', when }), none, 'cell-a', 0), false);
  assert.equal(isFlagOn(readFlagPlan('f', { mode: 'On' }), none, '', late), true);
  assert.equal(isFlagOn(readFlagPlan('f', undefined), none, '', 0), false);
});
