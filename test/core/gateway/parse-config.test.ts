import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CONFIG_DOCUMENTS_MAX,
  CONFIG_PROBLEMS_MAX,
  DocumentCache,
  joinDocuments,
  parseConfig,
} from '../../../core/gateway/parse-config.ts';
import { blocksPublishing } from '../../../core/gateway/problem.ts';
import { CONFIG_TEXT_BYTES_MAX } from '../../../core/protocol/limits.ts';
import { codesOf, gatewayYaml, join, routeYaml, serviceYaml } from './sample.ts';

const GOOD = join(
  gatewayYaml(),
  serviceYaml('a'),
  routeYaml({ rules: '- backendRefs: [{name: a, port: 80}]' }),
);

/** The only problem of a text, as code and place. */
function onlyProblem(text: string): { code: string; line: number; column: number } {
  const { problems } = parseConfig(text);
  assert.equal(problems.length, 1, JSON.stringify(problems));
  const { code, line, column } = problems[0] ?? assert.fail();
  return { code, line, column };
}

test('[PARSE1] each document keeps its key, exact source, first line and body', () => {
  const { documents, problems } = parseConfig(GOOD);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    documents.map(({ key, startLine, known }) => [key, startLine, known]),
    [
      ['Gateway/shop/edge', 1, true],
      ['Service/shop/a', 9, true],
      ['HTTPRoute/shop/r', 14, true],
    ],
  );
  assert.equal(documents[1]?.source, serviceYaml('a'));
  assert.deepEqual(documents[1]?.body, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'a', namespace: 'shop' },
    spec: { ports: [{ port: 80 }] },
  });
  assert.equal(joinDocuments(documents.map(({ source }) => source)), GOOD);
});

test('[PARSE2] what a cluster adds does not enter the body: status and a null creation time', () => {
  const text =
    'apiVersion: v1\nkind: Service\nmetadata: {name: a, creationTimestamp: null}\nspec: {}\nstatus: {x: 1}\n';
  const { documents, problems } = parseConfig(text);
  assert.deepEqual(problems, []);
  assert.equal(documents[0]?.key, 'Service/default/a');
  assert.deepEqual(documents[0]?.body, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'a' },
    spec: {},
  });
});

test('[PARSE3] an unknown kind is kept with a note and blocks nothing', () => {
  const text = `${GOOD}---\n# ours\napiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: c, namespace: n}\n`;
  const { documents, problems } = parseConfig(text);
  const last = documents.at(-1) ?? assert.fail();
  assert.equal(last.key, 'cert-manager.io/v1!Certificate/n/c');
  assert.equal(last.known, false);
  assert.equal(last.body, null);
  assert.match(last.source, /^# ours\n/);
  assert.deepEqual(
    problems.map(({ severity, code, line }) => [severity, code, line]),
    [['info', 'unknown-kind', 27]],
  );
  assert.equal(blocksPublishing(problems), false);
});

test('[PARSE4] a slip in kind or version is louder than a foreign kind, and says what was meant', () => {
  const near = parseConfig('apiVersion: v1\nkind: Servise\nmetadata: {name: a}\n').problems[0];
  assert.equal(near?.severity, 'warning');
  assert.match(near?.message ?? '', /Did you mean "Service"\?/);
  const version = parseConfig(
    'apiVersion: gateway.networking.k8s.io/v1alpha2\nkind: HTTPRoute\nmetadata: {name: a}\n',
  ).problems[0];
  assert.equal(version?.severity, 'warning');
  assert.match(version?.message ?? '', /gateway\.networking\.k8s\.io\/v1 or /);
  const list = parseConfig('apiVersion: v1\nkind: List\nitems: []\n').problems[0];
  assert.match(list?.message ?? '', /document of its own/);
});

test('[PARSE5] one bad document does not stop the others, and lines are of the whole text', () => {
  const text = join('a: 1\nb: [1\n', serviceYaml('a'), 'x: 1\n  y: 2\n', serviceYaml('b'));
  const { documents, problems } = parseConfig(text);
  assert.deepEqual(
    documents.map(({ key, known }) => [key, known]),
    [
      ['unreadable!/1', false],
      ['Service/shop/a', true],
      ['unreadable!/3', false],
      ['Service/shop/b', true],
    ],
  );
  assert.ok(problems.every(({ severity }) => severity === 'error'));
  assert.deepEqual([...new Set(problems.map(({ line }) => line))], [3, 9]);
});

test('[REF10] while a document cannot be read, nothing is said of references', () => {
  const route = [
    'apiVersion: gateway.networking.k8s.io/v1',
    'kind: HTTPRoute',
    'metadata: {name: cart, namespace: shop}',
    'spec: {parentRefs: [{name: public}], rules: [{backendRefs: [{name: cart, port: 80}]}]}',
  ].join('\n');
  assert.ok(parseConfig(route).problems.length > 0);
  const { problems } = parseConfig(`${route}\n---\nkind: Gateway\nbroken: [\n`);
  assert.equal(problems.length, 1);
  assert.equal(problems[0]?.code.startsWith('yaml'), true, problems[0]?.code);
});

test('[REF18] an unknown kind without a name keeps no reference from being judged', () => {
  const broken = routeYaml({ rules: '- backendRefs: [{name: none, port: 80}]' });
  for (const nameless of [
    'apiVersion: v1\nkind: List\nitems: []\n',
    `apiVersion: x.example/v1\nkind: Y\nmetadata: {name: ${'n'.repeat(600)}}\n`,
  ]) {
    const { problems } = parseConfig(join(gatewayYaml(), broken, nameless));
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['missing-backend', 'unknown-kind'],
    );
    assert.equal(blocksPublishing(problems), true);
  }
});

test('[PARSE6] malformed YAML is reported where it is wrong', () => {
  const cases: readonly [string, string, number][] = [
    ['a:\n\tb: 1\n', 'yaml-tab', 2],
    ['a: "x\nb: 1\n', 'yaml-syntax', 3],
    ['a: 1\nb: 2\na: 3\n', 'duplicate-key', 3],
    ['a: {b: 1, b: 2}\n', 'duplicate-key', 1],
    ['a: 1\n__proto__: {x: 1}\n', 'prototype-key', 2],
    ['a:\n  constructor: 1\n', 'prototype-key', 2],
    ['- prototype: 1\n', 'prototype-key', 1],
    ['a: 1\nb: *none\n', 'alias-unknown', 2],
    ['a: &a\n  b: *a\n', 'alias-cycle', 2],
    ['a: .inf\n', 'bad-number', 1],
    ['a: 12345678901234567890\n', 'bad-number', 1],
    ['a: "\\ud800"\n', 'bad-text', 1],
    ['a: !!binary x\n', 'yaml-syntax', 1],
    ['a: !ours x\n', 'yaml-syntax', 1],
    ['\r\n\r\na: 1\r\na: 2\r\n', 'duplicate-key', 4],
  ];
  for (const [text, code, line] of cases) {
    const { problems } = parseConfig(text);
    const found = problems.map((problem) => `${problem.code} ${problem.line}`);
    assert.ok(found.includes(`${code} ${line}`), `${JSON.stringify(text)}: ${found.join(', ')}`);
    assert.equal(blocksPublishing(problems), true);
  }
});

test('[PARSE7] nesting, aliases and expanded values are bounded', () => {
  const deep = (levels: number) => `a: ${'['.repeat(levels)}${']'.repeat(levels)}\n`;
  assert.equal(onlyProblem(deep(64)).code, 'too-deep');
  assert.equal(onlyProblem(deep(63)).code, 'not-a-resource');
  assert.equal(parseConfig(deep(10_000)).problems[0]?.code, 'yaml-syntax');
  const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i += 1) {
    bomb.push(
      `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  }
  assert.equal(parseConfig(bomb.join('\n')).problems[0]?.code, 'too-many-values');
  const many = `a: &a 1\nb: [${Array(101).fill('*a').join(', ')}]\n`;
  assert.equal(parseConfig(many).problems[0]?.code, 'too-many-aliases');
  const hidden = `a: &a ${'['.repeat(40)}${']'.repeat(40)}\nb: ${'['.repeat(40)}*a${']'.repeat(40)}\n`;
  assert.equal(onlyProblem(hidden).code, 'too-deep');
});

test('[PARSE15] a document with too many tokens or characters is refused before it is parsed', () => {
  assert.equal(onlyProblem(`a: ${'['.repeat(300_000)}`).code, 'document-too-large');
  assert.equal(onlyProblem(`a: ${'b'.repeat(2 * 1024 * 1024)}`).code, 'document-too-large');
  const note = `apiVersion: x.example/v1\nkind: Note\nmetadata: {name: n}\ntext: ${'b'.repeat(1024 * 1024)}\n`;
  assert.deepEqual(codesOf(parseConfig(note)), ['unknown-kind']);
});

test('[PARSE8] anchors and merge keys read as what they stand for', () => {
  const text = `apiVersion: v1
kind: Service
metadata: {name: a, labels: &l {team: x}, annotations: {<<: *l, extra: y}}
spec: {ports: [&p {port: 80}, {<<: *p, port: 81, name: b}]}
`;
  const { documents, problems } = parseConfig(text);
  assert.deepEqual(problems, []);
  assert.deepEqual(documents[0]?.body?.spec, { ports: [{ port: 80 }, { port: 81, name: 'b' }] });
});

test('[PARSE9] a text over 8 MiB, counted in UTF-8, is refused unparsed', () => {
  assert.deepEqual(onlyProblem('#'.repeat(CONFIG_TEXT_BYTES_MAX + 1)).code, 'too-large');
  const half = CONFIG_TEXT_BYTES_MAX / 2;
  assert.deepEqual(codesOf(parseConfig(`#${'é'.repeat(half)}`)), ['too-large']);
  assert.deepEqual(codesOf(parseConfig(`# ${'é'.repeat(half - 1)}`)), []);
  assert.deepEqual(codesOf(parseConfig('\u{1f600}'.repeat(half / 2 + 1))), ['too-large']);
});

test('[PARSE10] binary data and broken Unicode yield one error with its place and no documents', () => {
  assert.deepEqual(onlyProblem('a: 1\nb: \0'), { code: 'binary', line: 2, column: 4 });
  assert.deepEqual(onlyProblem('\x7fELF\x02\x01'), { code: 'binary', line: 1, column: 5 });
  assert.deepEqual(onlyProblem('a: \ud800x'), { code: 'bad-text', line: 1, column: 4 });
  assert.deepEqual(parseConfig(`${GOOD}\0`).documents, []);
});

test('[PARSE11] a name that is defined twice is an error at the second, naming the first', () => {
  const { problems } = parseConfig(join(serviceYaml('a'), `# again\n${serviceYaml('a')}`));
  assert.deepEqual(
    problems.map(({ code, line }) => [code, line]),
    [['duplicate-name', 9]],
  );
  assert.match(problems[0]?.message ?? '', /at line 1;/);
});

test('[PARSE12] documents and problems are bounded, and errors are kept before warnings', () => {
  const tooMany = parseConfig('a: 1\n---\n'.repeat(CONFIG_DOCUMENTS_MAX + 1));
  assert.deepEqual(codesOf(tooMany), ['too-many-documents']);
  const noisy = 'apiVersion: x.example/v1\nkind: Y\nmetadata: {name: n}\n';
  const text = join(
    ...Array.from({ length: 1_200 }, (_, i) => noisy.replace('n}', `n${i}}`)),
    'a: [',
  );
  const { problems } = parseConfig(text);
  assert.equal(problems.length, CONFIG_PROBLEMS_MAX);
  assert.equal(problems.at(-1)?.code, 'more-problems');
  assert.ok(problems.some(({ code }) => code === 'yaml-syntax'));
});

test('[PARSE18] no flood of warnings in a document hides an error of it, whichever stage finds it', () => {
  const flood = Array.from({ length: 120 }, (_, i) => `junk${i}: 1`).join(', ');
  const service = serviceYaml('a').replace(/spec:/, `${flood.replaceAll(', ', '\n')}\nspec:`);
  const twice = `- {name: h, value: v}\n${'      - {name: h, value: v}\n'.repeat(15)}`;
  const rule = (i: number) =>
    `- matches:\n  - path: {value: /p${i}}\n    headers:\n      ${twice}  backendRefs: [{name: a, port: 80}]`;
  const noisy = (last: string) =>
    join(
      gatewayYaml(),
      serviceYaml('a'),
      routeYaml({ rules: [...Array.from({ length: 15 }, (_, i) => rule(i)), last].join('\n') }),
    );
  const cases: readonly (readonly [text: string, code: string])[] = [
    [service.replace('port: 80', 'port: 99999'), 'out-of-range'],
    [
      noisy('- timeouts: {request: 1s, backendRequest: 2s}\n  backendRefs: [{name: a, port: 80}]'),
      'timeout-order',
    ],
    [noisy('- backendRefs: [{name: none, port: 80}]'), 'missing-backend'],
    // Were it let through, one revision would hold the same name twice.
    [join(serviceYaml('a'), service), 'duplicate-name'],
  ];
  for (const [text, code] of cases) {
    const { problems } = parseConfig(text);
    assert.equal(problems.filter(({ resource }) => resource !== null).length, 100, code);
    assert.deepEqual(
      problems.filter(({ severity }) => severity === 'error').map((problem) => problem.code),
      [code],
    );
  }
});

test('[PARSE13] a cache gives the same answer, parses only what changed, and stays bounded', () => {
  const cache = new DocumentCache(3);
  assert.deepEqual(parseConfig(GOOD, cache), parseConfig(GOOD));
  assert.equal(parseConfig(GOOD, cache), parseConfig(GOOD, cache));
  const before = parseConfig(GOOD, cache).documents.map(({ body }) => body);
  const shifted = parseConfig(`# first\n${GOOD}`, cache);
  assert.equal(shifted.documents[2]?.body, before[2]);
  assert.equal(shifted.documents[2]?.startLine, 15);
  assert.equal(cache.size, 3);
});

test('[PARSE14] things that are not resources say so', () => {
  assert.equal(onlyProblem('just text\n').code, 'not-a-resource');
  assert.equal(onlyProblem('- a\n').code, 'not-a-resource');
  assert.equal(onlyProblem('kind: Service\n').code, 'not-a-resource');
  assert.equal(onlyProblem('apiVersion: v1\n').code, 'not-a-resource');
  assert.deepEqual(codesOf(parseConfig('apiVersion: v1\nkind: Service\nspec: {}\n')), [
    'missing-field',
  ]);
});
