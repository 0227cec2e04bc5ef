import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pointerSteps } from '../../../../core/gateway/json.ts';
import { KIND_NAMES, type KnownKind, shapeOf } from '../../../../core/gateway/kinds.ts';
import { schemaAtSteps } from '../../../../core/gateway/schema/schema-at.ts';
import type { Shape } from '../../../../core/gateway/shape.ts';

const schemaAt = (kind: KnownKind, pointer: string) => schemaAtSteps(kind, pointerSteps(pointer));

/** Written by clusters, or kept without a look: nobody is told about them. */
const OPAQUE = new Set([
  'status',
  'uid',
  'resourceVersion',
  'generation',
  'generateName',
  'selfLink',
  'managedFields',
  'ownerReferences',
  'finalizers',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

function silentFields(shape: Shape, place: string): string[] {
  if (shape.type === 'list') return silentFields(shape.item, `${place}[]`);
  if (shape.type === 'map') return silentFields(shape.value, `${place}{}`);
  if (shape.type !== 'object') return [];
  return Object.entries(shape.fields).flatMap(([name, field]) => [
    ...(field.doc === undefined && !OPAQUE.has(name) ? [`${place}.${name}`] : []),
    ...silentFields(field, `${place}.${name}`),
  ]);
}

function sentences(shape: Shape): string[] {
  const own = shape.doc === undefined ? [] : [shape.doc];
  if (shape.type === 'list') return [...own, ...sentences(shape.item)];
  if (shape.type === 'map') return [...own, ...sentences(shape.value)];
  if (shape.type !== 'object') return own;
  return [...own, ...Object.values(shape.fields).flatMap(sentences)];
}

test('[SCHEMA1] every field of every kind has a sentence, but those that clusters write', () => {
  for (const kind of KIND_NAMES) {
    assert.deepEqual(silentFields(shapeOf(kind), kind), []);
    assert.notEqual(schemaAt(kind, '')?.doc ?? '', '');
    for (const sentence of sentences(shapeOf(kind))) {
      assert.match(sentence, /^[^\s].*\.$/);
      assert.ok(!sentence.includes('!') && sentence.length <= 160, sentence);
    }
  }
});

test('[SCHEMA2] a pointer leads to sentence, type, choices, default and need', () => {
  const code = schemaAt('HTTPRoute', '/spec/rules/0/filters/2/requestRedirect/statusCode');
  assert.deepEqual(code?.choices, ['301', '302', '303', '307', '308']);
  assert.equal(code?.default, '302');
  assert.equal(code?.isRequired, false);
  const name = schemaAt('Gateway', '/spec/listeners/1/name');
  assert.equal(name?.type, 'a name');
  assert.equal(name?.isRequired, true);
  assert.equal(name?.default, null);
  const weight = schemaAt('HTTPRoute', '/spec/rules/0/backendRefs/0/weight');
  assert.equal(weight?.type, 'a whole number, 0 to 1000000');
  assert.equal(weight?.default, '1');
  const listeners = schemaAt('Gateway', '/spec/listeners');
  assert.equal(listeners?.type, 'a list of 1 to 64 maps');
  assert.deepEqual(
    listeners?.fields.map((field) => field.name),
    ['name', 'port', 'protocol', 'hostname', 'tls', 'allowedRoutes'],
  );
  assert.equal(schemaAt('HTTPRoute', '/metadata/labels/team')?.type, 'text');
  assert.equal(schemaAt('FeatureFlag', '/spec/mode')?.isRequired, true);
  for (const pointer of ['/nowhere', '/spec/rules/x', '/spec/rules/0/name/more', '/constructor']) {
    assert.equal(schemaAt('HTTPRoute', pointer), null);
  }
});
