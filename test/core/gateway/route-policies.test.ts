import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from '../../../core/gateway/explain.ts';
import type { RouteContext } from '../../../core/gateway/route.ts';
import { routeShares } from '../../../core/gateway/route-shares.ts';
import { sha256Hex } from '../../../core/lib/sha256.ts';
import {
  ask,
  compileText,
  gatewayYaml,
  inWords,
  join,
  requestOf,
  routeYaml,
  serviceYaml,
} from './sample.ts';

const LISTENERS =
  '- {name: http, port: 80, protocol: HTTP}\n- {name: alt, port: 8080, protocol: HTTP}';
const SERVICES = join(serviceYaml('a'), serviceYaml('b'));
const TO_A = 'backendRefs: [{name: a, port: 80}]';
const TO_B = 'backendRefs: [{name: b, port: 80}]';
const GATE =
  'filters: [{type: ExtensionRef, extensionRef: {group: holdfast.dev, kind: FeatureFlag, name: new}}]';

function own(kind: string, name: string, spec: string): string {
  return `apiVersion: holdfast.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`;
}

function flag(spec: string): string {
  return own('FeatureFlag', 'new', spec);
}

function targeting(kind: 'Gateway' | 'HTTPRoute', name: string, section = ''): string {
  const part = section === '' ? '' : `, sectionName: ${section}`;
  return `targetRefs: [{group: gateway.networking.k8s.io, kind: ${kind}, name: ${name}${part}}]`;
}

function traffic(name: string, target: string): string {
  return own('TrafficPolicy', name, `{${target}, rateLimit: {requests: 5, window: 1s}}`);
}

function keys(name: string, target: string): string {
  const key = `{name: k, sha256: ${sha256Hex(name)}}`;
  return own('AuthPolicy', name, `{${target}, apiKey: {header: X-Key, keys: [${key}]}}`);
}

function compile(rules: string, ...others: string[]) {
  return compileText(join(gatewayYaml(LISTENERS), SERVICES, routeYaml({ rules }), ...others));
}

test('[ROUTE36] a rule whose flag is off is passed over as if it did not match', () => {
  const rules = `- {${GATE}, ${TO_B}}\n- ${TO_A}`;
  const answer = (spec: string, headers: Record<string, string> = {}, context?: RouteContext) =>
    inWords(ask(compile(rules, flag(spec)), { headers }, 0, context));
  assert.equal(answer('{mode: "On"}'), 'shop/b');
  assert.equal(answer('{mode: "Off"}'), 'shop/a');
  const beta = '{mode: Conditional, when: {headers: [{name: X-Beta, value: "1"}]}}';
  assert.equal(answer(beta), 'shop/a');
  assert.equal(answer(beta, { 'x-beta': '1' }), 'shop/b');
  const cell = '{mode: Conditional, when: {cells: [eu]}}';
  assert.equal(answer(cell), 'shop/a');
  assert.equal(answer(cell, {}, { cell: 'eu', atMs: 0 }), 'shop/b');
  assert.equal(answer(cell, {}, { cell: 'us', atMs: 0 }), 'shop/a');
  // With nothing behind it, no route is left.
  assert.equal(
    inWords(ask(compile(`- {${GATE}, ${TO_B}}`, flag('{mode: "Off"}')))),
    '404 no-route',
  );
});

test('[ROUTE37] a flag that does not exist is 500 and never skipped; so is one on a backend', () => {
  assert.equal(inWords(ask(compile(`- {${GATE}, ${TO_B}}\n- ${TO_A}`))), '500 invalid-filter');
  const onBackend = `- backendRefs: [{name: a, port: 80, ${GATE}}]`;
  assert.equal(inWords(ask(compile(onBackend, flag('{mode: "On"}')))), '500 invalid-filter');
});

test('[ROUTE38] a flag of a percentage takes its share, whatever the weights behind it', () => {
  const both = 'backendRefs: [{name: a, port: 80}, {name: b, port: 80}]';
  const redirect = 'filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}]';
  const gateway = compile(
    `- {${GATE}, ${both}}\n- ${redirect}`,
    flag('{mode: Conditional, when: {percent: 25}}'),
  );
  assert.deepEqual(
    routeShares(gateway, requestOf()).map(({ outcome, share }) => [inWords(outcome), share]),
    [
      ['302 https://www.shop.example/', 750_000],
      ['shop/a', 125_000],
      ['shop/b', 125_000],
    ],
  );
  const counts = new Map<string, number>();
  for (let i = 0; i < 8_000; i += 1) {
    const word = inWords(ask(gateway, {}, Math.floor((i * 0x8000_0000) / 8_000)));
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  for (const name of ['shop/a', 'shop/b']) {
    assert.ok(Math.abs((counts.get(name) ?? 0) - 1_000) < 150, `${name}: ${counts.get(name)}`);
  }
});

test("[ROUTE39] a policy of the rule outranks the route's, that the listener's, that the Gateway's", () => {
  const rules = `- {name: pay, matches: [{path: {value: /pay}}], ${TO_A}}\n- ${TO_A}`;
  const policies = [
    traffic('t-gateway', targeting('Gateway', 'edge')),
    traffic('t-listener', targeting('Gateway', 'edge', 'alt')),
    traffic('t-route', targeting('HTTPRoute', 'r')),
    traffic('t-rule', targeting('HTTPRoute', 'r', 'pay')),
  ];
  const inForce = (count: number) => {
    const gateway = compile(rules, ...policies.slice(0, count));
    const asked = [{ path: '/pay' }, {}, { path: '/pay', port: 8080 }, { port: 8080 }];
    return asked.map((request) => {
      const outcome = ask(gateway, request);
      const key = outcome.kind === 'backend' ? outcome.traffic?.key : undefined;
      return key?.slice('TrafficPolicy/shop/t-'.length) ?? 'none';
    });
  };
  assert.deepEqual(inForce(0), ['none', 'none', 'none', 'none']);
  assert.deepEqual(inForce(1), ['gateway', 'gateway', 'gateway', 'gateway']);
  assert.deepEqual(inForce(2), ['gateway', 'gateway', 'listener', 'listener']);
  assert.deepEqual(inForce(3), ['route', 'route', 'route', 'route']);
  assert.deepEqual(inForce(4), ['rule', 'route', 'rule', 'route']);
});

test('[ROUTE42] of Gateways that share a place none leaves out what another asks for', () => {
  const other = gatewayYaml(LISTENERS).replace('name: edge', 'name: other');
  const rules = `- ${TO_A}`;
  const policies = [
    keys('secret', targeting('Gateway', 'edge')),
    traffic('t-edge', targeting('Gateway', 'edge')),
    traffic('t-other', targeting('Gateway', 'other')),
  ];
  const inForce = (parents: string, headers: Record<string, string>) => {
    const route = routeYaml({ parents, rules });
    const texts = [gatewayYaml(LISTENERS), other, SERVICES, route, ...policies];
    const outcome = ask(compileText(join(...texts)), { headers });
    return outcome.kind === 'backend' ? outcome.traffic?.key : inWords(outcome);
  };
  const here = '[{name: edge}, {name: other}]';
  const there = '[{name: other}, {name: edge}]';
  for (const parents of [here, there]) assert.equal(inForce(parents, {}), '401 unauthenticated');
  // Of two of one kind that of the parentRef that stands first holds.
  assert.equal(inForce(here, { 'x-key': 'secret' }), 'TrafficPolicy/shop/t-edge');
  assert.equal(inForce(there, { 'x-key': 'secret' }), 'TrafficPolicy/shop/t-other');
});

test('[ROUTE40] each kind of policy is outranked by its own kind only', () => {
  const gateway = compile(
    `- ${TO_A}`,
    keys('secret', targeting('Gateway', 'edge')),
    traffic('t', targeting('HTTPRoute', 'r')),
  );
  assert.equal(inWords(ask(gateway)), '401 unauthenticated');
  const outcome = ask(gateway, { headers: { 'x-key': 'secret' } });
  assert.equal(outcome.kind === 'backend' ? outcome.traffic?.key : '', 'TrafficPolicy/shop/t');
});

test('[ROUTE41] credentials are asked for after matching, before redirects, not for a preflight', () => {
  const origin = 'https://www.shop.example';
  const cors = `{type: CORS, cors: {allowOrigins: ["${origin}"]}}`;
  const redirect = '{type: RequestRedirect, requestRedirect: {scheme: https}}';
  const rules = `- {matches: [{path: {value: /a}}], filters: [${cors}], ${TO_A}}\n- {matches: [{path: {value: /r}}], filters: [${redirect}]}`;
  const gateway = compile(rules, keys('secret', targeting('HTTPRoute', 'r')));
  assert.equal(inWords(ask(gateway, { path: '/none' })), '404 no-route');
  assert.equal(inWords(ask(gateway, { path: '/a' })), '401 unauthenticated');
  assert.equal(inWords(ask(gateway, { path: '/r' })), '401 unauthenticated');
  assert.equal(inWords(ask(gateway, { path: '/a', headers: { 'X-KEY': 'secret' } })), 'shop/a');
  assert.equal(
    inWords(ask(gateway, { path: '/a', headers: { 'X-KEY': 'wrong' } })),
    '401 unauthenticated',
  );
  const headers = { origin, 'access-control-request-method': 'GET' };
  assert.equal(inWords(ask(gateway, { method: 'OPTIONS', path: '/a', headers })), '204 preflight');
});

test('[EXPL8] flags and policies are part of the explanation', () => {
  const gateway = compile(
    `- {name: new, ${GATE}, ${TO_B}}\n- ${TO_A}`,
    flag('{mode: Conditional, when: {headers: [{name: x-beta, value: "1"}]}}'),
    keys('secret', targeting('Gateway', 'edge')),
  );
  const off = explain(gateway, requestOf({ headers: { 'x-key': 'secret' } }), 0);
  assert.equal(off.runnersUp[0]?.because, 'Flag new is off for this request.');
  assert.equal(off.runnersUp[0]?.candidate.condition, 'flag new is on');
  const on = explain(gateway, requestOf({ headers: { 'x-key': 'secret', 'x-beta': '1' } }), 0);
  assert.equal(on.winner?.ruleName, 'new');
  assert.deepEqual(on.steps, [
    'Flag new is on for this request.',
    'AuthPolicy shop/secret lets the request pass.',
    'The request goes to shop/b on port 80.',
  ]);
  const refused = explain(gateway, requestOf(), 0);
  assert.match(
    refused.steps.at(-1) ?? '',
    /^AuthPolicy shop\/secret refuses the request with 401\./,
  );
  assert.deepEqual(
    refused.shares.map(({ label, percent }) => [label, percent]),
    [['401 no valid credential', 100]],
  );
});
