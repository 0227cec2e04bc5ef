import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../core/config/canonical.ts';
import { changedInWords } from '../../../core/config/changed-in-words.ts';
import {
  DIFF_FIELDS_PER_RESOURCE_MAX,
  DIFF_FIELDS_TOTAL_MAX,
  diffConfigs,
  type UnforcedSides,
} from '../../../core/config/diff-config.ts';
import { diffJson, FIELD_VALUE_CHARS_MAX } from '../../../core/config/diff-json.ts';
import type { ResourceKey } from '../../../core/config/ids.ts';
import { joinDocuments, parseConfig } from '../../../core/gateway/parse-config.ts';
import { jsonArbitrary } from './config-arbitraries.ts';

const service = (name: string, port: number, metadata = '') => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
${metadata}spec:
  ports:
    - port: ${port}
`;
const foreign = (colour: string) => `apiVersion: example.org/v1
kind: Widget
metadata:
  name: w
colour: ${colour}
`;

function diff(from: readonly string[], to: readonly string[]) {
  return diffConfigs(parseConfig(joinDocuments(from)), parseConfig(joinDocuments(to)));
}

test('[DIFF1] resources are told as added, removed, changed or changed in text only', () => {
  const changes = diff(
    [
      service('same', 1),
      service('gone', 1),
      service('moved', 1),
      service('talk', 1),
      foreign('red'),
    ],
    [
      service('new', 1),
      service('same', 1),
      service('moved', 2),
      `# hi\n${service('talk', 1)}`,
      foreign('blue'),
    ],
  );
  assert.deepEqual(changes, [
    { key: 'Service/default/new', change: 'added', fields: [] },
    {
      key: 'Service/default/moved',
      change: 'changed',
      fields: [{ pointer: '/spec/ports/0/port', before: '1', after: '2' }],
    },
    { key: 'Service/default/talk', change: 'text-only', fields: [] },
    { key: 'example.org/v1!Widget//w', change: 'text-only', fields: [] },
    { key: 'Service/default/gone', change: 'removed', fields: [] },
  ]);
  assert.deepEqual(
    diff([service('a', 1), service('b', 1)], [service('b', 1), service('a', 1)]),
    [],
  );
});

test('[DIFF2] a creationTimestamp that one side leaves to publishing is no change', () => {
  const at = (time: string) => service('a', 1, `  creationTimestamp: "${time}"\n`);
  const plain = service('a', 1);
  const changeOf = (from: string, to: string) => diff([from], [to])[0]?.change;
  assert.equal(changeOf(plain, at('2020-01-01T00:00:00Z')), 'text-only');
  assert.equal(changeOf(at('2020-01-01T00:00:00Z'), plain), 'text-only');
  assert.equal(changeOf(at('2020-01-01T00:00:00Z'), at('2021-01-01T00:00:00Z')), 'changed');
});

test('[DIFF3] a diff is bounded in fields, in all and of each resource, and in length of values', () => {
  const wide = (n: number, value: string) =>
    service(
      `s${n}`,
      1,
      `  annotations:\n${Array.from({ length: 80 }, (_, i) => `    k${i}: ${value}\n`).join('')}`,
    );
  const count = 120;
  const before = Array.from({ length: count }, (_, n) => wide(n, 'a'));
  const after = Array.from({ length: count }, (_, n) => wide(n, 'b'.repeat(600)));
  const changes = diff(before, after);
  assert.equal(changes.length, count);
  assert.ok(changes.every(({ change }) => change === 'changed'));
  assert.equal(changes[0]?.fields.length, DIFF_FIELDS_PER_RESOURCE_MAX);
  assert.equal(
    changes.reduce((sum, { fields }) => sum + fields.length, 0),
    DIFF_FIELDS_TOTAL_MAX,
  );
  assert.equal(changes[0]?.fields[0]?.after?.length, FIELD_VALUE_CHARS_MAX + 1);
});

test('[DIFF4] one inserted, removed or renamed array item is one change', () => {
  const paths = (before: readonly string[], after: readonly string[]) =>
    diffJson(before, after, 50).map(({ pointer, before: b, after: a }) => [pointer, b, a]);
  assert.deepEqual(paths(['a', 'b', 'c'], ['x', 'a', 'b', 'c']), [['/0', null, '"x"']]);
  assert.deepEqual(paths(['a', 'b', 'c'], ['a', 'c']), [['/1', '"b"', null]]);
  const listener = (name: string, port: number) => ({ name, port });
  assert.deepEqual(
    diffJson([listener('a', 1), listener('b', 2)], [listener('c', 3), listener('b', 4)], 50),
    [
      { pointer: '/0', before: '{"name":"a","port":1}', after: null },
      { pointer: '/0', before: null, after: '{"name":"c","port":3}' },
      { pointer: '/1/port', before: '2', after: '4' },
    ],
  );
  assert.deepEqual(
    diffJson([listener('a', 1), listener('b', 2)], [listener('b', 2), listener('a', 1)], 50),
    [{ pointer: '', before: '["a","b"]', after: '["b","a"]' }],
  );
  assert.deepEqual(diffJson({ 'a/b~c': 1 }, {}, 50)[0]?.pointer, '/a~1b~0c');
});

test('[DIFF5] there are field changes exactly when the values differ', () => {
  fc.assert(
    fc.property(jsonArbitrary, jsonArbitrary, (a, b) => {
      assert.equal(diffJson(a, b, 50).length === 0, canonicalJson(a) === canonicalJson(b));
      assert.deepEqual(diffJson(a, a, 50), []);
    }),
  );
});

test('[DIFF6] a resource that only one side has in force is changed, and both ways it is said', () => {
  const key = 'Service/default/a' as ResourceKey;
  const [none, one] = [new Set<ResourceKey>(), new Set([key])];
  const changes = (from: string, to: string, sides: UnforcedSides) =>
    diffConfigs(parseConfig(from), parseConfig(to), sides);
  const [old, now] = [service('a', 1), service('a', 2)];
  assert.deepEqual(changes(old, old, { from: one, to: none }), [
    { key, change: 'changed', fields: [], inForce: 'begins' },
  ]);
  assert.equal(changes(old, old, { from: none, to: one })[0]?.inForce, 'ends');
  assert.equal(changes(old, now, { from: one, to: none })[0]?.fields.length, 1);
  assert.deepEqual(changes(old, now, { from: one, to: one }), [
    { key, change: 'text-only', fields: [] },
  ]);
  assert.deepEqual(changes(old, old, { from: one, to: one }), []);
});

test('[DIFF7] what changed and what is gone are counted in words', () => {
  assert.equal(changedInWords(3, 0), '3 resources changed');
  assert.equal(changedInWords(1, 0), '1 resource changed');
  assert.equal(changedInWords(1_086, 1_086), '1,086 resources removed');
  assert.equal(changedInWords(3, 1), '2 changed, 1 removed');
  assert.equal(changedInWords(0, 0), '0 resources changed');
});
