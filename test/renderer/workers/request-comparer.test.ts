import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyTextEdits } from '../../../core/gateway/edit/text-edits.ts';
import { parseConfig } from '../../../core/gateway/parse-config.ts';
import { renameResource } from '../../../renderer/workers/rename-resource.ts';
import { createRequestComparer } from '../../../renderer/workers/request-comparer.ts';

function config(backend: string, suite = ''): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: shop}
spec:
  gatewayClassName: holdfast
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart, namespace: shop}
spec:
  parentRefs: [{name: edge}]
  hostnames: [shop.example]
  rules:
    - matches: [{path: {type: PathPrefix, value: /cart}}]
      backendRefs: [{name: ${backend}, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: v1, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: v2, namespace: shop}
spec: {ports: [{port: 80}]}
${suite}`;
}

const SUITE = `---
apiVersion: holdfast.dev/v1alpha1
kind: RequestSuite
metadata: {name: main, namespace: shop}
spec:
  requests:
    - {name: cart, method: GET, url: "http://shop.example/cart", expect: {backend: shop/v1}}
    - {name: other, method: GET, url: "http://shop.example/other"}
`;

test('[UIWORK18] without a suite, requests are made from the routes and said to be', () => {
  const comparison = createRequestComparer().compare(
    parseConfig(config('v1')),
    parseConfig(config('v2')),
  );
  assert.equal(comparison.from, 'derived');
  assert.ok(comparison.requests > 0);
  assert.equal(comparison.changed, comparison.requests);
  assert.match(comparison.listed[0]?.after ?? '', /v2/);
});

test('[UIWORK19] the suite of head and draft together is compared, the changed requests first', () => {
  const comparer = createRequestComparer();
  const draft = parseConfig(config('v2', SUITE));
  const comparison = comparer.compare(parseConfig(config('v1', SUITE)), draft);
  assert.equal(comparison.from, 'suite');
  assert.deepEqual([comparison.requests, comparison.changed, comparison.failing], [2, 1, 1]);
  assert.equal(comparison.listed[0]?.request.name, 'cart');
  // A request that the draft took out of the suite is still asked.
  const dropped = comparer.compare(parseConfig(config('v1', SUITE)), parseConfig(config('v2')));
  assert.equal(dropped.requests, 2);
});

test('[UIWORK20] what is explained can be sent to another thread', () => {
  const request = {
    method: 'GET',
    scheme: 'http' as const,
    host: 'shop.example',
    port: 80,
    path: '/cart/1',
    headers: {},
  };
  const explained = createRequestComparer().explain(
    parseConfig(config('v1')),
    parseConfig(config('v2')),
    request,
    { cell: '', atMs: 0 },
  );
  assert.deepEqual(structuredClone(explained), explained);
  assert.equal(explained.head?.outcome.backend, 'shop/v1:80');
  assert.equal(explained.draft.outcome.backend, 'shop/v2:80');
});

test('[UIWORK21] a resource is renamed with what refers to it, and never to a name that is taken', () => {
  const text = config('v1');
  const parsed = parseConfig(text);
  const renaming = renameResource(parsed, 'Service/shop/v1', 'v9');
  assert.ok(renaming.ok);
  assert.deepEqual(renaming.value.followed, ['HTTPRoute/shop/cart']);
  const sources = parsed.documents.map(({ source }) => source);
  for (const { index, edits } of renaming.value.edits) {
    sources[index] = applyTextEdits(sources[index] ?? '', edits);
  }
  assert.equal(parseConfig(sources.join('---\n')).problems.length, parsed.problems.length);
  assert.match(sources.join(''), /name: v9, port: 80/);
  assert.ok(!renameResource(parsed, 'Service/shop/v1', 'v2').ok);
});

test('[UIWORK27] a suite that expects a renamed backend, and a grant to it, follow and are named', () => {
  const grant = `---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: to-v1, namespace: shop}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: web}]
  to: [{group: "", kind: Service, name: v1}]
---
apiVersion: holdfast.dev/v1alpha1
kind: RequestSuite
metadata: {name: asked, namespace: shop}
spec:
  requests:
    - {name: a, url: "http://shop.example/cart", expect: {backend: shop/v1}}
`;
  const parsed = parseConfig(config('v1') + grant);
  const renaming = renameResource(parsed, 'Service/shop/v1', 'v9');
  assert.ok(renaming.ok);
  const { followed, edits } = renaming.value;
  assert.ok(followed.includes('ReferenceGrant/shop/to-v1'));
  assert.ok(followed.includes('RequestSuite/shop/asked'));
  const suite = parsed.documents.findIndex(({ kind }) => kind === 'RequestSuite');
  const inside = edits.find(({ index }) => index === suite)?.edits ?? [];
  assert.match(applyTextEdits(parsed.documents[suite]?.source ?? '', inside), /backend: shop\/v9/);
});
