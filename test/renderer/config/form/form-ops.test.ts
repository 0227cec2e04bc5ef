import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editDocument } from '../../../../core/gateway/edit/edit-document.ts';
import type { EditOp } from '../../../../core/gateway/edit/edit-op.ts';
import { applyTextEdits } from '../../../../core/gateway/edit/text-edits.ts';
import type { Json } from '../../../../core/gateway/json.ts';
import {
  addItem,
  listOf,
  moveItem,
  numberOrText,
  removeItem,
  renameMember,
  setScalars,
  setValue,
  splitScalars,
  valueAt,
} from '../../../../renderer/config/form/form-ops.ts';
import { readYaml } from './read-body.ts';

const SOURCE = `# kept
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: checkout, namespace: shop}
spec:
  hostnames: # ours
    - shop.example.com
    - "*.shop.example.com"
  rules:
    # the canary
    - matches:
        - path: {type: PathPrefix, value: /checkout}
      backendRefs:
        - name: cart-v1
          port: 8080
          weight: 75 # most
        - {name: cart-v2, port: 8080, weight: 25}
    - name: rest
      backendRefs: [{name: cart-v1, port: 8080}]
`;

function edited(source: string, ops: readonly EditOp[]): string {
  const edits = editDocument(source, ops);
  assert.ok(edits.ok, JSON.stringify(edits));
  return applyTextEdits(source, edits.value);
}

const LISTS = [
  '/spec/hostnames',
  '/spec/rules',
  '/spec/rules/0/backendRefs',
  '/spec/rules/0/matches',
];
const SCALARS = [
  '/spec/rules/0/matches/0/path/value',
  '/spec/rules/1/name',
  '/spec/rules/0/backendRefs/1/weight',
];

test('[UIFORM5] a field that is left as it was changes nothing', () => {
  const body = readYaml(SOURCE);
  for (const pointer of SCALARS) {
    assert.deepEqual(setValue(body, pointer, valueAt(body, pointer)), []);
  }
  assert.deepEqual(setScalars(body, '/spec/hostnames', listOf(body, '/spec/hostnames')), []);
  assert.deepEqual(setValue(body, '/spec/nowhere', undefined), []);
  for (const pointer of LISTS) {
    assert.deepEqual(moveItem(body, pointer, 0, 0), []);
    assert.deepEqual(moveItem(body, pointer, 0, 99), []);
    assert.deepEqual(removeItem(body, pointer, 99), []);
  }
});

/** One thing that a person does, on the plain data: what the text must come to say. */
interface Deed {
  readonly ops: (body: Json) => readonly EditOp[];
  readonly expected: (list: Json[]) => Json[];
  readonly list: string;
}

const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc
    .record({
      list: fc.constantFrom(...LISTS.slice(0, 1)),
      value: fc.constantFrom('a.example', 'b.example'),
    })
    .map(
      ({ list, value }): Deed => ({
        list,
        ops: (body) => addItem(body, list, value),
        expected: (items) => [...items, value],
      }),
    ),
  fc
    .record({
      at: fc.nat(3),
      to: fc.nat(3),
      list: fc.constantFrom('/spec/hostnames', '/spec/rules'),
    })
    .map(
      ({ at, to, list }): Deed => ({
        list,
        ops: (body) => moveItem(body, list, at, to),
        expected: (items) => {
          if (at >= items.length || to >= items.length) return items;
          const rest = items.filter((_, each) => each !== at);
          rest.splice(to, 0, items[at] ?? null);
          return rest;
        },
      }),
    ),
  fc
    .array(fc.constantFrom('a.example', 'b.example', 'c.example'), { minLength: 1, maxLength: 4 })
    .map(
      (hosts): Deed => ({
        list: '/spec/hostnames',
        ops: (body) => setScalars(body, '/spec/hostnames', hosts),
        expected: () => hosts,
      }),
    ),
  fc.nat(3).map(
    (at): Deed => ({
      list: '/spec/hostnames',
      ops: (body) => removeItem(body, '/spec/hostnames', at),
      expected: (items) => items.filter((_, each) => each !== at),
    }),
  ),
);

test('[UIFORM5] whatever is done in a form, the text comes to say just that', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 8 }), (deeds) => {
      let source = SOURCE;
      for (const { ops, expected, list } of deeds) {
        const body = readYaml(source);
        const wanted = expected([...listOf(body, list)]);
        source = edited(source, ops(body));
        assert.deepEqual(listOf(readYaml(source), list), wanted);
      }
      assert.ok(source.startsWith('# kept\n'));
    }),
    { numRuns: 60 },
  );
});

test('[UIFORM5] what is typed becomes a number where it is one, and is never lost', () => {
  assert.equal(numberOrText(' 80 '), 80);
  assert.equal(numberOrText('80x'), '80x');
  assert.equal(numberOrText(''), undefined);
  assert.deepEqual(splitScalars('a, b\n,c ,'), ['a', 'b', 'c']);
});

test('[UIFORM5] a member of a map is renamed with its value, never onto another', () => {
  const body: Json = { labels: { a: '1', b: '2' } };
  assert.deepEqual(renameMember(body, '/labels', 'a', 'c'), [
    { op: 'remove', pointer: '/labels/a' },
    { op: 'set', pointer: '/labels/c', value: '1' },
  ]);
  assert.deepEqual(renameMember(body, '/labels', 'a', 'b'), []);
});
