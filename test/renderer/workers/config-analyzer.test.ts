import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConfigAnalyzer } from '../../../renderer/workers/config-analyzer.ts';

const ROUTE = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: checkout, namespace: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: [shop.example.com]
  rules:
  - matches: [{path: {type: PathPrefix, value: /checkout}}]
    backendRefs: [{name: cart, port: 8080}]
`;
const UNKNOWN = `apiVersion: example.com/v1
kind: Widget
metadata: {name: kept, namespace: shop}
`;

test('[UICHECK1] a document is found by its name, host, path and backend, and by nothing else', () => {
  const { documents } = createConfigAnalyzer().analyze(ROUTE);
  const searchText = documents[0]?.searchText ?? '';
  for (const word of ['checkout', 'shop.example.com', '/checkout', 'cart']) {
    assert.ok(searchText.includes(word), word);
  }
  assert.ok(!searchText.includes('pathprefix'));
});

test('[UICHECK2] problems are counted at the document that they lie in', () => {
  const { documents, problems } = createConfigAnalyzer().analyze(`${UNKNOWN}---\n${ROUTE}`);
  assert.ok(problems.some((problem) => problem.severity === 'error'));
  assert.equal(documents[0]?.errors, 0);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  assert.equal(documents[1]?.errors, errors);
});

test('[UICHECK3] changes are told against the head that was set last', () => {
  const analyzer = createConfigAnalyzer();
  analyzer.setReference('head', ROUTE);
  assert.deepEqual(analyzer.analyze(ROUTE).changes, []);
  assert.equal(analyzer.analyze(ROUTE).sameAsHead, true);
  const changed = analyzer.analyze(ROUTE.replace('/checkout', '/pay'));
  assert.deepEqual(
    changed.changes.map(({ key, change }) => ({ key, change })),
    [{ key: 'HTTPRoute/shop/checkout', change: 'changed' }],
  );
  analyzer.setReference('head', '');
  assert.equal(analyzer.analyze(ROUTE).changes[0]?.change, 'added');
});

test('[UICHECK4] divergence is told only when base and head differ', () => {
  const analyzer = createConfigAnalyzer();
  analyzer.setReference('head', ROUTE);
  analyzer.setReference('base', ROUTE);
  assert.equal(analyzer.analyze(ROUTE).divergence, null);
  analyzer.setReference('base', ROUTE.replace('/checkout', '/old'));
  const { divergence } = analyzer.analyze(ROUTE.replace('/checkout', '/mine'));
  assert.deepEqual(divergence?.overlapping, ['HTTPRoute/shop/checkout']);
  const unreadable = analyzer.analyze(`${ROUTE}---\n[`).divergence;
  assert.equal(unreadable?.unclear.length, 1);
});

test('[UICHECK5] a preview counts what is known, names what is not, and refuses what is binary', () => {
  const analyzer = createConfigAnalyzer();
  const preview = analyzer.preview(`${ROUTE}---\n${UNKNOWN}`, '');
  assert.equal(preview.resources, 1);
  assert.equal(preview.unknown, 1);
  assert.deepEqual(preview.unknownKinds, ['Widget']);
  assert.equal(analyzer.preview(`${ROUTE}---\n[`, '').unreadable, 1);
  const binary = analyzer.preview('\u0000\u0001\u0002PK', '');
  assert.equal(binary.resources + binary.unknown + binary.unreadable, 0);
  assert.notEqual(binary.firstError, null);
});
