import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { isJsonObject, type Json, pointerSteps } from '../../../core/gateway/json.ts';
import {
  CONFIG_PROBLEMS_MAX,
  DocumentCache,
  joinDocuments,
  type ParsedConfig,
  parseConfig,
} from '../../../core/gateway/parse-config.ts';
import type { Problem } from '../../../core/gateway/problem.ts';
import { splitDocuments } from '../../../core/gateway/split-documents.ts';
import { gatewayYaml, join, routeYaml, serviceYaml } from './sample.ts';

/** Cases of a normal run, together. */
const FLOW_CASES = 30_000;
const LINE_CASES = 9_000;
const MANIFEST_CASES = 11_000;

const VECTORS = new URL('../../../../shared/conformance/', import.meta.url);
const MESSAGE_CHARS_MAX = 900;

function checkJson(value: Json, depth = 0): void {
  assert.ok(depth <= 70);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return;
  if (typeof value === 'number') {
    assert.ok(Number.isFinite(value));
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) checkJson(item, depth + 1);
    return;
  }
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  for (const [key, member] of Object.entries(value)) {
    assert.ok(!['__proto__', 'constructor', 'prototype'].includes(key));
    checkJson(member, depth + 1);
  }
}

function checkProblem(problem: Problem, lines: readonly string[]): void {
  const { severity, code, message, pointer, line, column, fix } = problem;
  assert.ok(['error', 'warning', 'info'].includes(severity));
  assert.match(code, /^[a-z]+(?:-[a-z]+)*$/);
  assert.ok(message.length > 0 && message.length <= MESSAGE_CHARS_MAX, message);
  assert.doesNotMatch(message, /[\ud800-\udbff](?![\udc00-\udfff])/);
  assert.ok(pointer === '' || pointer.startsWith('/'), pointer);
  pointerSteps(pointer);
  assert.ok(Number.isInteger(line) && line >= 1 && line <= lines.length, `line ${line}`);
  const written = lines[line - 1] ?? '';
  assert.ok(Number.isInteger(column) && column >= 1, `column ${column}`);
  assert.ok(column <= written.length + 1, `${code} at ${line}:${column} of ${lines.length}`);
  if (fix === undefined) return;
  assert.ok(fix.title.length > 0 && fix.title.length <= 200, fix.title);
  for (const op of fix.ops) {
    assert.match(op.pointer, /^\//);
    if (op.op === 'set' || op.op === 'insert') checkJson(op.value);
  }
  if (fix.addDocument !== null) assert.equal(splitDocuments(fix.addDocument).length, 1);
}

function checkParsed(text: string, { documents, problems }: ParsedConfig): void {
  const lines = text.split('\n');
  assert.ok(problems.length <= CONFIG_PROBLEMS_MAX);
  for (const problem of problems) checkProblem(problem, lines);
  for (const { key, source, body, startLine } of documents) {
    assert.ok(key.length > 0 && source.length > 0 && startLine <= lines.length);
    if (body === null) continue;
    assert.ok(isJsonObject(body));
    checkJson(body);
  }
}

function checkText(text: string): void {
  const parsed = parseConfig(text);
  checkParsed(text, parsed);
  const sources = parsed.documents.map(({ source }) => source);
  assert.deepEqual(
    splitDocuments(joinDocuments(sources)).map(({ source }) => source),
    sources,
  );
}

const scalar = fc.constantFrom<Json>(
  null,
  true,
  0,
  -1,
  80,
  1.5,
  1e21,
  '',
  'a',
  '/',
  '/a',
  '//',
  '*',
  '*.a.example',
  'A_b',
  'é',
  '80',
  '😀',
  'true',
  'Exact',
  'GET',
  'get',
  'HTTP',
  '1s',
  '1 s',
  '((a{30}){30}){30}',
  '[',
  'x'.repeat(300),
);
const field = fc.constantFrom(
  'apiVersion',
  'kind',
  'metadata',
  'name',
  'namespace',
  'spec',
  'rules',
  'matches',
  'path',
  'type',
  'value',
  'headers',
  'method',
  'backendRefs',
  'filters',
  'parentRefs',
  'listeners',
  'port',
  'hostnames',
  'weight',
  'timeouts',
  'retry',
  '__proto__',
  'constructor',
  '<<',
  'backendRef',
  '',
  '~/',
);
const junk = fc.letrec<{ any: Json }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'xsmall', withCrossShrink: true },
    scalar,
    fc.array(tie('any'), { maxLength: 2 }),
    fc
      .array(fc.tuple(field, tie('any')), { maxLength: 3 })
      .map((members) => Object.fromEntries(members) as Json),
  ),
})).any;

const route = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'r', namespace: 'shop' },
};
const resource = fc.oneof(
  fc.record({ spec: junk }).map((one): Json => ({ ...route, ...one })),
  fc
    .record({ rules: fc.array(junk, { maxLength: 3 }), parentRefs: junk, hostnames: junk })
    .map((spec): Json => ({ ...route, spec })),
  fc
    .record({ matches: junk, filters: junk, backendRefs: junk, timeouts: junk, retry: junk })
    .map((rule): Json => ({ ...route, spec: { parentRefs: [{ name: 'edge' }], rules: [rule] } })),
  fc
    .record({ listeners: fc.array(junk, { maxLength: 2 }), gatewayClassName: junk })
    .map((spec): Json => ({ ...route, kind: 'Gateway', spec })),
  fc
    .record({
      apiVersion: fc.constantFrom('v1', 'holdfast.dev/v1alpha1', 'x/v1'),
      kind: fc.constantFrom(
        'Service',
        'Namespace',
        'Backend',
        'TrafficPolicy',
        'AuthPolicy',
        'FeatureFlag',
        'RequestSuite',
        'ListenerSet',
        'List',
      ),
      spec: junk,
      metadata: fc.oneof(junk, fc.constant({ name: 'a' })),
    })
    .map((one): Json => one),
);

test('[FUZZP1] resources of any shape in flow style yield problems and JSON, nothing else', () => {
  const cache = new DocumentCache(200);
  fc.assert(
    fc.property(fc.array(resource, { minLength: 1, maxLength: 2, size: 'xsmall' }), (resources) => {
      const text = resources.map((one) => JSON.stringify(one)).join('\n---\n');
      checkParsed(text, parseConfig(text, cache));
    }),
    { numRuns: FLOW_CASES },
  );
});

const GOOD_LINES = join(
  gatewayYaml('- name: http\n  port: 80\n  protocol: HTTP'),
  serviceYaml('a'),
  routeYaml({
    hostnames: ['a.example'],
    rules:
      '- matches:\n    - path: {type: Exact, value: /a}\n  backendRefs:\n    - name: a\n      port: 80',
  }),
).split('\n');

const lineEdit = fc.oneof(
  fc.record({ do: fc.constant('drop' as const), at: fc.nat(40) }),
  fc.record({ do: fc.constant('double' as const), at: fc.nat(40) }),
  fc.record({ do: fc.constant('swap' as const), at: fc.nat(40) }),
  fc.record({
    do: fc.constantFrom('before' as const, 'after' as const),
    at: fc.nat(40),
    put: fc.constantFrom(
      ' ',
      '  ',
      '\t',
      '- ',
      '&a ',
      '*a',
      '!!x ',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ',',
      ': ',
      '? ',
      '|',
      '>',
      '#',
      '%',
      '@',
      '`',
      '<<: *a',
      '---',
      '...',
      '\r',
      '\u0085',
      '\u2028',
      '\ufeff',
      '😀',
    ),
  }),
);

function edited(
  lines: readonly string[],
  edits: readonly (typeof lineEdit extends fc.Arbitrary<infer T> ? T : never)[],
): string {
  const out = [...lines];
  for (const edit of edits) {
    const at = edit.at % out.length;
    const line = out[at] ?? '';
    if (edit.do === 'drop') out.splice(at, 1);
    else if (edit.do === 'double') out.splice(at, 0, line);
    else if (edit.do === 'swap') out.splice(at, 2, out[at + 1] ?? '', line);
    else out[at] = edit.do === 'before' ? edit.put + line : line + edit.put;
    if (out.length === 0) return '';
  }
  return out.join('\n');
}

test('[FUZZP2] lines dropped, doubled, swapped and broken are read or refused in their place', () => {
  fc.assert(
    fc.property(fc.array(lineEdit, { minLength: 1, maxLength: 4 }), (edits) => {
      checkText(edited(GOOD_LINES, edits));
    }),
    { numRuns: LINE_CASES },
  );
});

/** Small documents of the examples and, when they are at hand, of the conformance vectors. */
function manifests(): readonly string[][] {
  const texts = ['shop.yaml', 'broken.yaml'].map((name) =>
    readFileSync(new URL(`../../../examples/${name}`, import.meta.url), 'utf8'),
  );
  for (const folder of existsSync(VECTORS) ? readdirSync(VECTORS) : []) {
    const file = new URL(`${folder}/manifests.yaml`, VECTORS);
    if (existsSync(file)) texts.push(readFileSync(file, 'utf8'));
  }
  const sources = texts.flatMap((text) => splitDocuments(text).map(({ source }) => source));
  return sources.filter((source) => source.length < 1_200).map((source) => source.split('\n'));
}

test('[FUZZP3] mutated manifests never crash the parser', () => {
  const documents = manifests();
  assert.ok(documents.length > 10);
  fc.assert(
    fc.property(
      fc.constantFrom(...documents),
      fc.array(lineEdit, { minLength: 1, maxLength: 3 }),
      (lines, edits) => checkText(edited(lines, edits)),
    ),
    { numRuns: MANIFEST_CASES },
  );
});

const policyYaml = (target: string) => `apiVersion: holdfast.dev/v1alpha1
kind: TrafficPolicy
metadata: {name: p-${target}, namespace: shop}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: ${target}}]
  concurrency: {maxRequests: 10}
`;

test('[FUZZP4] after any edits a cache yields what reading all of it yields', () => {
  const cache = new DocumentCache();
  const rule = fc.constantFrom(
    '- backendRefs: [{name: a, port: 80}]',
    '- backendRefs: [{name: ab, port: 80}]',
    '- backendRefs: [{name: b, namespace: other, port: 81}]',
    '- matches: [{path: {value: /a}}]\n  backendRefs: [{name: a}]',
  );
  const document = fc.oneof(
    fc.constantFrom(
      gatewayYaml(),
      gatewayYaml('- {name: h, port: 81, protocol: HTTP, hostname: "*.example"}'),
      serviceYaml('a'),
      serviceYaml('abc'),
      serviceYaml('b', 'other'),
      policyYaml('w'),
      policyYaml('x'),
      '{',
      '# nothing\n',
    ),
    fc
      .record({
        name: fc.constantFrom('x', 'y', 'z'),
        parents: fc.constantFrom('- name: edge', '- name: egde', '[]'),
        hostnames: fc.subarray(['a.example', 'b.other']),
        rules: fc.array(rule, { minLength: 1, maxLength: 2 }).map((rules) => rules.join('\n')),
      })
      .map(routeYaml),
  );
  fc.assert(
    fc.property(fc.array(document, { maxLength: 7 }), (documents) => {
      const text = join(...documents);
      assert.deepEqual(parseConfig(text, cache), parseConfig(text));
    }),
    { numRuns: 600 },
  );
});
