import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseConfig } from '../../../core/gateway/parse-config.ts';
import { checkFix } from './apply-fix.ts';
import { gatewayYaml, join, type RouteParts, routeYaml, serviceYaml } from './sample.ts';

const BACKEND = 'backendRefs: [{name: a, port: 80}]';

const BACKEND_DOCUMENT = `apiVersion: holdfast.dev/v1alpha1
kind: Backend
metadata: {name: own, namespace: shop}
spec: {endpoints: [{host: a.example, port: 8080}]}
`;
const OTHERS = [
  gatewayYaml(),
  serviceYaml('a'),
  serviceYaml('catalog'),
  serviceYaml('b', 'other'),
  BACKEND_DOCUMENT,
];

/** Takes the fix of the only problem of a code, and yields its title. */
function titleOf(text: string, code: string): string {
  const config = parseConfig(text);
  const found = config.problems.filter((problem) => problem.code === code);
  assert.equal(found.length, 1, config.problems.map((one) => `${one.code} ${one.pointer}`).join());
  const problem = found[0] ?? assert.fail();
  checkFix(config, problem);
  return problem.fix?.title ?? '';
}

function ofRoute(parts: Partial<RouteParts>, code: string): string {
  return titleOf(join(...OTHERS, routeYaml({ rules: `- ${BACKEND}`, ...parts })), code);
}

const rewrite =
  'filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /b}}}]';
const modifier = (inner: string) =>
  `filters: [{type: RequestHeaderModifier, requestHeaderModifier: {${inner}}}]`;

describe('each fix removes its problem and brings no other', () => {
  const cases: readonly [name: string, rules: string, code: string, title: string][] = [
    [
      '[FIX1] an unknown field is renamed to the near one',
      '- backendRef: [{name: a, port: 80}]\n  filters: []',
      'unknown-field',
      'Rename to "backendRefs"',
    ],
    [
      '[FIX2] a near choice',
      `- matches: [{path: {type: Prefix, value: /a}}]\n  ${BACKEND}`,
      'not-a-choice',
      'Change to "PathPrefix"',
    ],
    [
      '[FIX2] a choice in another case',
      `- matches: [{method: get}]\n  ${BACKEND}`,
      'not-a-choice',
      'Change to "GET"',
    ],
    [
      '[FIX3] a number where text belongs, as it is written',
      `- matches: [{headers: [{name: v, value: 1.10}]}]\n  ${BACKEND}`,
      'wrong-type',
      'Change to "1.10"',
    ],
    [
      '[FIX3] text where a number belongs',
      '- backendRefs: [{name: a, port: "80"}]',
      'wrong-type',
      'Change to 80',
    ],
    [
      '[FIX3] one entry where a list belongs',
      `- matches: {path: {value: /a}}\n  ${BACKEND}`,
      'wrong-type',
      'Change to [{"path":{"value":"/a"}}]',
    ],
    [
      '[FIX4] a missing backend has a near name',
      '- backendRefs: [{name: catalgo, port: 80}]',
      'missing-backend',
      'Change to "catalog"',
    ],
    [
      '[FIX4] with its port',
      '- backendRefs: [{name: catalgo, port: 8080}]',
      'missing-backend',
      'Change to "catalog", port 80',
    ],
    [
      '[FIX5] a Backend that was called a Service',
      '- backendRefs: [{name: own, port: 8080}]',
      'missing-backend',
      'Refer to the Backend own',
    ],
    [
      '[FIX5] a Service that was called something else',
      '- backendRefs: [{kind: Servise, name: a, port: 80}]',
      'unknown-backend-kind',
      'Refer to the Service a',
    ],
    [
      '[FIX6] a missing grant is added',
      '- backendRefs: [{name: b, namespace: other, port: 80}]',
      'reference-not-permitted',
      'Add a ReferenceGrant to other',
    ],
    [
      '[FIX7] the only port of a Service',
      '- backendRefs: [{name: a, port: 81}]',
      'missing-port',
      'Change to 80',
    ],
    [
      '[FIX7] the port that was left out',
      '- backendRefs: [{name: a}]',
      'missing-port',
      'Add port 80',
    ],
    [
      '[FIX8] an exact match becomes a prefix',
      `- matches: [{path: {type: Exact, value: /a}}]\n  ${rewrite}\n  ${BACKEND}`,
      'prefix-replacement',
      'Match by path prefix',
    ],
    [
      '[FIX8] a rule of two prefixes is split',
      `- name: x\n  matches: [{path: {value: /a}}, {path: {value: /c}}]\n  ${rewrite}\n  ${BACKEND}`,
      'prefix-replacement',
      'Split into 2 rules',
    ],
    [
      '[FIX9] the second action for a header goes',
      `- ${modifier('set: [{name: A, value: x}], remove: [a]')}\n  ${BACKEND}`,
      'header-actions',
      'Remove it from "remove"',
    ],
    [
      '[FIX9] the second match of a name goes',
      `- matches: [{headers: [{name: a, value: x}, {name: A, value: y}]}]\n  ${BACKEND}`,
      'duplicate-match',
      'Remove the second',
    ],
    [
      '[FIX9] a foreign field goes',
      `- filters: [{type: URLRewrite, urlRewrite: {hostname: a.example}, cors: {}}]\n  ${BACKEND}`,
      'foreign-field',
      'Remove cors',
    ],
    [
      '[FIX10] weights that sum to zero',
      '- backendRefs: [{name: a, port: 80, weight: 0}, {name: catalog, port: 80, weight: 0}]',
      'zero-weights',
      'Set every weight to 1',
    ],
    [
      '[FIX11] the inner time-out',
      `- timeouts: {request: 1s, backendRequest: 2s}\n  ${BACKEND}`,
      'timeout-order',
      'Change to "1s"',
    ],
    [
      '[FIX11] spaces in a duration',
      `- timeouts: {request: 1 s}\n  ${BACKEND}`,
      'bad-duration',
      'Change to "1s"',
    ],
    [
      '[FIX12] a path without its slash',
      `- matches: [{path: {value: a//b}}]\n  ${BACKEND}`,
      'bad-path',
      'Change to "/a/b"',
    ],
    [
      '[FIX13] a redirect keeps no backends',
      `- filters: [{type: RequestRedirect, requestRedirect: {port: 81}}]\n  ${BACKEND}`,
      'redirect-with-backends',
      'Remove backendRefs',
    ],
    ['[FIX14] a shadowed rule', `- ${BACKEND}\n- ${BACKEND}`, 'shadowed-rule', 'Remove this rule'],
    [
      '[FIX14] a shadowed match',
      `- matches: [{path: {value: /a}}, {path: {value: /a/}}]\n  ${BACKEND}`,
      'shadowed-match',
      'Remove this match',
    ],
    [
      '[FIX15] origins',
      `- filters: [{type: CORS, cors: {allowOrigins: ["https://a.example/x"]}}]\n  ${BACKEND}`,
      'bad-origin',
      'Change to "https://a.example"',
    ],
    [
      '[FIX15] * alone',
      `- filters: [{type: CORS, cors: {allowMethods: ["*", GET]}}]\n  ${BACKEND}`,
      'wildcard-not-alone',
      'Change to ["*"]',
    ],
  ];
  for (const [name, rules, code, title] of cases) {
    test(name, () => assert.equal(ofRoute({ rules }, code), title));
  }

  const places: readonly [name: string, parts: Partial<RouteParts>, code: string, title: string][] =
    [
      [
        '[FIX16] a near Gateway',
        { parents: '- name: egde' },
        'missing-gateway',
        'Change to Gateway shop/edge',
      ],
      [
        '[FIX16] the Gateway of that name elsewhere',
        { parents: '- {name: edge, namespace: infrastructure}' },
        'missing-gateway',
        'Change to Gateway shop/edge',
      ],
      [
        '[FIX16] a near listener',
        { parents: '- {name: edge, sectionName: htpp}' },
        'missing-listener',
        'Change to "http"',
      ],
      [
        '[FIX16] the only port',
        { parents: '- {name: edge, port: 8080}' },
        'missing-port',
        'Change to 80',
      ],
      ['[FIX16] the only Gateway', { parents: '[]' }, 'unattached-route', 'Attach to Gateway edge'],
      [
        '[FIX16] a repeated parent',
        { parents: '- name: edge\n- name: edge' },
        'duplicate-parent',
        'Remove the second',
      ],
      ['[FIX17] names in capitals', { name: 'My_Route' }, 'bad-name', 'Change to "my-route"'],
      [
        '[FIX17] hostnames with scheme and port',
        { hostnames: ['https://A.example:443/'] },
        'bad-hostname',
        'Change to "a.example"',
      ],
      [
        '[FIX17] a repeated hostname',
        { hostnames: ['a.example', 'a.example'] },
        'duplicate-entry',
        'Remove the second',
      ],
    ];
  for (const [name, parts, code, title] of places) {
    test(name, () => assert.equal(ofRoute(parts, code), title));
  }

  const listeners: readonly [name: string, listeners: string, code: string, title: string][] = [
    [
      '[FIX18] protocols in small letters',
      '- {name: a, port: 80, protocol: http}',
      'not-a-choice',
      'Change to "HTTP"',
    ],
    [
      '[FIX18] the usual port of HTTPS',
      '- {name: a, port: 80, protocol: HTTP}\n- {name: b, port: 80, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}',
      'listener-conflict',
      'Change to 443',
    ],
    [
      '[FIX18] HTTP takes no tls',
      '- {name: a, port: 80, protocol: HTTP, tls: {}}',
      'tls-not-allowed',
      'Remove tls',
    ],
    [
      '[FIX18] HTTPS ends TLS',
      '- {name: a, port: 443, protocol: HTTPS, tls: {mode: Passthrough, certificateRefs: [{name: c}]}}',
      'tls-mode',
      'Change to "Terminate"',
    ],
  ];
  for (const [name, yaml, code, title] of listeners) {
    test(name, () => assert.equal(titleOf(gatewayYaml(yaml), code), title));
  }

  test('[FIX19] a version that the API left behind', () => {
    const old = gatewayYaml().replace('k8s.io/v1', 'k8s.io/v1beta1');
    assert.equal(titleOf(old, 'deprecated-version'), 'Change to "gateway.networking.k8s.io/v1"');
  });

  test('[FIX6] two grants get two names, and a Service without the port none', () => {
    const rules =
      '- backendRefs: [{name: b, namespace: other, port: 80}, {name: c, namespace: other, port: 81}]';
    const held = `apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: shop-to-b, namespace: other}
spec:
  from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: shop}]
  to: [{group: "", kind: Service}]
`;
    const { problems } = parseConfig(
      join(...OTHERS, held, serviceYaml('c', 'other'), routeYaml({ rules })),
    );
    assert.match(problems[0]?.fix?.addDocument ?? '', /name: shop-to-b-2\n/);
    assert.equal(problems[1]?.fix, undefined);
  });

  test('[FIX21] a CORS filter gets a match for OPTIONS of each path', () => {
    const matches =
      '{path: {value: /a}, method: POST}, {path: {value: /a}, method: PUT}, {path: {value: /b}, method: PUT}';
    const cors = 'filters: [{type: CORS, cors: {allowOrigins: ["*"]}}]';
    const rules = `- matches: [${matches}]\n  ${cors}\n  ${BACKEND}`;
    assert.equal(ofRoute({ rules }, 'preflight-not-matched'), 'Add matches for OPTIONS');
  });

  test('[FIX22] quotes are offered only where they mend a number', () => {
    const policy = (rateLimit: string) => `apiVersion: holdfast.dev/v1alpha1
kind: TrafficPolicy
metadata: {name: calm, namespace: shop}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}]
  rateLimit: {${rateLimit}}
`;
    const errorOf = (rateLimit: string) => {
      const { problems } = parseConfig(join(...OTHERS, policy(rateLimit)));
      return problems.find(({ severity }) => severity === 'error') ?? assert.fail();
    };
    const unit = errorOf('requests: 1, window: 10');
    assert.equal(unit.code, 'bad-duration');
    assert.match(unit.message, /must be a duration such as 500ms, 10s or 1m30s; it is 10\.$/);
    assert.equal(unit.fix, undefined);
    const fraction = errorOf('requests: 1.5, window: 10s');
    assert.match(fraction.message, /must be a whole number, not 1\.5\.$/);
  });

  test('[FIX20] no fix is offered where none is obvious', () => {
    const none = (parts: Partial<RouteParts>, code: string) => {
      const { problems } = parseConfig(
        join(...OTHERS, routeYaml({ rules: `- ${BACKEND}`, ...parts })),
      );
      const problem = problems.find((one) => one.code === code);
      assert.ok(problem !== undefined, code);
      assert.equal(problem.fix, undefined, code);
    };
    none({ rules: '- backendRefs: [{name: something-else, port: 80}]' }, 'missing-backend');
    none({ rules: `- madeUp: 1\n  ${BACKEND}` }, 'unknown-field');
    none({ rules: `- matches: [{method: FETCHALL}]\n  ${BACKEND}` }, 'not-a-choice');
    none({ rules: `- backendRef: []\n  ${BACKEND}` }, 'unknown-field');
    none({ rules: `- name: x\n  ${BACKEND}\n- name: x\n  ${BACKEND}` }, 'duplicate-entry');
  });
});
