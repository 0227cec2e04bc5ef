import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HostnameTable, hostnameFits } from '../../../core/gateway/hostname.ts';
import {
  ask,
  compileRules,
  compileText,
  gatewayYaml,
  inWords,
  join,
  routeYaml,
  serviceYaml,
} from './sample.ts';

const TO_A = 'backendRefs: [{name: a, port: 80}]';
const TO_B = 'backendRefs: [{name: b, port: 80}]';

test('[ROUTE29] ties end at age, then namespace/name, then rule, then match', () => {
  const gateway = (...routes: Parameters<typeof routeYaml>[0][]) =>
    compileText(
      join(
        gatewayYaml(
          '- {name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}',
        ),
        ...['a', 'b'].flatMap((name) => [serviceYaml(name), serviceYaml(name, 'early')]),
        ...routes.map((one) => routeYaml({ parents: '- {name: edge, namespace: shop}', ...one })),
      ),
    );
  const a = { name: 'r1', rules: `- ${TO_A}` };
  const b = { name: 'r2', rules: `- ${TO_B}` };
  const at = (second: string) => `2026-01-01T00:00:${second}Z`;
  const words = (one: ReturnType<typeof gateway>) => inWords(ask(one));
  // Age outranks the name, and the name the order in the text.
  assert.equal(words(gateway({ ...a, created: at('02') }, { ...b, created: at('01') })), 'shop/b');
  assert.equal(words(gateway({ ...b, created: at('01') }, { ...a, created: at('01') })), 'shop/a');
  assert.equal(
    words(gateway({ ...a, created: at('01.5') }, { ...b, created: at('01') })),
    'shop/b',
  );
  // The namespace is the first part of the name.
  assert.equal(words(gateway(a, { ...b, name: 'z', namespace: 'early' })), 'early/b');
  // Within one route the earlier rule wins, also against a later match of an equal kind.
  assert.equal(words(gateway({ name: 'r', rules: `- ${TO_B}\n- ${TO_A}` })), 'shop/b');
  const same = '{path: {value: /}}';
  const rules = `- {matches: [{path: {value: /none}}, ${same}], ${TO_B}}\n- {matches: [${same}], ${TO_A}}`;
  assert.equal(words(gateway({ name: 'r', rules })), 'shop/b');
});

test('[ROUTE30] every order of the same routes gives the same answers', () => {
  const routes = [
    routeYaml({ name: 'r1', rules: `- ${TO_A}` }),
    routeYaml({ name: 'r2', rules: `- {matches: [{path: {value: /x}}], ${TO_B}}` }),
    routeYaml({
      name: 'r3',
      hostnames: ['*.shop.example'],
      rules: `- {matches: [{method: GET}], backendRefs: [{name: c, port: 80}]}`,
    }),
    routeYaml({
      name: 'r4',
      created: '2026-01-01T00:00:00Z',
      rules: `- {matches: [{path: {value: /x}}], ${TO_A}}`,
    }),
  ];
  const head = join(gatewayYaml(), serviceYaml('a'), serviceYaml('b'), serviceYaml('c'));
  const asked = [{}, { path: '/x' }, { method: 'PUT', path: '/x' }, { host: 'other.example' }];
  const answers = (order: readonly string[]) => {
    const gateway = compileText(join(head, ...order));
    return asked.map((request) => inWords(ask(gateway, request)));
  };
  const expected = answers(routes);
  fc.assert(
    fc.property(fc.shuffledSubarray(routes, { minLength: 4, maxLength: 4 }), (order) => {
      assert.deepEqual(answers(order), expected);
    }),
    { numRuns: 24 },
  );
});

test('[ROUTE31] a Service port that does not speak HTTP is an invalid backend', () => {
  const answer = (port: string) => {
    const service = `apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: shop}\nspec: {ports: [${port}]}\n`;
    return inWords(ask(compileRules('- backendRefs: [{name: s, port: 90}]', service)));
  };
  for (const protocol of ['http', 'HTTPS', 'kubernetes.io/h2c', 'kubernetes.io/ws', 'grpc']) {
    assert.equal(answer(`{port: 90, appProtocol: ${protocol}}`), 'shop/s', protocol);
  }
  assert.equal(answer('{port: 90}'), 'shop/s');
  for (const protocol of ['redis', 'tcp', 'mysql', 'example.com/own']) {
    assert.equal(answer(`{port: 90, appProtocol: ${protocol}}`), '500 invalid-backend', protocol);
  }
  assert.equal(answer('{port: 90, protocol: UDP}'), '500 invalid-backend');
  const both = '{name: u, port: 90, protocol: UDP}, {name: t, port: 90, protocol: TCP}';
  assert.equal(answer(both), 'shop/s');
});

test('[ROUTE32] a parentRef by section name and port reaches only the listeners that fit both', () => {
  const listeners =
    '- {name: http, port: 80, protocol: HTTP}\n- {name: alt, port: 8080, protocol: HTTP}';
  const reached = (parent: string) => {
    const route = routeYaml({ parents: `- ${parent}`, rules: `- ${TO_A}` });
    const gateway = compileText(join(gatewayYaml(listeners), serviceYaml('a'), route));
    return [80, 8080].filter((port) => ask(gateway, { port }).kind === 'backend');
  };
  assert.deepEqual(reached('{name: edge}'), [80, 8080]);
  assert.deepEqual(reached('{name: edge, sectionName: alt}'), [8080]);
  assert.deepEqual(reached('{name: edge, port: 80}'), [80]);
  assert.deepEqual(reached('{name: edge, port: 80, sectionName: alt}'), []);
  assert.deepEqual(reached('{name: edge, kind: Service, group: ""}'), []);
});

test('[ROUTE33] a grant opens exactly its kind, namespace and name; without it 500', () => {
  const answer = (grant: string) => {
    const rules = '- backendRefs: [{name: far, namespace: team, port: 80}]';
    const text = `apiVersion: gateway.networking.k8s.io/v1\nkind: ReferenceGrant\nmetadata: {name: g, namespace: team}\nspec: ${grant}\n`;
    return inWords(ask(compileRules(rules, serviceYaml('far', 'team'), text)));
  };
  const grant = (from: string, to: string) => `{from: [${from}], to: [${to}]}`;
  const from = '{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop}';
  const to = '{group: "", kind: Service}';
  assert.equal(answer(grant(from, to)), 'team/far');
  assert.equal(answer(grant(from, '{group: "", kind: Service, name: far}')), 'team/far');
  assert.equal(
    answer(grant(from, '{group: "", kind: Service, name: near}')),
    '500 invalid-backend',
  );
  assert.equal(answer(grant(from.replace('shop', 'x'), to)), '500 invalid-backend');
  assert.equal(answer(grant(from.replace('HTTPRoute', 'GRPCRoute'), to)), '500 invalid-backend');
});

test('[ROUTE34] of a repeated name in a match or a modifier only the first entry counts', () => {
  const rule = `- {matches: [{headers: [{name: h, value: "1"}, {name: H, value: "2"}], queryParams: [{name: q, value: "1"}, {name: q, value: "2"}]}], ${TO_A}}`;
  const gateway = compileRules(rule);
  assert.equal(inWords(ask(gateway, { headers: { h: '1' }, path: '/?q=1' })), 'shop/a');
  assert.equal(inWords(ask(gateway, { headers: { h: '2' }, path: '/?q=2' })), '404 no-route');
  const set = 'requestHeaderModifier: {set: [{name: x, value: "1"}, {name: X, value: "2"}]}';
  const outcome = ask(
    compileRules(`- filters: [{type: RequestHeaderModifier, ${set}}]\n  ${TO_A}`),
  );
  assert.deepEqual(outcome.kind === 'backend' ? outcome.request.headers : {}, { x: '1' });
});

test('[ROUTE45] a name of any length is looked up as if every pattern were tried', () => {
  const name = fc
    .array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 6 })
    .map((labels) => labels.join('.'));
  const pattern = fc.oneof(
    name,
    name.map((one) => `*.${one}`),
    fc.constant(''),
  );
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 8 }), name, fc.nat(3), (patterns, end, times) => {
      const table = new HostnameTable<string>();
      for (const one of patterns) table.at(one, () => one);
      const asked = 'a.b.'.repeat(times * 100) + end;
      const fitting = [...new Set(patterns)].filter((one) => hostnameFits(one, asked));
      const rank = (one: string) => (one === asked ? 1_000 : one.length);
      fitting.sort((a, b) => rank(b) - rank(a));
      assert.equal(table.best(asked), fitting[0]);
      assert.deepEqual(
        table.fitting(asked).map(([one]) => one),
        fitting,
      );
    }),
  );
});

test('[ROUTE35] a body that is compiled again gives the same answers; a changed one its own', () => {
  const before = compileRules(`- ${TO_A}`);
  assert.deepEqual(ask(compileRules(`- ${TO_A}`)), ask(before));
  assert.equal(inWords(ask(compileRules(`- ${TO_B}`))), 'shop/b');
  assert.equal(inWords(ask(before)), 'shop/a');
});
