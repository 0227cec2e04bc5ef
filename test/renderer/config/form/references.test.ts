import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FormReferences } from '../../../../renderer/config/form/form-model.ts';
import {
  newBackend,
  referenceNote,
  referenceOptions,
  referenceText,
  setBackend,
} from '../../../../renderer/config/form/references.ts';

const REFERENCES: FormReferences = {
  gateways: [],
  backends: [
    { kind: 'Service', namespace: 'shop', name: 'cart', ports: [8080] },
    { kind: 'Backend', namespace: 'shop', name: 'erp', ports: [443] },
    { kind: 'Service', namespace: 'billing', name: 'pay', ports: [80, 81] },
  ],
  routes: [],
  flags: [],
  namespaces: ['shop', 'billing'],
  cells: [],
};
const context = { references: REFERENCES, here: 'shop' };

test('[UIFORM6] a picker offers this namespace first, and says what a reference needs', () => {
  assert.deepEqual(referenceOptions(REFERENCES.backends, 'shop'), ['cart', 'erp', 'billing/pay']);
  const needs = { noun: 'Service', grant: true };
  assert.equal(
    referenceNote(REFERENCES.backends, { name: 'nowhere' }, 'shop', needs),
    'No Service nowhere exists in shop.',
  );
  assert.equal(
    referenceNote(REFERENCES.backends, { name: 'pay', namespace: 'billing' }, 'shop', needs),
    'Lies in billing: needs a ReferenceGrant there.',
  );
  assert.equal(referenceNote(REFERENCES.backends, { name: 'cart' }, 'shop', needs), '');
  assert.equal(referenceText({ name: 'pay', namespace: 'billing' }), 'billing/pay');
});

test('[UIFORM6] another backend brings its namespace, kind and port along', () => {
  const body = { ref: { name: 'cart', port: 8080 } };
  assert.deepEqual(setBackend(body, '/ref', 'cart', context), []);
  assert.deepEqual(setBackend(body, '/ref', 'erp', context), [
    { op: 'set', pointer: '/ref/name', value: 'erp' },
    { op: 'set', pointer: '/ref/group', value: 'holdfast.dev' },
    { op: 'set', pointer: '/ref/kind', value: 'Backend' },
    { op: 'remove', pointer: '/ref/port' },
  ]);
  assert.deepEqual(setBackend(body, '/ref', 'billing/pay', context), [
    { op: 'set', pointer: '/ref/name', value: 'pay' },
    { op: 'set', pointer: '/ref/namespace', value: 'billing' },
    { op: 'set', pointer: '/ref/port', value: 80 },
  ]);
  assert.deepEqual(setBackend(body, '/ref', 'nowhere', context), [
    { op: 'set', pointer: '/ref/name', value: 'nowhere' },
  ]);
  assert.deepEqual(newBackend(REFERENCES, 'shop'), { name: 'cart', port: 8080 });
});
