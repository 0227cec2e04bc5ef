import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildDocuments } from '../../../core/config/build-documents.ts';
import { diffConfigs } from '../../../core/config/diff-config.ts';
import type { ResourceKey, Revision } from '../../../core/config/ids.ts';
import { parseConfig } from '../../../core/gateway/parse-config.ts';
import { CAPABILITIES, configText, nodeId, World } from './world.ts';

const BY = { message: 'test', actor: 'tester' };

test('[PUB1] a text with errors is refused with its problems, and nothing changes', () => {
  const world = new World();
  const refusal = world.refusal({ method: 'publish', text: 'kind: [', base: null, ...BY });
  assert.equal(refusal.reason, 'invalid-config');
  assert.ok((refusal.problems ?? []).some((problem) => problem.severity === 'error'));
  assert.equal(world.store.head(), null);
});

test('[PUB2] a text based on an older head is refused, and what changed in between is named', () => {
  const world = new World();
  world.publish(configText([80, 81]));
  world.publish(configText([80, 82, 83]));
  const text = configText([79, 81]);
  const refusal = world.refusal({ method: 'publish', text, base: 1 as Revision, ...BY });
  assert.equal(refusal.reason, 'conflict');
  assert.equal(refusal.head, 2);
  assert.deepEqual([...(refusal.resources ?? [])].sort(), [
    'Service/shop/backend-1',
    'Service/shop/backend-2',
  ]);
  assert.equal(world.store.head()?.revision, 2);
});

test('[PUB3] the text of the head is nothing to publish; a comment is', () => {
  const world = new World();
  const { record, text } = world.publish(configText([80, 81]));
  const again = { method: 'publish', text, base: record.revision, ...BY } as const;
  assert.equal(world.refusal(again).reason, 'nothing-to-publish');
  const commented = world.publish(configText([80, 81], '# note\n'));
  assert.equal(commented.record.rootHash, record.rootHash);
  assert.equal(commented.record.changed, 0);
});

test('[PUB4] rolling back makes a new revision of the old documents, to the byte', () => {
  const world = new World();
  const first = world.publish(configText([80, 81], '# first\n'));
  world.advanceMs(5_000);
  world.publish(configText([90]));
  world.advanceMs(5_000);
  const to = first.record.revision;
  const rolled = world.request({ method: 'rollback', to, ...BY });
  assert.equal(rolled.record.revision, 3);
  assert.equal(rolled.record.rootHash, first.record.rootHash);
  assert.equal(rolled.text, first.text);
  assert.deepEqual(rolled.record.origin, { kind: 'rollback', of: 1 });
  const again = { method: 'rollback', to: 3 as Revision, ...BY } as const;
  assert.equal(world.refusal(again).reason, 'nothing-to-publish');
  const unknown = { method: 'rollback', to: 9 as Revision, ...BY } as const;
  assert.equal(world.refusal(unknown).reason, 'unknown-revision');
});

test('[PUB5] a resource keeps the creation timestamp of its first publish', () => {
  const world = new World();
  world.publish(configText([80, 81]));
  const before = world.store.manifest(1 as Revision);
  world.advanceMs(60_000);
  world.publish(configText([80, 82]));
  const after = world.store.manifest(2 as Revision);
  const [untouched, changed] = [...(after?.keys() ?? [])];
  assert.ok(untouched !== undefined && changed !== undefined);
  assert.equal(after?.get(untouched), before?.get(untouched));
  const stamp = (hash: string | undefined) =>
    JSON.parse(world.store.canonical(hash as never) ?? '{}').metadata.creationTimestamp;
  assert.equal(stamp(after?.get(changed)), stamp(before?.get(changed)));
});

test('[PUB6] history answers with records, texts and convergence; unknown revisions are refused', () => {
  const world = new World();
  const { text } = world.publish(configText([80]));
  world.publish(configText([81]));
  const list = world.request({ method: 'list-revisions', limit: 10 });
  assert.deepEqual(
    list.revisions.map(({ revision, convergence }) => [revision, convergence?.nodes]),
    [
      [2, 1],
      [1, 1],
    ],
  );
  const got = world.request({ method: 'get-revision', revision: 1 as Revision });
  assert.equal(got.text, text);
  const unknown = { method: 'get-revision', revision: 5 as Revision } as const;
  assert.equal(world.refusal(unknown).reason, 'unknown-revision');
  const audit = world.request({ method: 'get-audit', limit: 10 });
  assert.ok(audit.entries.some(({ actor }) => actor === 'tester'));
});

test('[BLAME6] blame is of the head unless a revision is named; unknown revisions are refused', () => {
  const world = new World();
  assert.deepEqual(world.request({ method: 'get-blame' }), { revision: null, resources: [] });
  const { record } = world.publish(configText([80, 81]));
  world.publish(configText([80, 82]));
  world.publish(configText([80, 82], '# why\n'));
  const { revision, resources } = world.request({ method: 'get-blame' });
  assert.equal(revision, 3);
  assert.deepEqual(
    resources.map(({ key, revision, author }) => [key, revision, author]),
    [
      ['Service/shop/backend-0', 1, 'tester'],
      ['Service/shop/backend-1', 2, 'tester'],
    ],
  );
  assert.equal(resources[0]?.atMs, record.createdAt / 1_000);
  const first = world.request({ method: 'get-blame', revision: 1 as Revision });
  assert.deepEqual(
    first.resources.map((touch) => touch.revision),
    [1, 1],
  );
  const unknown = { method: 'get-blame', revision: 9 as Revision } as const;
  assert.equal(world.refusal(unknown).reason, 'unknown-revision');
  const found = world.request({ method: 'list-revisions', limit: 10, search: 'backend-1' });
  assert.deepEqual(
    found.revisions.map((row) => row.revision),
    [3, 2, 1],
  );
});

test('[DRAFT7] a draft says what publishing it would send, to the byte', () => {
  const world = new World({ nodes: 3 });
  world.publish(configText([80, 81, 82]));
  const node = world.connect();
  node.ack();
  world.advanceMs(200);
  const text = configText([80, 99]);
  const { delta } = world.request({ method: 'check-draft', text });
  world.publish(text);
  const { body } = node.lastPush;
  assert.equal(body.type, 'delta');
  const bytes = JSON.stringify(body).length;
  assert.deepEqual([delta?.changed, delta?.removed, delta?.nodes], [1, 1, 3]);
  assert.equal(delta?.bytes, bytes);
  const full = world.connect(nodeId(1)).lastPush.body;
  assert.equal(full.type, 'full');
  assert.equal(delta?.fullBytes, JSON.stringify(full).length);
});

test('[DRAFT7] nothing is said to be sent of a draft that cannot be published', () => {
  const world = new World();
  assert.equal(world.request({ method: 'check-draft', text: 'kind: [' }).delta, null);
  const same = world.publish(configText([80])).text;
  const { delta } = world.request({ method: 'check-draft', text: `# a comment\n${same}` });
  assert.deepEqual([delta?.changed, delta?.removed], [0, 0]);
});

test('[DRAFT7] a RequestSuite alone is a revision that sends no resource', () => {
  const suite = `---
apiVersion: holdfast.dev/v1alpha1
kind: RequestSuite
metadata: {name: smoke, namespace: shop}
spec: {requests: [{name: front, url: "http://a.example/"}]}
`;
  const world = new World({ nodes: 2 });
  const before = world.publish(configText([80]));
  const node = world.connect();
  node.ack();
  world.advanceMs(200);
  const text = configText([80]) + suite;
  const { delta } = world.request({ method: 'check-draft', text });
  assert.deepEqual([delta?.changed, delta?.removed], [0, 0]);
  const { record, text: exported } = world.publish(text);
  assert.deepEqual([record.revision, record.changed], [2, 0]);
  assert.equal(record.rootHash, before.record.rootHash);
  assert.equal(exported, text);
  for (const one of [node, world.connect(nodeId(1))]) {
    assert.doesNotMatch(JSON.stringify(one.lastPush.body), /RequestSuite/);
  }
});

test('[INV1] the inventory keeps to its bound, and names that are not free are refused', () => {
  const world = new World({ nodes: 2 });
  const change = { method: 'change-inventory', actor: 'test' } as const;
  const cell = 'cell-a';
  const twice = { ...change, add: [{ nodeId: nodeId(0), cell }], retire: [] };
  assert.equal(world.refusal(twice).reason, 'bad-request');
  const unknown = { ...change, add: [], retire: [nodeId(7)] };
  assert.equal(world.refusal(unknown).reason, 'unknown-node');
  const many = Array.from({ length: 20_000 }, (_, i) => ({ nodeId: nodeId(i + 10), cell }));
  assert.equal(world.refusal({ ...change, add: many, retire: [] }).reason, 'inventory-limit');
  const before = world.belief().inventoryVersion;
  world.request({ ...change, add: [{ nodeId: nodeId(2), cell }], retire: [nodeId(0)] });
  assert.equal(world.belief().inventoryVersion, before + 1);
  assert.equal(world.belief().syncStatus.length, 2);
});

test('[DRAFT1] a draft names the nodes that lack a feature or the room for it', () => {
  const world = new World({ nodes: 3 });
  const route =
    'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: r\n  namespace: shop\n' +
    'spec:\n  parentRefs:\n    - name: gw\n  rules:\n    - filters:\n        - type: CORS\n          cors:\n' +
    '            allowOrigins: ["https://shop.example"]\n      backendRefs:\n        - name: backend-0\n          port: 80\n';
  const gateway =
    'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: gw\n  namespace: shop\n' +
    'spec:\n  gatewayClassName: holdfast\n  listeners:\n    - name: http\n      port: 80\n      protocol: HTTP\n';
  const text = `${gateway}---\n${route}---\n${configText([80])}`;
  const limits = { resourcesMax: 10_000, configBytesMax: 8_000_000 };
  const features = ['Gateway', 'HTTPRoute', 'HTTPRouteCORS'];
  const able = { agentVersion: '2.0.0', features, limits };
  world.connect(nodeId(0), { capabilities: able });
  world.connect(nodeId(1), {
    capabilities: { ...able, agentVersion: '1.0.0', features: ['Gateway', 'HTTPRoute'] },
  });
  const small = { ...able, agentVersion: '2.0.0-small', limits: { ...limits, resourcesMax: 2 } };
  world.connect(nodeId(2), { capabilities: small });
  const { problems, rejections } = world.request({ method: 'check-draft', text });
  assert.deepEqual(
    problems.filter((problem) => problem.severity === 'error'),
    [],
  );
  assert.deepEqual(
    rejections.map(({ agentVersion, nodeIds }) => [agentVersion, nodeIds]),
    [
      ['1.0.0', [nodeId(1)]],
      ['2.0.0-small', [nodeId(2)]],
    ],
  );
  assert.match(rejections[0]?.detail ?? '', /CORS/);
  assert.equal(rejections[0]?.resource, 'HTTPRoute/shop/r');
});

test('[DRAFT1] a text that cannot be read has problems and no rejections', () => {
  const world = new World();
  world.connect(nodeId(0), { capabilities: CAPABILITIES });
  const { problems, rejections } = world.request({ method: 'check-draft', text: 'kind: [' });
  assert.ok(problems.length > 0);
  assert.deepEqual(rejections, []);
});

test('[PUB7] what a text comes to when aliases are written out is bounded, in a draft and at publish', () => {
  const world = new World();
  const services = Array.from(
    { length: 60 },
    (_, i) => `    - {name: p${i}, port: ${i + 1}, note: *big}`,
  );
  const text = [
    'apiVersion: v1',
    'kind: Service',
    'metadata:',
    '  name: bomb',
    '  namespace: shop',
    `  annotations: {big: &big "${'x'.repeat(300_000)}"}`,
    'spec:',
    '  ports:',
    ...services,
  ].join('\n');
  const by = { message: 'test', actor: 'tester' };
  const refused = world.refusal({ method: 'publish', text, base: null, ...by });
  assert.equal(refused.reason, 'invalid-config');
  assert.ok(refused.problems?.some(({ severity }) => severity === 'error'));
  const checked = world.request({ method: 'check-draft', text });
  assert.ok(checked.problems.some(({ severity }) => severity === 'error'));
  assert.equal(world.store.head(), null);
});

test('[SECRET12] a message that holds a secret is refused before anything is kept', () => {
  const world = new World();
  const first = world.publish(configText([80]));
  world.publish(configText([81]));
  const token = ['gh', 'p_', 'a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8'].join('');
  for (const message of [`token ${token}`, `password: ${token}`, `see postgres://u:${token}@db`]) {
    const by = { message, actor: 'tester' };
    const base = 2 as Revision;
    for (const request of [
      { method: 'publish', text: configText([82]), base, ...by },
      { method: 'rollback', to: first.record.revision, ...by },
    ] as const) {
      const refusal = world.refusal(request);
      assert.equal(refusal.reason, 'bad-request');
      assert.match(refusal.detail, /^The message holds what looks like .* nothing was published/);
      assert.equal(refusal.detail.includes(token), false);
    }
  }
  assert.equal(world.store.head()?.revision, 2);
});

const SUITE = `apiVersion: holdfast.dev/v1alpha1
kind: RequestSuite
metadata: {name: smoke, namespace: shop}
spec: {requests: [{name: front, url: "http://a.example/"}]}
`;
const WIDGET = 'apiVersion: example.org/v1\nkind: Widget\nmetadata: {name: w}\n';

test('[PUB8] what would leave nodes nothing to serve is refused unless it is meant', () => {
  const world = new World();
  // Of nothing nothing is lost.
  world.publish(WIDGET);
  const { record, removed } = world.publish(configText([80, 81]));
  assert.deepEqual([record.resources, removed], [2, 0]);
  const base = record.revision;
  for (const text of ['', '# nothing\n', SUITE, WIDGET, `${SUITE}---\n${WIDGET}`]) {
    const refusal = world.refusal({ method: 'publish', text, base, ...BY });
    assert.equal(refusal.reason, 'removes-everything', text);
    assert.match(refusal.detail, /all 2 resources of r2 would be removed.*confirm/);
  }
  assert.equal(world.store.head()?.revision, base);
  const fewer = world.publish(`${configText([80])}---\n${SUITE}`);
  assert.deepEqual([fewer.record.changed, fewer.removed], [1, 1]);
  const meant = { method: 'publish', text: SUITE, base: fewer.record.revision, ...BY } as const;
  const emptied = world.request({ ...meant, allowEmpty: true });
  assert.deepEqual([emptied.record.resources, emptied.record.changed, emptied.removed], [0, 1, 1]);
  const first = { method: 'rollback', to: record.revision, ...BY } as const;
  assert.equal(world.request(first).removed, 0);
  const back = { method: 'rollback', to: emptied.record.revision, ...BY } as const;
  assert.equal(world.refusal(back).reason, 'removes-everything');
  assert.equal(world.request({ ...back, allowEmpty: true }).removed, 2);
  // There is nothing left to guard.
  world.publish('');
});

test('[PUB9] [DIFF6] what was of no known kind is named, and publishing it again agrees with the diff', () => {
  const world = new World();
  const text = `${configText([80])}---\n${FLAG}`;
  const known = buildDocuments(parseConfig(text), {
    creationTimestampOf: () => null,
    now: world.now,
  });
  // As a version that did not know the kind stored it.
  const documents = known.documents.map((document) =>
    document.key.startsWith('FeatureFlag/')
      ? { ...document, key: OLD_KEY, contentHash: null, canonical: null }
      : document,
  );
  const { rootHash } = buildDocuments(parseConfig(configText([80])), {
    creationTimestampOf: () => null,
    now: world.now,
  });
  const old = { base: null, documents, rootHash, author: 'a', message: 'm', at: world.now };
  assert.ok(world.store.publish({ ...old, origin: { kind: 'publish' } }).ok);
  const before = world.request({ method: 'get-revision', revision: 1 as Revision });
  assert.deepEqual(before.unforced, ['FeatureFlag/shop/calm']);
  const { record } = world.publish(before.text);
  assert.equal(record.changed, 1);
  const after = world.request({ method: 'get-revision', revision: record.revision });
  assert.deepEqual(after.unforced, []);
  const changes = diffConfigs(parseConfig(before.text), parseConfig(after.text), {
    from: new Set<ResourceKey>(before.unforced),
    to: new Set<ResourceKey>(after.unforced),
  });
  assert.deepEqual(changes, [
    { key: 'FeatureFlag/shop/calm', change: 'changed', fields: [], inForce: 'begins' },
  ]);
});

const OLD_KEY = 'holdfast.dev/v1alpha1!FeatureFlag/shop/calm' as ResourceKey;
const FLAG = `apiVersion: holdfast.dev/v1alpha1
kind: FeatureFlag
metadata: {name: calm, namespace: shop}
spec: {mode: "On"}
`;
