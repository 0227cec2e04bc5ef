import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../../core/gateway/parse-config.ts';
import type { Problem } from '../../../core/gateway/problem.ts';
import {
  codesOf,
  codesOfRules,
  gatewayYaml,
  join,
  type RouteParts,
  routeYaml,
  serviceYaml,
} from './sample.ts';

const BACKEND = 'backendRefs: [{name: a, port: 80}]';

function checkRules(rules: string, expected: readonly string[]): void {
  assert.deepEqual(codesOfRules(rules), expected, rules);
}

function problemsOfRoute(parts: Partial<RouteParts>, ...others: string[]): readonly Problem[] {
  const rules = `- ${BACKEND}`;
  const route = routeYaml({ rules, ...parts });
  return parseConfig(join(gatewayYaml(), serviceYaml('a'), ...others, route)).problems;
}

describe('[SHAPE] stage one: types, choices, ranges, counts, required and unknown fields', () => {
  const cases: readonly [string, string, readonly string[]][] = [
    [
      '[SHAPE1] text is not a number',
      '- matches: [{headers: [{name: a, value: 1}]}]',
      ['wrong-type'],
    ],
    ['[SHAPE1] a list is not a map', '- matches: {path: {value: /}}', ['wrong-type']],
    ['[SHAPE1] a number is not text', '- backendRefs: [{name: a, port: "80"}]', ['wrong-type']],
    [
      '[SHAPE2] one of the choices',
      '- matches: [{path: {type: Prefix, value: /}}]',
      ['not-a-choice'],
    ],
    ['[SHAPE2] methods are in capitals', '- matches: [{method: get}]', ['not-a-choice']],
    ['[SHAPE3] ports', '- backendRefs: [{name: a, port: 0}]', ['out-of-range']],
    ['[SHAPE3] weights', '- backendRefs: [{name: a, port: 80, weight: 1000001}]', ['out-of-range']],
    ['[SHAPE4] required fields', '- backendRefs: [{port: 80}]', ['missing-field']],
  ];
  for (const [name, rules, codes] of cases) {
    test(name, () => {
      const found = codesOfRules(rules);
      for (const code of codes) assert.ok(found.includes(code), `${found.join(', ')}`);
    });
  }

  test('[SHAPE5] unknown fields of known kinds are kept with a warning that guesses', () => {
    const [problem] = problemsOfRoute({ rules: `- backendRef: []\n  ${BACKEND}` });
    assert.equal(problem?.severity, 'warning');
    assert.equal(problem?.code, 'unknown-field');
    assert.match(problem?.message ?? '', /Did you mean "backendRefs"\?/);
    assert.equal(problem?.pointer, '/spec/rules/0/backendRef');
  });

  test('[SHAPE6] too many entries are counted and not walked', () => {
    const matches = Array.from({ length: 65 }, (_, i) => `{path: {value: /${i}}}`).join(', ');
    checkRules(`- matches: [${matches}]\n  ${BACKEND}`, ['wrong-count']);
  });

  test('[SHAPE7] null counts as absent', () => {
    checkRules(`- matches:\n  filters: null\n  ${BACKEND}`, []);
  });

  test('[SHAPE8] a problem has pointer, line and column of the value', () => {
    const text = routeYaml({ rules: '- backendRefs:\n    - name: a\n      port: 99999' });
    const problem = parseConfig(text).problems.find(({ code }) => code === 'out-of-range');
    assert.equal(problem?.pointer, '/spec/rules/0/backendRefs/0/port');
    const line = text.split('\n').findIndex((one) => one.includes('99999'));
    assert.equal(problem?.line, line + 1);
    assert.equal(problem?.column, (text.split('\n')[line] ?? '').indexOf('99999') + 1);
    assert.equal(problem?.resource, 'HTTPRoute/shop/r');
  });
});

describe('[MEAN] stage two: what the spec says beyond types', () => {
  const redirect = (inner: string) => `{type: RequestRedirect, requestRedirect: {${inner}}}`;
  const rewrite = (inner: string) => `{type: URLRewrite, urlRewrite: {${inner}}}`;
  const headers = (inner: string) =>
    `{type: RequestHeaderModifier, requestHeaderModifier: {${inner}}}`;
  const rule = (matches: string, filters: string) =>
    `- matches: [${matches}]\n  filters: [${filters}]\n  ${BACKEND}`;
  const cases: readonly [string, string, readonly string[]][] = [
    ['[MEAN1] a path begins with /', rule('{path: {value: a}}', ''), ['bad-path']],
    ['[MEAN1] no //', rule('{path: {value: /a//b}}', ''), ['bad-path']],
    ['[MEAN1] no ..', rule('{path: {value: /a/..}}', ''), ['bad-path']],
    ['[MEAN1] no query', rule('{path: {value: "/a?b"}}', ''), ['bad-path']],
    ['[MEAN1] dots in names', rule('{path: {value: /.well-known/a..b}}', ''), []],
    [
      '[MEAN2] patterns compile as RE2',
      rule('{path: {type: RegularExpression, value: "/(?=a)"}}', ''),
      ['bad-pattern'],
    ],
    [
      '[MEAN2] patterns are short',
      rule(`{path: {type: RegularExpression, value: "/${'a'.repeat(1_024)}"}}`, ''),
      ['bad-pattern'],
    ],
    [
      '[MEAN2] patterns in headers',
      rule('{headers: [{type: RegularExpression, name: a, value: "["}]}', ''),
      ['bad-pattern'],
    ],
    [
      '[MEAN2] patterns stay small when compiled',
      rule(`{path: {type: RegularExpression, value: "${'(a{900})'.repeat(6)}"}}`, ''),
      ['bad-pattern'],
    ],
    ['[MEAN3] header names', rule('{headers: [{name: "a b", value: x}]}', ''), ['bad-header-name']],
    [
      '[MEAN4] a name is matched once',
      rule('{headers: [{name: a, value: x}, {name: A, value: y}]}', ''),
      ['duplicate-match'],
    ],
    [
      '[MEAN5] redirect or rewrite, not both',
      `- filters: [${redirect('port: 81')}, ${rewrite('hostname: a.example')}]`,
      ['redirect-and-rewrite'],
    ],
    [
      '[MEAN6] a redirect has no backends',
      rule('', redirect('port: 81')),
      ['redirect-with-backends'],
    ],
    [
      '[MEAN7] prefix replacement needs one prefix match',
      rule(
        '{path: {type: Exact, value: /a}}',
        rewrite('path: {type: ReplacePrefixMatch, replacePrefixMatch: /b}'),
      ),
      ['prefix-replacement'],
    ],
    [
      '[MEAN7] not two matches',
      rule(
        '{path: {value: /a}}, {path: {value: /b}}',
        rewrite('path: {type: ReplacePrefixMatch, replacePrefixMatch: /b}'),
      ),
      ['prefix-replacement'],
    ],
    [
      '[MEAN7] on a backend too',
      '- matches: [{path: {type: Exact, value: /a}}]\n  backendRefs: [{name: a, port: 80, filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /b}}}]}]',
      ['prefix-replacement'],
    ],
    [
      '[MEAN7] the default match is a prefix',
      rule('', rewrite('path: {type: ReplacePrefixMatch, replacePrefixMatch: /b}')),
      [],
    ],
    [
      '[MEAN8] one action for a header',
      rule('', headers('set: [{name: A, value: x}], remove: [a]')),
      ['header-actions'],
    ],
    ['[MEAN9] a filter carries its own field', rule('', '{type: URLRewrite}'), ['missing-field']],
    [
      '[MEAN9] and no other',
      rule('', '{type: URLRewrite, urlRewrite: {hostname: a.example}, cors: {}}'),
      ['foreign-field'],
    ],
    [
      '[MEAN10] filters do not repeat',
      rule('', `${rewrite('hostname: a.example')}, ${rewrite('hostname: b.example')}`),
      ['repeated-filter'],
    ],
    ['[MEAN11] durations', `- timeouts: {request: 1 s}\n  ${BACKEND}`, ['bad-duration']],
    [
      '[MEAN11] the inner time-out is not longer',
      `- timeouts: {request: 1s500ms, backendRequest: 2s}\n  ${BACKEND}`,
      ['timeout-order'],
    ],
    ['[MEAN11] 0s disables', `- timeouts: {request: 0s, backendRequest: 2s}\n  ${BACKEND}`, []],
    [
      '[MEAN12] weights that sum to zero',
      '- backendRefs: [{name: a, port: 80, weight: 0}]',
      ['zero-weights'],
    ],
    ['[MEAN13] a rule that answers nothing', '- matches: []', ['no-backend']],
    ['[MEAN14] a Service needs its port', '- backendRefs: [{name: a}]', ['missing-port']],
    [
      '[MEAN15] rule names are unique',
      `- name: x\n  ${BACKEND}\n- name: x\n  matches: [{method: GET}]\n  ${BACKEND}`,
      ['duplicate-entry'],
    ],
    [
      '[MEAN16] a share of mirrored requests is one number',
      rule(
        '',
        '{type: RequestMirror, requestMirror: {backendRef: {name: a, port: 80}, percent: 1, fraction: {numerator: 1}}}',
      ),
      ['foreign-field'],
    ],
    [
      '[MEAN16] and not more than all',
      rule(
        '',
        '{type: RequestMirror, requestMirror: {backendRef: {name: a, port: 80}, fraction: {numerator: 101}}}',
      ),
      ['out-of-range'],
    ],
    [
      '[MEAN17] origins',
      rule('', '{type: CORS, cors: {allowOrigins: ["shop.example"]}}'),
      ['bad-origin'],
    ],
    [
      '[MEAN17] * stands alone',
      rule('', '{type: CORS, cors: {allowMethods: ["*", GET]}}'),
      ['wildcard-not-alone'],
    ],
  ];
  for (const [name, rules, codes] of cases) test(name, () => checkRules(rules, codes));

  test('[MEAN18] names and hostnames are DNS names', () => {
    const codes = (parts: Partial<RouteParts>) => problemsOfRoute(parts).map(({ code }) => code);
    assert.deepEqual(codes({ name: 'A_b' }), ['bad-name']);
    assert.deepEqual(codes({ hostnames: ['10.0.0.1'] }), ['bad-hostname']);
    assert.deepEqual(codes({ hostnames: ['a.*.example'] }), ['bad-hostname']);
    assert.deepEqual(codes({ hostnames: ['https://a.example'] }), ['bad-hostname']);
    assert.deepEqual(codes({ hostnames: ['*.a.example', 'b.example'] }), []);
    assert.deepEqual(codes({ created: 'yesterday' }), ['bad-timestamp']);
  });

  const listenerCases: readonly [string, string, readonly string[]][] = [
    [
      '[MEAN19] listener names are unique',
      '- {name: a, port: 80, protocol: HTTP}\n- {name: a, port: 81, protocol: HTTP}',
      ['duplicate-entry'],
    ],
    [
      '[MEAN20] one listener for a port and hostname',
      '- {name: a, port: 80, protocol: HTTP}\n- {name: b, port: 80, protocol: HTTP}',
      ['listener-conflict'],
    ],
    [
      '[MEAN20] one protocol on a port',
      '- {name: a, port: 80, protocol: HTTP}\n- {name: b, port: 80, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}',
      ['listener-conflict'],
    ],
    [
      '[MEAN21] HTTPS needs a certificate',
      '- {name: a, port: 443, protocol: HTTPS}',
      ['tls-missing'],
    ],
    [
      '[MEAN21] HTTPS ends TLS',
      '- {name: a, port: 443, protocol: HTTPS, tls: {mode: Passthrough}}',
      ['tls-mode'],
    ],
    [
      '[MEAN21] HTTP takes none',
      '- {name: a, port: 80, protocol: HTTP, tls: {}}',
      ['tls-not-allowed'],
    ],
    ['[MEAN22] protocols', '- {name: a, port: 80, protocol: http}', ['not-a-choice']],
    [
      '[MEAN22] protocols that are not served',
      '- {name: a, port: 80, protocol: TCP}',
      ['protocol-not-served'],
    ],
    [
      '[MEAN23] a selector is given',
      '- {name: a, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector}}}',
      ['missing-field'],
    ],
    [
      '[MEAN23] selector operators',
      '- {name: a, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: Selector, selector: {matchExpressions: [{key: a, operator: In}]}}}}',
      ['selector-values'],
    ],
  ];
  for (const [name, listeners, codes] of listenerCases) {
    test(name, () => assert.deepEqual(codesOf(parseConfig(gatewayYaml(listeners))), codes));
  }
});

describe('[REF] stage three: what a route refers to', () => {
  const at = (parts: Partial<RouteParts>, ...others: string[]) =>
    problemsOfRoute(parts, ...others).map(({ code, severity }) => `${severity} ${code}`);

  test('[REF1] a missing backend is an error that names a near one', () => {
    const [problem] = problemsOfRoute(
      { rules: '- backendRefs: [{name: catalgo, port: 80}]' },
      serviceYaml('catalog'),
    );
    assert.equal(problem?.code, 'missing-backend');
    assert.equal(problem?.severity, 'error');
    assert.equal(problem?.pointer, '/spec/rules/0/backendRefs/0/name');
    assert.match(problem?.message ?? '', /Did you mean "catalog"\?/);
  });

  test('[REF2] the port exists', () => {
    assert.deepEqual(at({ rules: '- backendRefs: [{name: a, port: 81}]' }), ['error missing-port']);
  });

  test('[REF3] the kind is a Service or a Backend', () => {
    const rules = '- backendRefs: [{group: x.example, kind: Bucket, name: a, port: 80}]';
    assert.deepEqual(at({ rules }), ['error unknown-backend-kind']);
    const own = '- backendRefs: [{group: holdfast.dev, kind: Backend, name: b}]';
    const backend =
      'apiVersion: holdfast.dev/v1alpha1\nkind: Backend\nmetadata: {name: b, namespace: shop}\nspec: {endpoints: [{host: a.example, port: 80}]}\n';
    assert.deepEqual(at({ rules: own }, backend), []);
    assert.deepEqual(at({ rules: own }), ['error missing-backend']);
  });

  test('[MEAN27] a Backend may be drained: that is said, and routes may name it with or without a port', () => {
    const drained =
      'apiVersion: holdfast.dev/v1alpha1\nkind: Backend\nmetadata: {name: b, namespace: shop}\nspec: {endpoints: []}\n';
    for (const port of ['', ', port: 80']) {
      const rules = `- backendRefs: [{group: holdfast.dev, kind: Backend, name: b${port}}]`;
      assert.deepEqual(at({ rules }, drained), ['warning backend-drained']);
    }
  });

  test('[REF4] another namespace takes a ReferenceGrant that fits in every respect', () => {
    const rules = '- backendRefs: [{name: b, namespace: other, port: 80}]';
    const grant = (changes: Record<string, string> = {}) => {
      const { namespace, from, kind, to, name } = {
        namespace: 'other',
        from: 'shop',
        kind: 'HTTPRoute',
        to: 'Service',
        name: 'b',
        ...changes,
      };
      return `apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: g, namespace: ${namespace}}
spec:
  from: [{group: gateway.networking.k8s.io, kind: ${kind}, namespace: ${from}}]
  to: [{group: "", kind: ${to}, name: ${name}}]
`;
    };
    const service = serviceYaml('b', 'other');
    const refused = ['error reference-not-permitted'];
    assert.deepEqual(at({ rules }, service), refused);
    assert.deepEqual(at({ rules }, service, grant()), []);
    for (const wrong of [
      { namespace: 'shop' },
      { from: 'other' },
      { kind: 'Gateway' },
      { to: 'Secret' },
      { name: 'c' },
    ]) {
      assert.deepEqual(at({ rules }, service, grant(wrong)), refused, JSON.stringify(wrong));
    }
  });

  test('[REF5] mirrors refer as backends do', () => {
    const rules = `- filters: [{type: RequestMirror, requestMirror: {backendRef: {name: x, port: 80}}}]\n  ${BACKEND}`;
    assert.deepEqual(at({ rules }), ['error missing-backend']);
  });

  test('[REF6] the Gateway, its listener and its port exist', () => {
    assert.deepEqual(at({ parents: '- name: edgy' }), ['error missing-gateway']);
    assert.deepEqual(at({ parents: '- {name: edge, sectionName: https}' }), [
      'error missing-listener',
    ]);
    assert.deepEqual(at({ parents: '- {name: edge, port: 81}' }), ['error missing-port']);
  });

  test('[REF7] the listener admits the namespace of the route', () => {
    const rules = '- filters: [{type: RequestRedirect, requestRedirect: {port: 81}}]';
    const parents = '- {name: edge, namespace: shop}';
    assert.deepEqual(at({ namespace: 'other', parents, rules }), ['error not-admitted']);
  });

  test('[REF8] hostnames of route and listener meet', () => {
    const listener = '- {name: a, port: 80, protocol: HTTP, hostname: "*.shop.example"}';
    const problems = (hostnames: string[]) =>
      parseConfig(
        join(
          gatewayYaml(listener),
          serviceYaml('a'),
          routeYaml({ hostnames, rules: `- ${BACKEND}` }),
        ),
      ).problems.map(({ code, severity }) => `${severity} ${code}`);
    assert.deepEqual(problems(['www.shop.example']), []);
    assert.deepEqual(problems(['shop.example']), ['error no-common-hostname']);
    assert.deepEqual(problems(['www.shop.example', 'shop.example']), [
      'warning unreachable-hostname',
    ]);
  });

  test('[REF9] a route without a Gateway, or with a foreign parent, is a warning', () => {
    assert.deepEqual(at({ parents: '[]' }), ['warning unattached-route']);
    assert.deepEqual(at({ parents: '- {group: "", kind: Service, name: a}' }), [
      'warning foreign-parent',
    ]);
    assert.deepEqual(at({ parents: '- name: edge\n- name: edge' }), ['error duplicate-parent']);
  });
});
