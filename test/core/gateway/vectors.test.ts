import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readVectors, runVectors } from '../../../core/gateway/vectors.ts';
import { gatewayYaml, join, routeYaml, serviceYaml } from './sample.ts';

const MANIFESTS = join(
  gatewayYaml(),
  serviceYaml('a'),
  serviceYaml('b'),
  routeYaml({
    rules: `- filters: [{type: RequestMirror, requestMirror: {backendRef: {name: b, port: 80}, percent: 50}}]
  matches: [{path: {value: /a}}]
  backendRefs: [{name: a, port: 80}]
- matches: [{path: {value: /r}}]
  filters: [{type: RequestRedirect, requestRedirect: {scheme: https, port: 8443}}]`,
  }),
);

function run(expect: object, path = '/a', more: object = {}) {
  const request = { method: 'GET', scheme: 'http', host: 'x.example', path, headers: { h: '1' } };
  const vectors = readVectors({
    gateway: 'shop/edge',
    cases: [{ name: 'one', listenerPort: 80, request, expect, ...more }],
  });
  assert.ok(vectors.ok);
  const [one] = runVectors(MANIFESTS, vectors.value).cases;
  assert.ok(one !== undefined);
  return one;
}

test('[VEC1] vectors are read from text or value; what is none is refused in a sentence', () => {
  assert.equal(readVectors('{"gateway": "a/b", "cases": []}').ok, true);
  for (const bad of ['{', '[]', { gateway: 'a/b' }, { gateway: 1, cases: [] }, null, undefined]) {
    const read = readVectors(bad);
    assert.ok(!read.ok && read.error.length > 10 && read.error.length < 500);
  }
});

test('[VEC5] an expectation that checks nothing is refused, and so is a slip in its name', () => {
  const request = { method: 'GET', scheme: 'http', host: 'a', path: '/', headers: {} };
  const read = (expect: object) =>
    readVectors({ gateway: 'a/b', cases: [{ name: 'one', listenerPort: 80, request, expect }] });
  assert.equal(read({ status: 404 }).ok, true);
  for (const expect of [{}, { tolerance: 1 }, { staus: 404 }, { oneOf: [{}] }]) {
    const wrong = read(expect);
    assert.match(wrong.ok ? '' : wrong.error, /expect/, JSON.stringify(expect));
  }
});

test('[VEC2] a case that comes out as expected passes and says what came', () => {
  assert.deepEqual(run({ backend: 'shop/a' }), {
    name: 'one',
    pass: true,
    detail: '',
    got: '200 from shop/a after 1 call',
  });
  const redirect = { scheme: 'https', host: 'x.example', port: 8443, path: '/r', status: 302 };
  assert.equal(run({ redirect }, '/r').pass, true);
  assert.equal(run({ status: 404, noBackend: true }, '/none').got, '404 no route');
  assert.equal(run({ oneOf: [{ backend: 'shop/a' }, { backend: 'shop/b' }] }).pass, true);
});

test('[VEC3] every kind of expectation fails when it is not met, with a sentence', () => {
  const slow = { backendDelayMs: 5, backendFailures: { count: 1, kind: 'status', status: 503 } };
  const redirect = { scheme: 'http', host: 'x.example', port: null, path: '/r', status: 302 };
  const cases: readonly [object, string?, object?][] = [
    [{ status: 404 }],
    [{ statusAnyOf: [404, 500] }],
    [{ noBackend: true }],
    [{ backendAttempts: 2 }],
    [{ backend: 'shop/b' }],
    [{ backend: 'shop/a' }, '/a', slow],
    [{ backend: 'shop/a', backendPort: 81 }],
    [{ backend: 'shop/a', backendRequest: { host: 'y.example' } }],
    [{ backend: 'shop/a', backendRequest: { path: '/b' } }],
    [{ backend: 'shop/a', backendRequest: { headers: { h: '2' } } }],
    [{ backend: 'shop/a', backendRequest: { absentHeaders: ['H'] } }],
    [{ redirect }, '/r'],
    [{ redirect }],
    [{ mirrors: ['shop/c'] }],
    [{ mirrorPercentage: { 'shop/b': 90 } }, '/a', { repeat: 100 }],
    [{ distribution: { 'shop/a': 0.5 } }, '/a', { repeat: 10 }],
    [{ responseHeaders: { x: '1' } }],
    [{ responseHeadersAnyOf: { x: ['1', '2'] } }],
    [{ absentResponseHeaders: ['X'] }, '/a', { backendResponseHeaders: { x: '1' } }],
    [{ oneOf: [{ backend: 'shop/b' }, { status: 500 }] }],
    [{ oneOf: [{ backend: 'shop/a' }, { status: 200 }] }],
    [{ backend: 'shop/a' }, '/a', { gateway: 'shop/other' }],
    [
      { backend: 'shop/a' },
      '/a',
      { removedResources: [{ kind: 'Service', namespace: 'shop', name: 'a' }] },
    ],
  ];
  for (const [expect, path, more] of cases) {
    const one = run(expect, path, more);
    assert.equal(one.pass, false, JSON.stringify(expect));
    assert.match(one.detail, /^[A-Za-z0-9].*\.$/);
    assert.ok(one.got.length > 0);
  }
});

test('[VEC4] shares of copies are counted over all repeats', () => {
  const expect = { mirrors: ['shop/b'], mirrorPercentage: { 'shop/b': 50 }, tolerance: 0.1 };
  assert.equal(run(expect, '/a', { repeat: 500 }).pass, true);
});

test('[VEC6] what is wrong with vectors is told by place and in plain words', () => {
  const request = { method: 'GET', scheme: 'ftp', host: 'a', path: '/', headers: {} };
  const one = { name: 1, listenerPort: 0, request, expect: { status: 200 } };
  const read = readVectors({ gateway: 'a/b', cases: [one, { ...one, name: 'two', expect: {} }] });
  assert.equal(
    read.ok ? '' : read.error,
    'These are no test vectors: cases[0].name must be text. cases[0].listenerPort must be at least 1. cases[0].request.scheme must be http or https. And 3 more.',
  );
  const slip = readVectors({ gateway: 'a/b', cases: [{ ...one, expect: { staus: 1 } }] });
  assert.doesNotMatch(slip.ok ? '' : slip.error, /Invalid|expected|✖|\n/);
});
