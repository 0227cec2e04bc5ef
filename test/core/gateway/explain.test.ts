import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { explain, RUNNERS_UP_MAX } from '../../../core/gateway/explain.ts';
import type { GatewayRequest } from '../../../core/gateway/route.ts';
import {
  compileRules,
  compileText,
  gatewayYaml,
  join,
  requestOf,
  routeYaml,
  serviceYaml,
} from './sample.ts';

const SERVICES = join(serviceYaml('a'), serviceYaml('b'));
const TO_A = 'backendRefs: [{name: a, port: 80}]';

function compile(...routes: string[]) {
  return compileText(join(gatewayYaml(), SERVICES, ...routes));
}

function explained(gateway: ReturnType<typeof compile>, request: Partial<GatewayRequest> = {}) {
  return explain(gateway, requestOf(request), 0);
}

test('[EXPL1] the winner is named with route, rule, match, hostname and what it asks for', () => {
  const match =
    '{path: {value: /pay}, method: POST, headers: [{name: X-Cart, value: v2}, {name: a, value: "b+", type: RegularExpression}], queryParams: [{name: q, value: "1"}]}';
  const gateway = compile(
    routeYaml({
      name: 'pay',
      hostnames: ['*.shop.example'],
      rules: `- ${TO_A}\n- {name: second, matches: [{path: {type: Exact, value: /x}}, ${match}], ${TO_A}}`,
    }),
  );
  const request = { method: 'POST', path: '/pay?q=1', headers: { 'x-cart': 'v2', a: 'bb' } };
  assert.deepEqual(explained(gateway, request).winner, {
    route: 'HTTPRoute/shop/pay',
    rule: 1,
    ruleName: 'second',
    match: 1,
    hostname: '*.shop.example',
    condition:
      'path starts with /pay, method is POST, header x-cart: v2, header a matches b+, parameter q: 1',
  });
  assert.equal(explained(gateway).winner?.condition, 'any path');
});

test('[EXPL2] the listener is named with why it took the request', () => {
  const listeners =
    '- {name: any, port: 80, protocol: HTTP}\n- {name: wild, port: 80, protocol: HTTP, hostname: "*.shop.example"}\n- {name: one, port: 80, protocol: HTTP, hostname: www.shop.example}';
  const gateway = compileText(
    join(gatewayYaml(listeners), SERVICES, routeYaml({ rules: `- ${TO_A}` })),
  );
  const listener = (request: Partial<GatewayRequest>) => {
    const { listener: found, listenerReason } = explained(gateway, request);
    return [found?.name ?? null, listenerReason];
  };
  assert.deepEqual(listener({}), [
    'one',
    'Of the listeners for http on port 80, this one names www.shop.example itself.',
  ]);
  assert.deepEqual(listener({ host: 'a.b.shop.example:80' }), [
    'wild',
    'Of the listeners for http on port 80, *.shop.example is the most specific that a.b.shop.example falls under.',
  ]);
  assert.deepEqual(listener({ host: 'other.example' }), [
    'any',
    'Of the listeners for http on port 80, none that names a hostname fits; this one takes any.',
  ]);
  assert.deepEqual(listener({ port: 81 }), [
    null,
    'No listener takes http on port 81; there is http on 80.',
  ]);
  const tls = 'protocol: HTTPS, tls: {certificateRefs: [{name: c}]}';
  const secure = compileText(
    join(
      gatewayYaml(
        `- {name: a, port: 443, hostname: a.example, ${tls}}\n- {name: b, port: 443, hostname: b.example, ${tls}}`,
      ),
      SERVICES,
      routeYaml({ rules: `- ${TO_A}` }),
    ),
  );
  const https = { scheme: 'https', port: 443, host: 'b.example', sni: 'a.example' } as const;
  assert.equal(
    explained(secure, https).listenerReason,
    'The connection was made for a.example, which another listener takes; the request asks for b.example.',
  );
  assert.equal(
    explained(secure, { ...https, host: 'c.example', sni: 'c.example' }).listenerReason,
    'No listener for https on port 443 takes c.example; there is a.example, b.example.',
  );
});

test('[EXPL3] a runner-up that fits too is told by the first step of precedence that decides', () => {
  const because = (
    first: Parameters<typeof routeYaml>[0],
    second: Parameters<typeof routeYaml>[0],
  ) => {
    const gateway = compile(
      routeYaml({ name: 'r1', ...first }),
      routeYaml({ name: 'r2', ...second }),
    );
    const request = { path: '/x?p=1&q=2', headers: { h: '1', i: '2' } };
    const { runnersUp } = explained(gateway, request);
    assert.equal(runnersUp[0]?.matched, true);
    return runnersUp[0]?.because;
  };
  const rule = (match: string) => ({ rules: `- {matches: [${match}], ${TO_A}}` });
  const any = { rules: `- ${TO_A}` };
  assert.equal(
    because(any, { ...any, hostnames: ['www.shop.example'] }),
    'It matches too, but any hostname is less specific than www.shop.example.',
  );
  assert.equal(
    because(any, rule('{path: {type: Exact, value: /x}}')),
    'It matches too, but an exact path comes first.',
  );
  assert.equal(
    because(any, rule('{path: {type: RegularExpression, value: /x}}')),
    'It matches too, but a pattern comes before a prefix.',
  );
  assert.equal(
    because(any, rule('{path: {value: /x}}')),
    'It matches too, but its path is shorter.',
  );
  assert.equal(because(any, rule('{method: GET}')), 'It matches too, but it asks for no method.');
  assert.equal(
    because(any, rule('{headers: [{name: h, value: "1"}]}')),
    'It matches too, but it asks for fewer headers (0 against 1).',
  );
  assert.equal(
    because(any, rule('{queryParams: [{name: p, value: "1"}]}')),
    'It matches too, but it asks for fewer query parameters (0 against 1).',
  );
  const old = { ...any, created: '2026-01-01T00:00:00Z' };
  assert.equal(
    because(any, old),
    'It matches equally well, but its route states no creation time.',
  );
  assert.equal(
    because({ ...any, created: '2026-01-02T00:00:00Z' }, old),
    'It matches equally well, but its route is younger.',
  );
  assert.equal(
    because(any, any),
    'It matches equally well, but shop/r1 comes before shop/r2 by name.',
  );
  const twice = explained(compileRules(`- ${TO_A}\n- ${TO_A}`)).runnersUp[0];
  assert.equal(twice?.because, 'It matches equally well, but comes later in the same route.');
});

test('[EXPL4] a runner-up that does not fit is told what the request lacks, the nearest first', () => {
  const gateway = compile(
    routeYaml({
      rules: `- {matches: [{path: {value: /pay/card}}], ${TO_A}}
- {matches: [{path: {value: /pay}, method: POST}], ${TO_A}}
- {matches: [{path: {type: Exact, value: /other}, headers: [{name: h, value: x}]}], ${TO_A}}
- {matches: [{path: {value: /pay}, headers: [{name: h, value: x}], queryParams: [{name: q, value: y}]}], ${TO_A}}`,
    }),
    routeYaml({ name: 'far', hostnames: ['other.example'], rules: `- ${TO_A}` }),
  );
  const { winner, runnersUp, outcome } = explained(gateway, { path: '/pay', headers: { h: '1' } });
  assert.equal(winner, null);
  assert.equal(outcome.kind, 'error');
  assert.deepEqual(
    runnersUp.map(({ because }) => because),
    [
      'The method is GET, not POST.',
      'It takes other.example, not www.shop.example.',
      'Header h is 1, not x. Query parameter q is absent.',
      'The path /pay does not start with /pay/card.',
      'The path /pay is not /other. Header h is 1, not x.',
    ],
  );
});

test('[EXPL5] the steps say what filters, weights, copies, time-outs and retries do', () => {
  const gateway = compileRules(
    `- filters:
  - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-a, value: "1"}], remove: [x-b]}}
  - {type: URLRewrite, urlRewrite: {hostname: in.example, path: {type: ReplacePrefixMatch, replacePrefixMatch: /v2}}}
  - {type: RequestMirror, requestMirror: {backendRef: {name: c, port: 80}, percent: 20}}
  - {type: ResponseHeaderModifier, responseHeaderModifier: {remove: [server]}}
  matches: [{path: {value: /v1}}]
  timeouts: {request: 1s, backendRequest: 300ms}
  retry: {codes: [503], attempts: 2}
  backendRefs: [{name: a, port: 80, weight: 90}, {name: b, port: 80, weight: 10}]`,
  );
  const { steps, shares } = explained(gateway, { path: '/v1/x' });
  assert.deepEqual(steps, [
    'The rule changes the request: sets x-a; removes x-b.',
    'The rule rewrites the host to in.example.',
    'The rule replaces the matched prefix by /v2.',
    'shop/a is drawn by weight: 90 of 100.',
    'The request goes to shop/a on port 80 as /v2/x.',
    '20 of 100 requests are copied to shop/c.',
    'After 1000 ms in all the gateway answers 504.',
    'A call of the backend may take 300 ms.',
    '503, connection errors and time-outs are tried again, up to 2 times, 25 ms apart.',
    'The response is changed: removes server.',
  ]);
  assert.deepEqual(
    shares.map(({ label, percent }) => [label, percent]),
    [
      ['shop/a', 90],
      ['shop/b', 10],
    ],
  );
});

test('[EXPL5] of a backend that is listed twice the steps are of the one that was drawn', () => {
  const gateway = compileRules(`- backendRefs:
  - {name: a, port: 80, weight: 1, filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: v, value: "1"}]}}]}
  - {name: a, port: 80, weight: 9, filters: [{type: URLRewrite, urlRewrite: {hostname: b.example}}]}`);
  const steps = (draw: number) => explain(gateway, requestOf(), draw).steps.slice(0, 2);
  assert.deepEqual(steps(0), [
    'shop/a is drawn by weight: 1 of 10.',
    'The backend changes the request: sets v.',
  ]);
  assert.deepEqual(steps(0x7fff_0000), [
    'shop/a is drawn by weight: 9 of 10.',
    'The backend rewrites the host to b.example.',
  ]);
});

test('[EXPL6] an explanation is bounded, whatever the config', () => {
  const rules = Array.from(
    { length: 16 },
    (_, i) =>
      `- {matches: [{path: {value: /${'x'.repeat(900)}${i}}}, {path: {value: /y${i}}}], ${TO_A}}`,
  );
  const gateway = compile(routeYaml({ rules: rules.join('\n') }));
  const { runnersUp } = explained(gateway, { path: `/${'x'.repeat(5_000)}` });
  assert.equal(runnersUp.length, RUNNERS_UP_MAX);
  for (const { because, candidate } of runnersUp) {
    assert.ok(because.length < 400 && candidate.condition.length < 400);
  }
});

test('[EXPL7] winner and outcome agree, and no runner-up that fits comes before the winner', () => {
  const path = fc.constantFrom('/', '/x', '/x/y');
  const match = fc
    .record({
      path,
      type: fc.constantFrom('Exact', 'PathPrefix'),
      method: fc.boolean(),
      header: fc.boolean(),
    })
    .map(
      ({ path: value, type, method, header }) =>
        `{path: {type: ${type}, value: ${value}}${method ? ', method: GET' : ''}${header ? ', headers: [{name: h, value: x}]' : ''}}`,
    );
  const rules = fc
    .array(fc.array(match, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 })
    .map((all) => all.map((one) => `- {matches: [${one.join(', ')}], ${TO_A}}`).join('\n'));
  fc.assert(
    fc.property(rules, rules, path, fc.boolean(), (first, second, asked, withHeader) => {
      const gateway = compile(
        routeYaml({ name: 'r1', rules: first }),
        routeYaml({ name: 'r2', hostnames: ['*.shop.example'], rules: second }),
      );
      const headers: Record<string, string> = withHeader ? { h: 'x' } : {};
      const { outcome, winner, runnersUp } = explained(gateway, { path: asked, headers });
      assert.equal(winner?.route, outcome.kind === 'error' ? undefined : outcome.route);
      assert.equal(winner?.rule, outcome.kind === 'error' ? undefined : outcome.rule);
      for (const { because, matched } of runnersUp) {
        assert.ok(because.length > 0);
        assert.ok(!matched || winner !== null);
      }
    }),
    { numRuns: 150 },
  );
});
