import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alsoSet } from '../../../../renderer/config/form/also-set.ts';

test('[UIFORM8] what the form does not show is named', () => {
  const body = {
    apiVersion: 'v1',
    kind: 'Gateway',
    metadata: { name: 'a', labels: { team: 'x' } },
    spec: { gatewayClassName: 'holdfast', listeners: [], addresses: [], 'odd-one': 1 },
    extra: true,
  };
  assert.deepEqual(alsoSet('Gateway', body), [
    'extra',
    'metadata.labels',
    'spec.addresses',
    'spec.odd-one',
  ]);
  assert.deepEqual(alsoSet('Namespace', { metadata: { labels: {} } }), []);
});
