import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileGateway } from '../../../core/gateway/compile.ts';
import { type ParsedConfig, parseConfig } from '../../../core/gateway/parse-config.ts';
import type { Problem } from '../../../core/gateway/problem.ts';
import { type GatewayRequest, route } from '../../../core/gateway/route.ts';
import { gatewayYaml, join, routeYaml, serviceYaml } from './sample.ts';

const BACKEND = 'backendRefs: [{name: a, port: 80}]';

function shadowed(...documents: readonly string[]): readonly Problem[] {
  const { problems } = parseConfig(join(gatewayYaml(), serviceYaml('a'), ...documents));
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error'),
    [],
  );
  return problems.filter(({ code }) => code === 'shadowed-rule' || code === 'shadowed-match');
}

function only(problems: readonly Problem[]): Problem {
  assert.equal(problems.length, 1, JSON.stringify(problems));
  return problems[0] ?? assert.fail();
}

const onPath = (value: string, more = '') =>
  `- matches: [{path: {value: ${value}}${more}}]\n  ${BACKEND}`;

test('[REF11] a rule that an earlier rule of its route hides is a warning that names it', () => {
  const problem = only(shadowed(routeYaml({ rules: `${onPath('/a')}\n${onPath('/a/')}` })));
  assert.equal(problem.severity, 'warning');
  assert.equal(problem.pointer, '/spec/rules/1');
  assert.match(problem.message, /\/a and below go to rule 1 of this route.* stands before it/);
  assert.equal(problem.fix?.title, 'Remove this rule');
});

test('[REF11] across routes the oldest wins, then the first by name', () => {
  const named = (name: string, created?: string) =>
    routeYaml({ name, rules: onPath('/a'), ...(created === undefined ? {} : { created }) });
  const byName = only(shadowed(named('y'), named('x')));
  assert.equal(byName.resource, 'HTTPRoute/shop/y');
  assert.match(byName.message, /rule 1 of HTTPRoute shop\/x.* comes first by name/);
  const byAge = only(
    shadowed(named('x', '2026-02-01T00:00:00Z'), named('y', '2026-01-01T00:00:00Z')),
  );
  assert.equal(byAge.resource, 'HTTPRoute/shop/x');
  assert.match(byAge.message, /HTTPRoute shop\/y.* is older/);
  const dated = only(shadowed(named('x'), named('y', '2026-01-01T00:00:00Z')));
  assert.equal(dated.resource, 'HTTPRoute/shop/x');
  assert.match(dated.message, /has a creation time/);
});

test('[REF11] headers and parameters count as sets, and header names in any case', () => {
  const first =
    'headers: [{name: A, value: x}, {name: b, value: y}], queryParams: [{name: q, value: z}]';
  const second =
    'headers: [{name: b, value: y}, {name: a, value: x}], queryParams: [{name: q, value: z}]';
  const rules = (a: string, b: string) => `${onPath('/', `, ${a}`)}\n${onPath('/', `, ${b}`)}`;
  only(shadowed(routeYaml({ rules: rules(first, second) })));
  assert.deepEqual(shadowed(routeYaml({ rules: rules(first, second.replace('z', 'Z')) })), []);
  assert.deepEqual(shadowed(routeYaml({ rules: rules(first, second.replace('q', 'Q')) })), []);
});

test('[REF11] one match of several is told by itself', () => {
  const rules = `${onPath('/a')}\n- matches: [{path: {value: /b}}, {path: {value: /a}}]\n  ${BACKEND}`;
  const problem = only(shadowed(routeYaml({ rules })));
  assert.equal(problem.code, 'shadowed-match');
  assert.equal(problem.pointer, '/spec/rules/1/matches/1');
});

test('[REF12] no rule is called unreachable that some request can reach', () => {
  const pattern = `- matches: [{path: {type: RegularExpression, value: "/a.*"}}]\n  ${BACKEND}`;
  const cases: readonly (readonly string[])[] = [
    [routeYaml({ rules: `${onPath('/')}\n${onPath('/a')}\n${onPath('/', ', method: GET')}` })],
    [routeYaml({ rules: `${pattern}\n${pattern}` })],
    [
      routeYaml({ name: 'x', hostnames: ['a.example'], rules: onPath('/a') }),
      routeYaml({ name: 'y', hostnames: ['*.example'], rules: onPath('/a') }),
    ],
    [
      routeYaml({ name: 'x', hostnames: ['a.example'], rules: onPath('/a') }),
      routeYaml({ name: 'y', hostnames: ['a.example', 'b.example'], rules: onPath('/a') }),
    ],
  ];
  for (const documents of cases) assert.deepEqual(shadowed(...documents), []);
});

test('[REF12] a rule behind a flag hides nothing', () => {
  const flag =
    'filters: [{type: ExtensionRef, extensionRef: {group: holdfast.dev, kind: FeatureFlag, name: f}}]';
  const { problems } = parseConfig(
    join(
      gatewayYaml(),
      serviceYaml('a'),
      routeYaml({ rules: `${onPath('/a')}\n  ${flag}\n${onPath('/a')}\n${onPath('/a')}` }),
    ),
  );
  const found = problems.filter(({ code }) => code === 'shadowed-rule');
  assert.deepEqual(
    found.map(({ pointer, message }) => [pointer, /rule 2 of this route/.test(message)]),
    [['/spec/rules/2', true]],
  );
});

test('[REF13] a hostname that a more specific listener takes is a warning', () => {
  const listeners =
    '- {name: any, port: 80, protocol: HTTP}\n- {name: own, port: 80, protocol: HTTP, hostname: "*.a.example"}';
  const codes = (parents: string, hostnames: readonly string[]) =>
    parseConfig(
      join(
        gatewayYaml(listeners),
        serviceYaml('a'),
        routeYaml({ parents, hostnames, rules: `- ${BACKEND}` }),
      ),
    ).problems.map(({ code, pointer }) => `${code} ${pointer}`);
  const any = '- {name: edge, sectionName: any}';
  const told = ['unreachable-hostname /spec/hostnames/0'];
  assert.deepEqual(codes(any, ['x.a.example', 'b.example']), told);
  assert.deepEqual(codes(any, ['*.b.a.example', 'b.example']), told);
  assert.deepEqual(codes(any, ['*.example']), []);
  assert.deepEqual(codes('- name: edge', ['x.a.example']), []);
});

/** One for every set of hostnames that the ones drawn below tell apart. */
const HOSTS = ['a.example', 'b.example', 'c.example', 'x.b.example', 'y.x.b.example', 'other'];
const PATHS = ['/', '/a', '/a/', '/a/b', '/z'];

const match = fc.record(
  {
    path: fc.record({
      type: fc.constantFrom('Exact', 'PathPrefix', 'PathPrefix', 'RegularExpression'),
      value: fc.constantFrom('/', '/a', '/a/'),
    }),
    method: fc.constantFrom('GET', 'POST'),
    headers: fc.uniqueArray(
      fc.record({ name: fc.constantFrom('h', 'H', 'k'), value: fc.constantFrom('1', '2') }),
      { maxLength: 2, selector: ({ name }) => name },
    ),
    queryParams: fc.array(fc.record({ name: fc.constant('q'), value: fc.constantFrom('1', '2') }), {
      maxLength: 1,
    }),
  },
  { requiredKeys: [] },
);
const hostname = fc.constantFrom(
  'a.example',
  'b.example',
  'x.b.example',
  '*.b.example',
  '*.example',
);
const resource = fc.record({
  name: fc.constantFrom('r1', 'r2', 'r3'),
  created: fc.constantFrom('', '2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'),
  parents: fc.uniqueArray(fc.constantFrom('{name: edge}', '{name: edge, sectionName: l0}'), {
    minLength: 1,
  }),
  hostnames: fc.uniqueArray(hostname, { maxLength: 2 }),
  rules: fc.array(fc.array(match, { maxLength: 2 }), { minLength: 1, maxLength: 4 }),
});
const config = fc.record({
  listeners: fc.uniqueArray(fc.oneof(hostname, fc.constant('')), { minLength: 1, maxLength: 3 }),
  routes: fc.uniqueArray(resource, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
});

function textOf({ listeners, routes }: typeof config extends fc.Arbitrary<infer T> ? T : never) {
  const lines = listeners.map(
    (host, i) =>
      `- {name: l${i}, port: 80, protocol: HTTP${host === '' ? '' : `, hostname: "${host}"`}}`,
  );
  const documents = routes.map(({ name, created, parents, hostnames, rules }) =>
    routeYaml({
      name,
      hostnames,
      parents: parents.map((parent) => `- ${parent}`).join('\n'),
      ...(created === '' ? {} : { created }),
      rules: rules
        .map((matches) => `- matches: ${JSON.stringify(matches)}\n  ${BACKEND}`)
        .join('\n'),
    }),
  );
  return join(gatewayYaml(lines.join('\n')), serviceYaml('a'), ...documents);
}

function* requests(): Iterable<GatewayRequest> {
  const values = [undefined, '1', '2'];
  for (const host of HOSTS)
    for (const path of PATHS)
      for (const method of ['GET', 'POST', 'PUT'])
        for (const h of values)
          for (const k of values)
            for (const q of values) {
              const headers = { ...(h ? { h } : {}), ...(k ? { k } : {}) };
              const query = q ? `?q=${q}` : '';
              yield { method, scheme: 'http', host, port: 80, path: path + query, headers };
            }
}

function reachedRules({ documents }: ParsedConfig): Set<string> {
  const gateway = compileGateway(
    documents.flatMap(({ key, body }) => (body === null ? [] : [{ key, body }])),
  );
  const reached = new Set<string>();
  for (const request of requests()) {
    const outcome = route(gateway, request, 0);
    if (outcome.kind === 'backend') reached.add(`${outcome.route} /spec/rules/${outcome.rule}`);
  }
  return reached;
}

test('[REF12] what is warned of is what the router never reaches, and the other way round', () => {
  fc.assert(
    fc.property(config, (drawn) => {
      const parsed = parseConfig(textOf(drawn));
      const reached = reachedRules(parsed);
      const warned = new Set<string>();
      const hindered = new Set<string>();
      for (const { code, resource: key, pointer } of parsed.problems) {
        if (code === 'shadowed-rule') warned.add(`${key} ${pointer}`);
        else if (code !== 'shadowed-match') hindered.add(key ?? '');
      }
      for (const rule of warned) assert.ok(!reached.has(rule), `${rule} is reached`);
      for (const { key, body } of parsed.documents) {
        const route = drawn.routes.find(({ name }) => key === `HTTPRoute/shop/${name}`);
        if (route === undefined || body === null || hindered.has(key)) continue;
        route.rules.forEach((matches, index) => {
          // Whether a pattern leaves something over is never judged.
          if (matches.some((one) => one.path?.type === 'RegularExpression')) return;
          if (drawn.routes.some((one) => JSON.stringify(one).includes('RegularExpression'))) return;
          const rule = `${key} /spec/rules/${index}`;
          assert.equal(reached.has(rule), !warned.has(rule), rule);
        });
      }
    }),
    { numRuns: 400 },
  );
});
