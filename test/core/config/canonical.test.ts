import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  BODY_DEPTH_MAX,
  canonicalJson,
  contentHashOf,
  isJson,
  isJsonArray,
  isJsonObject,
  resourceKeyOf,
} from '../../../core/config/canonical.ts';
import type { Json } from '../../../core/gateway/json.ts';
import { jsonArbitrary } from './config-arbitraries.ts';

function reversed(value: Json): Json {
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, item]): [string, Json] => [key, reversed(item)]),
    );
  }
  return isJsonArray(value) ? value.map(reversed) : value;
}

test('[CANON1] canonical JSON does not depend on the order of keys', () => {
  fc.assert(
    fc.property(jsonArbitrary, (value) => {
      assert.equal(canonicalJson(reversed(value)), canonicalJson(value));
    }),
  );
  assert.equal(canonicalJson({ b: 1, a: { d: 2, c: 3 } }), '{"a":{"c":3,"d":2},"b":1}');
  assert.equal(canonicalJson({ '2': 0, '10': 0, é: 0, z: 0 }), '{"10":0,"2":0,"z":0,"é":0}');
});

test('[CANON2] canonical JSON is JSON of the same value, and canonical again', () => {
  fc.assert(
    fc.property(jsonArbitrary, (value) => {
      const text = canonicalJson(value);
      const parsed: unknown = JSON.parse(text);
      assert.ok(isJson(parsed));
      assert.equal(canonicalJson(parsed), text);
      // JSON has one zero.
      assert.deepEqual(parsed, JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('[CANON3] different values have different canonical texts', () => {
  const values: Json[] = [
    null,
    0,
    '0',
    'null',
    [],
    {},
    [null],
    [[]],
    { '': null },
    '',
    [1, 2],
    [12],
  ];
  assert.equal(new Set(values.map(canonicalJson)).size, values.length);
});

test('[CANON4] the content hash is SHA-256 of the canonical text in UTF-8', () => {
  assert.equal(
    contentHashOf('{"a":"é"}'),
    'b3a092a6af48807fa9482b2ee140105575daa26d5b24b3c0e60a7e2dee6683b1',
  );
});

test('[CANON5] what is not plain JSON is told from what is', () => {
  let deep: Json = null;
  for (let i = 0; i < BODY_DEPTH_MAX; i += 1) deep = [deep];
  assert.equal(isJson(deep), true);
  assert.equal(isJson([deep]), false);
  for (const bad of [undefined, Number.NaN, Infinity, 1n, () => 0, Symbol('x'), { a: undefined }]) {
    assert.equal(isJson(bad), false);
  }
});

test('[CANON6] a key is Kind/namespace/name, with the default namespace where one is needed', () => {
  const keyOf = (kind: Json, metadata: Json) => resourceKeyOf({ kind, metadata });
  assert.equal(keyOf('Gateway', { name: 'edge', namespace: 'shop' }), 'Gateway/shop/edge');
  assert.equal(keyOf('Gateway', { name: 'edge' }), 'Gateway/default/edge');
  assert.equal(keyOf('Gateway', { name: 'edge', namespace: '' }), 'Gateway/default/edge');
  assert.equal(keyOf('Namespace', { name: 'shop', namespace: 'x' }), 'Namespace//shop');
  for (const [kind, metadata] of [
    ['', { name: 'a' }],
    [7, { name: 'a' }],
    ['Gateway', {}],
    ['Gateway', null],
    ['Gateway', { name: '' }],
    ['Gateway', { name: 'a/b' }],
    ['Gateway', { name: 'a', namespace: 'b/c' }],
    ['Gateway', { name: 'a', namespace: 7 }],
  ] satisfies [Json, Json][]) {
    assert.equal(keyOf(kind, metadata), null);
  }
});
