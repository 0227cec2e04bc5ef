import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../../../../core/gateway/parse-config.ts';
import { NEW_KINDS } from '../../../../core/gateway/schema/resource-skeletons.ts';
import { complete, head, NAMES } from './complete.ts';

const ROUTE = head('HTTPRoute');

test('[SCHEMA3] a key completes to the fields that are not there yet, required ones first', () => {
  const listener = complete(
    `${head('Gateway')}spec:\n  listeners:\n    - hostname: a.example\n      ¦\n      port: 80\n`,
  );
  assert.deepEqual(listener.labels, ['name', 'protocol', 'tls', 'allowedRoutes']);
  assert.equal(listener.found[0]?.detail, 'required, a name');
  assert.match(listener.found[0]?.doc ?? '', /listener/);
  const spec = complete(`${ROUTE}spec:\n  ho¦`);
  assert.deepEqual(spec.labels, ['parentRefs', 'useDefaultGateways', 'hostnames', 'rules']);
  assert.equal(spec.take('hostnames'), `${ROUTE}spec:\n  hostnames:\n    - ¦`);
  assert.equal(spec.take('parentRefs'), `${ROUTE}spec:\n  parentRefs:\n    - name: ¦`);
  assert.deepEqual(complete(`${ROUTE}¦`).labels, ['spec']);
  assert.equal(complete(`${ROUTE}¦`).take('spec'), `${ROUTE}spec:\n  ¦`);
});

test('[SCHEMA3] a key that has its colon is replaced alone', () => {
  const marked = `${ROUTE}spec:\n  ho¦st: []\n`;
  assert.equal(complete(marked).take('hostnames'), `${ROUTE}spec:\n  hostnames¦: []\n`);
});

test('[SCHEMA3] what clusters write is not offered', () => {
  const { labels } = complete('apiVersion: v1\nkind: Service\nmetadata:\n  ¦\n');
  assert.deepEqual(labels, ['name', 'namespace', 'labels', 'annotations', 'creationTimestamp']);
});

test('[SCHEMA4] choices and truth values complete, quoted where YAML would misread them', () => {
  const flag = head('FeatureFlag', 'holdfast.dev/v1alpha1');
  assert.deepEqual(complete(`${flag}spec:\n  mode: ¦`).labels, ['On', 'Off', 'Conditional']);
  assert.equal(complete(`${flag}spec:\n  mode: O¦`).take('Off'), `${flag}spec:\n  mode: "Off"¦`);
  assert.equal(
    complete(`${flag}spec:\n  mode:¦`).take('Conditional'),
    `${flag}spec:\n  mode: Conditional¦`,
  );
  const cors = `${ROUTE}spec:\n  rules:\n    - filters:\n        - type: CORS\n          cors:\n            `;
  assert.deepEqual(complete(`${cors}allowCredentials: ¦`).labels, ['true', 'false']);
  const methods = complete(`${cors}allowMethods:\n              - GET\n              - ¦`);
  assert.ok(methods.labels.includes('POST'));
  const another = complete(`${cors}allowMethods:\n              - GET\n              ¦`);
  assert.ok(!another.labels.includes('GET'));
  assert.match(another.take('POST'), /- GET\n {14}- POST¦$/);
  const code = complete(
    `${ROUTE}spec:\n  rules:\n    - filters:\n        - requestRedirect: {statusCode: ¦}`,
  );
  assert.deepEqual(code.labels, ['301', '302', '303', '307', '308']);
  assert.match(code.take('308'), /\{statusCode: 308¦\}$/);
});

test('[SCHEMA4] apiVersion and kind complete each other', () => {
  const kinds = complete('apiVersion: holdfast.dev/v1alpha1\nkind: ¦\n');
  assert.deepEqual(kinds.labels, [
    'Backend',
    'TrafficPolicy',
    'AuthPolicy',
    'FeatureFlag',
    'RequestSuite',
  ]);
  assert.deepEqual(complete('apiVersion: ¦\nkind: Service\n').labels, ['v1']);
  assert.equal(complete('apiVersion: ¦\n').labels.length, 4);
});

test('[SCHEMA5] an empty document completes to one of each kind that needs no mending', () => {
  for (const marked of ['¦', '# a comment\n¦', '\n¦\n', 'HTTP¦']) {
    const empty = complete(marked, NAMES);
    assert.deepEqual(empty.labels.slice(0, NEW_KINDS.length), [...NEW_KINDS]);
    assert.ok(empty.labels.includes('apiVersion'));
    for (const kind of NEW_KINDS) {
      const text = empty.take(kind);
      assert.match(text, new RegExp(`name: ${kind.toLowerCase()}¦\n`));
      const { documents } = parseConfig(text.replace('¦', ''));
      assert.deepEqual(
        documents.map((document) => document.kind),
        [kind],
      );
    }
  }
  assert.deepEqual(complete('apiVersion: v1\nki¦').labels, ['kind', 'metadata', 'spec']);
});

test('[SCHEMA6] an item of a list begins with its dash', () => {
  const rule = `${ROUTE}spec:\n  rules:\n    - name: one\n`;
  assert.equal(complete(`${rule}    ¦`).take('matches'), `${rule}    - matches:\n        - ¦`);
  assert.ok(complete(`${rule}    - ¦`).labels.includes('name'));
  assert.equal(complete(`${rule}    -¦`).take('name'), `${rule}    - name: ¦`);
  assert.ok(!complete(`${rule}      ¦`).labels.includes('name'));
  assert.equal(
    complete(`${ROUTE}spec:\n  rules:\n    ¦`).take('name'),
    `${ROUTE}spec:\n  rules:\n    - name: ¦`,
  );
  const flush = `${ROUTE}spec:\n  rules:\n  - name: one\n`;
  const both = complete(`${flush}  ¦`);
  assert.equal(both.take('hostnames'), `${flush}  hostnames:\n    - ¦`);
  assert.equal(both.take('timeouts'), `${flush}  - timeouts:\n      ¦`);
});

test('[SCHEMA7] flow style completes too, closed or not', () => {
  const rules = `${ROUTE}spec:\n  rules:\n    - backendRefs: [{name: cart, ¦`;
  const open = complete(rules, NAMES);
  assert.deepEqual(open.labels, ['group', 'kind', 'namespace', 'port', 'weight', 'filters']);
  assert.equal(open.take('weight'), rules.replace('¦', 'weight: ¦'));
  const before = complete(`${ROUTE}spec:\n  rules:\n    - backendRefs: [{¦}]\n      name: x\n`);
  assert.equal(before.labels[0], 'name');
  assert.match(before.take('filters'), /\[\{filters: \[¦\]\}\]/);
  const json =
    '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"},\n "spec": {"ports": [{"po¦"}]}}';
  assert.ok(complete(json).labels.includes('port'));
  const unclosed = complete(`${ROUTE}spec:\n  hostnames: [a.example\n  ru¦`);
  assert.ok(unclosed.labels.includes('rules'));
});

test('[SCHEMA8] text that does not parse completes, and a comment or block text does not', () => {
  const broken = `${ROUTE}spec:\n  rules:\n    - name: "unclosed\n      matches:\n        - path: {type: Exact\n          me¦\n    - x: [}\n`;
  assert.ok(complete(broken).labels.includes('method'));
  assert.deepEqual(complete(`${ROUTE}spec: # ru¦`).labels, []);
  assert.deepEqual(
    complete(`${ROUTE}  annotations:\n    note: |\n      spec\n      ru¦`).labels,
    [],
  );
  assert.deepEqual(complete('apiVersion: x/v1\nkind: Other\nspec:\n  ¦').labels, []);
});

test('[SCHEMA9] names of Gateways and listeners complete', () => {
  const parent = `${ROUTE}spec:\n  parentRefs:\n    - `;
  const name = complete(`${parent}name: ¦`, NAMES);
  assert.deepEqual(name.labels, ['inner', 'platform/public']);
  assert.equal(name.take('inner'), `${parent}name: inner¦`);
  assert.equal(name.take('platform/public'), `${parent}name: public\n      namespace: platform¦`);
  const given = complete(`${parent}namespace: platform\n      name: ¦`, NAMES);
  assert.deepEqual(given.labels, ['public']);
  const section = `name: public\n      namespace: platform\n      `;
  assert.deepEqual(complete(`${parent}${section}sectionName: ¦`, NAMES).labels, ['http', 'https']);
  assert.deepEqual(complete(`${parent}${section}port: 4¦`, NAMES).labels, ['80', '443']);
  assert.deepEqual(complete(`${parent}namespace: ¦`, NAMES).labels, NAMES.namespaces);
});

test('[SCHEMA9] names of backends complete with what makes them whole', () => {
  const backend = `${ROUTE}spec:\n  rules:\n    - backendRefs:\n        - `;
  const name = complete(`${backend}name: ¦`, NAMES);
  assert.deepEqual(name.labels, ['cart', 'web', 'legacy', 'checkout/pay']);
  assert.equal(name.take('cart'), `${backend}name: cart\n          port: 8080¦`);
  assert.equal(name.take('web'), `${backend}name: web¦`);
  assert.equal(
    name.take('legacy'),
    `${backend}name: legacy\n          group: holdfast.dev\n          kind: Backend¦`,
  );
  const flow = complete(`${ROUTE}spec:\n  rules:\n    - backendRefs: [{name: p¦}]\n`, NAMES);
  assert.match(flow.take('checkout/pay'), /\[\{name: pay, namespace: checkout, port: 9000¦\}\]/);
  assert.deepEqual(complete(`${backend}name: web\n          port: ¦`, NAMES).labels, ['80', '443']);
});

test('[SCHEMA9] targets of policies, flags, cells and expectations complete', () => {
  const policy = `${head('TrafficPolicy', 'holdfast.dev/v1alpha1')}spec:\n  targetRefs:\n    - `;
  assert.deepEqual(complete(`${policy}name: ¦`, NAMES).labels, ['checkout', 'inner']);
  const route = `${policy}kind: HTTPRoute\n      name: checkout\n      `;
  assert.deepEqual(complete(`${route}sectionName: ¦`, NAMES).labels, ['pay', 'cart']);
  const filter = `${ROUTE}spec:\n  rules:\n    - filters:\n        - extensionRef: {name: ¦}\n`;
  assert.match(
    complete(filter, NAMES).take('new-cart'),
    /\{name: new-cart, group: holdfast\.dev, kind: FeatureFlag¦\}/,
  );
  const flag = `${head('FeatureFlag', 'holdfast.dev/v1alpha1')}spec:\n  when:\n    cells: [¦`;
  assert.deepEqual(complete(flag, NAMES).labels, NAMES.cells);
  const suite = `${head('RequestSuite', 'holdfast.dev/v1alpha1')}spec:\n  requests:\n    - expect: {backend: ¦`;
  assert.ok(complete(suite, NAMES).labels.includes('shop/cart'));
});
