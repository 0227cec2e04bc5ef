import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hostnameFits, hostnameOf, intersectHostnames } from '../../../core/gateway/hostname.ts';
import { creationInstantMs, NEVER_CREATED } from '../../../core/gateway/precedence.ts';
import type { GatewayRequest } from '../../../core/gateway/route.ts';
import { ask, compileText, gatewayYaml, inWords, join, routeYaml, serviceYaml } from './sample.ts';

const SERVICES = join(serviceYaml('a'), serviceYaml('b'), serviceYaml('c'));
const to = (name: string) => `backendRefs: [{name: ${name}, port: 80}]`;

/** Compiles one Gateway, Services a, b, c and the given routes. */
function compile(...routes: string[]) {
  return compileText(join(gatewayYaml(), SERVICES, ...routes));
}

function compileRules(rules: string) {
  return compile(routeYaml({ rules }));
}

/** What becomes of requests, in words. */
function expectAll(
  gateway: ReturnType<typeof compile>,
  cases: readonly (readonly [Partial<GatewayRequest>, string])[],
): void {
  for (const [request, expected] of cases) {
    assert.equal(inWords(ask(gateway, request)), expected, JSON.stringify(request));
  }
}

test('[HOSTNAME1] the name of a Host header has no port, no trailing dot and no capitals', () => {
  assert.equal(hostnameOf('WWW.Shop.example:8080'), 'www.shop.example');
  assert.equal(hostnameOf('a.example.'), 'a.example');
  assert.equal(hostnameOf('[::1]:80'), '[::1]');
  assert.equal(hostnameOf('[::1]'), '[::1]');
  assert.equal(hostnameOf(''), '');
});

test('[HOSTNAME2] a wildcard stands for one or more labels', () => {
  assert.equal(hostnameFits('*.a.example', 'x.a.example'), true);
  assert.equal(hostnameFits('*.a.example', 'x.y.a.example'), true);
  assert.equal(hostnameFits('*.a.example', 'a.example'), false);
  assert.equal(hostnameFits('*.a.example', 'xa.example'), false);
});

test('[HOSTNAME3] intersection keeps the narrower of two patterns', () => {
  const cases: readonly [string, string, string | null][] = [
    ['', 'a.example', 'a.example'],
    ['a.example', '', 'a.example'],
    ['a.example', 'b.example', null],
    ['*.example', 'a.example', 'a.example'],
    ['*.example', '*.a.example', '*.a.example'],
    ['*.a.example', '*.b.example', null],
    ['*.a.example', 'a.example', null],
  ];
  for (const [a, b, both] of cases) {
    assert.equal(intersectHostnames(a, b), both);
    assert.equal(intersectHostnames(b, a), both);
  }
});

test('[ROUTE2] no listener on the port, and no matching rule, are 404', () => {
  const gateway = compileRules(`- matches: [{path: {type: Exact, value: /a}}]\n  ${to('a')}`);
  expectAll(gateway, [
    [{ port: 81 }, '404 no-listener'],
    [{ scheme: 'https' }, '404 no-listener'],
    [{ path: '/b' }, '404 no-route'],
    [{ path: '/a/' }, '404 no-route'],
    [{ path: '/a?x=1' }, 'shop/a'],
  ]);
});

test('[ROUTE3] only the most specific listener of a port counts, even when it has no route', () => {
  const listeners =
    '- {name: any, port: 80, protocol: HTTP}\n- {name: one, port: 80, protocol: HTTP, hostname: "*.shop.example"}';
  const route = routeYaml({ parents: '- {name: edge, sectionName: any}', rules: `- ${to('a')}` });
  const gateway = compileText(join(gatewayYaml(listeners), SERVICES, route));
  expectAll(gateway, [
    [{ host: 'other.example' }, 'shop/a'],
    [{ host: 'www.shop.example' }, '404 no-route'],
  ]);
});

test('[ROUTE4] SNI picks the listener; a Host of another listener is misdirected', () => {
  const tls = 'protocol: HTTPS, tls: {certificateRefs: [{name: c}]}';
  const listeners = `- {name: a, port: 443, hostname: a.example, ${tls}}\n- {name: b, port: 443, hostname: b.example, ${tls}}`;
  const route = routeYaml({ rules: `- ${to('a')}` });
  const gateway = compileText(join(gatewayYaml(listeners), SERVICES, route));
  const https = { scheme: 'https', port: 443 } as const;
  expectAll(gateway, [
    [{ ...https, host: 'a.example', sni: 'a.example' }, 'shop/a'],
    [{ ...https, host: 'b.example', sni: 'a.example' }, '421 misdirected'],
    [{ ...https, host: 'c.example', sni: 'a.example' }, '404 no-listener'],
    [{ ...https, host: 'a.example:443' }, 'shop/a'],
  ]);
});

test('[ROUTE5] a prefix matches whole elements, and the longest wins', () => {
  const gateway = compileRules(
    `- matches: [{path: {value: /}}]\n  ${to('a')}\n- matches: [{path: {value: /x/}}]\n  ${to('b')}\n- matches: [{path: {value: /x/y}}]\n  ${to('c')}`,
  );
  expectAll(gateway, [
    [{ path: '/' }, 'shop/a'],
    [{ path: '' }, 'shop/a'],
    [{ path: '/x' }, 'shop/b'],
    [{ path: '/x/' }, 'shop/b'],
    [{ path: '/xy' }, 'shop/a'],
    [{ path: '/X' }, 'shop/a'],
    [{ path: '/x/yz' }, 'shop/b'],
    [{ path: '/x/y/z/very/long/path' }, 'shop/c'],
    [{ path: `/${'a/'.repeat(900)}` }, 'shop/a'],
  ]);
});

test('[ROUTE6] exact before pattern before prefix; patterns match whole paths in linear time', () => {
  const gateway = compileRules(
    `- matches: [{path: {value: /x/1}}]\n  ${to('a')}\n- matches: [{path: {type: RegularExpression, value: "/x/[0-9]+"}}]\n  ${to('b')}\n- matches: [{path: {type: Exact, value: /x/2}}]\n  ${to('c')}\n- matches: [{path: {type: RegularExpression, value: "/(a+)+b"}}]\n  ${to('c')}`,
  );
  expectAll(gateway, [
    [{ path: '/x/1' }, 'shop/b'],
    [{ path: '/x/2' }, 'shop/c'],
    [{ path: '/x/1/y' }, 'shop/a'],
    [{ path: `/${'a'.repeat(5_000)}` }, '404 no-route'],
  ]);
});

test('[ROUTE7] headers ignore case in names only; several lines are one value', () => {
  const gateway = compileRules(
    `- matches: [{headers: [{name: X-Tier, value: gold}]}]\n  ${to('a')}\n- matches: [{headers: [{name: accept, value: "a,b"}]}]\n  ${to('b')}`,
  );
  expectAll(gateway, [
    [{ headers: { 'x-tier': 'gold' } }, 'shop/a'],
    [{ headers: { 'X-TIER': 'gold' } }, 'shop/a'],
    [{ headers: { 'x-tier': 'Gold' } }, '404 no-route'],
    [{ headers: { Accept: 'a', accept: 'b' } }, 'shop/b'],
    [{ headers: {} }, '404 no-route'],
  ]);
});

test('[ROUTE8] query parameters are decoded, and the first value of a name counts', () => {
  const gateway = compileRules(
    `- matches: [{queryParams: [{name: q, value: "a b"}]}]\n  ${to('a')}\n- matches: [{queryParams: [{name: flag, value: on, type: RegularExpression}]}]\n  ${to('b')}`,
  );
  expectAll(gateway, [
    [{ path: '/?q=a+b' }, 'shop/a'],
    [{ path: '/?x=1&q=a%20b' }, 'shop/a'],
    [{ path: '/?q=c&q=a+b' }, '404 no-route'],
    [{ path: '/?flag=on' }, 'shop/b'],
    [{ path: '/?flag=only' }, '404 no-route'],
    [{ path: '/?q=%zz&%' }, '404 no-route'],
  ]);
});

describe('[ROUTE9] precedence, one step at a time', () => {
  const two = (
    first: Partial<Parameters<typeof routeYaml>[0]>,
    second: Partial<Parameters<typeof routeYaml>[0]>,
  ) =>
    compile(
      routeYaml({ name: 'r1', rules: `- ${to('a')}`, ...first }),
      routeYaml({ name: 'r2', rules: `- ${to('b')}`, ...second }),
    );
  const winner = (gateway: ReturnType<typeof compile>, request: Partial<GatewayRequest> = {}) =>
    inWords(ask(gateway, request));

  test('an exact hostname before a wildcard, a longer wildcard before a shorter, over any path', () => {
    const exact = { hostnames: ['www.shop.example'] };
    const deepPath = `- matches: [{path: {type: Exact, value: /}}]\n  ${to('a')}`;
    assert.equal(winner(two({ hostnames: ['*.shop.example'], rules: deepPath }, exact)), 'shop/b');
    const long = { hostnames: ['*.shop.example'] };
    assert.equal(winner(two({ hostnames: ['*.example'], rules: deepPath }, long)), 'shop/b');
    assert.equal(winner(two({ rules: deepPath }, long)), 'shop/b');
  });
  test('a broader hostname serves what the narrower one does not match', () => {
    const narrow = `- matches: [{path: {value: /x}}]\n  ${to('b')}`;
    const gateway = two({}, { hostnames: ['www.shop.example'], rules: narrow });
    assert.equal(winner(gateway), 'shop/a');
    assert.equal(winner(gateway, { path: '/x' }), 'shop/b');
  });
  test('a method before none, more headers before more query parameters', () => {
    const method = { rules: `- matches: [{method: GET}]\n  ${to('b')}` };
    const header = (target: string) =>
      `- matches: [{headers: [{name: h, value: x}]}]\n  ${to(target)}`;
    const request = { headers: { h: 'x' }, path: '/?q=1&r=2' };
    assert.equal(winner(two({ rules: header('a') }, method), request), 'shop/b');
    const query = `- matches: [{queryParams: [{name: q, value: "1"}, {name: r, value: "2"}]}]\n  ${to('a')}`;
    assert.equal(winner(two({ rules: query }, { rules: header('b') }), request), 'shop/b');
    const one = `- matches: [{queryParams: [{name: q, value: "1"}]}]\n  ${to('b')}`;
    assert.equal(winner(two({ rules: query }, { rules: one }), request), 'shop/a');
  });
  test('the older route, as an instant and not as text; none written is youngest', () => {
    const old = { created: '2026-01-01T01:00:00+02:00' };
    assert.equal(winner(two({ created: '2025-12-31T23:30:00Z' }, old)), 'shop/b');
    assert.equal(winner(two({}, old)), 'shop/b');
  });
  test('then namespace/name, then the order of rules', () => {
    assert.equal(winner(two({ name: 'z' }, { name: 'b' })), 'shop/b');
    const rules = `- ${to('c')}\n- ${to('a')}`;
    assert.equal(winner(compileRules(rules)), 'shop/c');
  });
});

test('[ROUTE10] creation times are read exactly', () => {
  assert.equal(creationInstantMs('1970-01-01T00:00:00Z'), 0);
  assert.equal(creationInstantMs('2024-02-29T12:00:00.5Z'), Date.UTC(2024, 1, 29, 12, 0, 0, 500));
  assert.equal(creationInstantMs('2100-03-01T00:00:00-01:30'), Date.UTC(2100, 2, 1, 1, 30));
  assert.equal(creationInstantMs('soon'), NEVER_CREATED);
});

test('[ROUTE11] weights share out the draws exactly; an invalid backend keeps its share as 500', () => {
  const gateway = compileRules(
    '- backendRefs: [{name: a, port: 80, weight: 3}, {name: gone, port: 80, weight: 1}, {name: b, port: 80, weight: 0}]',
  );
  const counts = new Map<string, number>();
  for (let i = 0; i < 400; i += 1) {
    const word = inWords(ask(gateway, {}, Math.floor((i * 0x8000_0000) / 400)));
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  assert.deepEqual(Object.fromEntries(counts), { 'shop/a': 300, '500 invalid-backend': 100 });
  assert.equal(inWords(ask(gateway, {}, 0x7fff_ffff)), '500 invalid-backend');
});

test('[ROUTE12] a rule with nowhere to send answers 500, a Backend without endpoints 503', () => {
  expectAll(compileRules('- backendRefs: []'), [[{}, '500 no-backend']]);
  expectAll(compileRules('- backendRefs: [{name: a, port: 80, weight: 0}]'), [
    [{}, '500 no-backend'],
  ]);
  const empty =
    'apiVersion: holdfast.dev/v1alpha1\nkind: Backend\nmetadata: {name: e, namespace: shop}\nspec: {endpoints: []}\n';
  const rules = '- backendRefs: [{group: holdfast.dev, kind: Backend, name: e}]';
  expectAll(compile(empty, routeYaml({ rules })), [[{}, '503 no-endpoints']]);
});

test('[ROUTE13] a filter that cannot be carried out fails the request and is never skipped', () => {
  const filter = '{type: ExtensionRef, extensionRef: {group: x.example, kind: Y, name: z}}';
  expectAll(compileRules(`- filters: [${filter}]\n  ${to('a')}`), [[{}, '500 invalid-filter']]);
  expectAll(compileRules(`- backendRefs: [{name: a, port: 80, filters: [${filter}]}]`), [
    [{}, '500 invalid-filter'],
  ]);
});

test('[ROUTE14] a replaced prefix follows the table of the spec', () => {
  const rows: readonly [string, string, string, string][] = [
    ['/foo/bar', '/foo', '/xyz', '/xyz/bar'],
    ['/foo/bar', '/foo/', '/xyz/', '/xyz/bar'],
    ['/foo', '/foo', '/xyz', '/xyz'],
    ['/foo/', '/foo', '/xyz', '/xyz/'],
    ['/foo/bar', '/foo', '""', '/bar'],
    ['/foo', '/foo', '""', '/'],
    ['/foo/', '/foo', '/', '/'],
    ['/foo?q=1', '/foo', '/', '/?q=1'],
    ['/a/b?q=1', '/', '/xyz', '/xyz/a/b?q=1'],
  ];
  for (const [path, prefix, replacement, expected] of rows) {
    const change = `path: {type: ReplacePrefixMatch, replacePrefixMatch: ${replacement}}`;
    const gateway = compileRules(
      `- matches: [{path: {value: ${prefix}}}]\n  filters: [{type: URLRewrite, urlRewrite: {${change}}}]\n  ${to('a')}`,
    );
    const outcome = ask(gateway, { path });
    assert.equal(outcome.kind === 'backend' ? outcome.request.path : '', expected, path);
  }
});

test('[ROUTE15] header filters set, append and remove whatever the case; the request is not changed', () => {
  const modifier =
    'requestHeaderModifier: {set: [{name: X-Set, value: new}], add: [{name: x-add, value: two}], remove: [X-Gone]}';
  const gateway = compileRules(
    `- filters: [{type: RequestHeaderModifier, ${modifier}}]\n  ${to('a')}`,
  );
  const headers = { 'x-set': 'old', 'X-Add': 'one', 'x-gone': '1', kept: '1' };
  const before = structuredClone(headers);
  const outcome = ask(gateway, { headers });
  assert.deepEqual(outcome.kind === 'backend' ? outcome.request.headers : {}, {
    'X-Set': 'new',
    'X-Add': 'one,two',
    kept: '1',
  });
  assert.deepEqual(headers, before);
});

test('[ROUTE16] a redirect keeps what it does not change, and drops default ports', () => {
  const location = (inner: string, request: Partial<GatewayRequest> = {}) =>
    inWords(
      ask(
        compileRules(`- filters: [{type: RequestRedirect, requestRedirect: {${inner}}}]`),
        request,
      ),
    );
  assert.equal(location('scheme: https', { path: '/a?b=1' }), '302 https://www.shop.example/a?b=1');
  assert.equal(location('port: 8080, statusCode: 308'), '308 http://www.shop.example:8080/');
  assert.equal(location('hostname: b.example'), '302 http://b.example/');
  assert.equal(location('scheme: https, port: 443'), '302 https://www.shop.example/');
});

test('[ROUTE17] a Selector admits namespaces by their labels, and by their name', () => {
  const listener = (selector: string) =>
    `- {name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: ${selector}}}}`;
  const namespace =
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: team, labels: {tier: gold}}\n';
  const route = routeYaml({
    namespace: 'team',
    parents: '- {name: edge, namespace: shop}',
    rules: `- ${to('a')}`,
  });
  const admitted = (selector: string, labelled = namespace) =>
    inWords(
      ask(
        compileText(
          join(gatewayYaml(listener(selector)), labelled, serviceYaml('a', 'team'), route),
        ),
      ),
    ) === 'team/a';
  assert.equal(admitted('{matchLabels: {tier: gold}}'), true);
  assert.equal(admitted('{matchLabels: {tier: silver}}'), false);
  assert.equal(admitted('{matchLabels: {kubernetes.io/metadata.name: team}}'), true);
  const posing = namespace.replace('tier: gold', 'kubernetes.io/metadata.name: shop, tier: gold');
  assert.equal(admitted('{matchLabels: {kubernetes.io/metadata.name: shop}}', posing), false);
  assert.equal(admitted('{matchExpressions: [{key: tier, operator: In, values: [gold]}]}'), true);
  assert.equal(
    admitted('{matchExpressions: [{key: tier, operator: NotIn, values: [gold]}]}'),
    false,
  );
  assert.equal(admitted('{matchExpressions: [{key: tier, operator: Exists}]}'), true);
  assert.equal(admitted('{matchExpressions: [{key: none, operator: DoesNotExist}]}'), true);
});
