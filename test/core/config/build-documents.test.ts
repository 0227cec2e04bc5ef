import assert from 'node:assert/strict';
import test from 'node:test';
import { buildDocuments } from '../../../core/config/build-documents.ts';
import { contentHashOf, sourceHashOf } from '../../../core/config/canonical.ts';
import { rootHashOf } from '../../../core/config/root-hash.ts';
import { snapshotFromBodies } from '../../../core/config/snapshot.ts';
import { DocumentCache, joinDocuments, parseConfig } from '../../../core/gateway/parse-config.ts';
import { micros } from '../../../core/ports/clock.ts';

const NOW = micros(Date.parse('2026-11-21T06:30:00.900Z') * 1_000);
const NEW = { creationTimestampOf: () => null, now: NOW };

const backend = (name: string, extra = '') => `# the ${name} backend
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: shop
${extra}spec:
  ports:
    - port: 80
`;
const foreign = `apiVersion: example.org/v1
kind: Widget
metadata:
  name: w   # kept as it is
`;

test('[DOC3] documents keep order and text, and only known kinds are hashed', () => {
  const text = joinDocuments([backend('cart'), foreign, backend('pay')]);
  const { documents, manifest, rootHash } = buildDocuments(parseConfig(text), NEW);
  assert.deepEqual(
    documents.map(({ key }) => key),
    ['Service/shop/cart', 'example.org/v1!Widget//w', 'Service/shop/pay'],
  );
  assert.equal(joinDocuments(documents.map(({ source }) => source)), text);
  for (const { source, sourceHash } of documents) assert.equal(sourceHash, sourceHashOf(source));
  assert.equal(documents[1]?.canonical, null);
  assert.equal(documents[1]?.contentHash, null);
  assert.deepEqual([...manifest.keys()], ['Service/shop/cart', 'Service/shop/pay']);
  assert.equal(rootHash, rootHashOf(manifest));
});

test('[DOC4] creationTimestamp is the one stated, else the earlier one, else now', () => {
  const stated = '  creationTimestamp: "2020-01-02T03:04:05Z"\n';
  const empty = '  creationTimestamp: null\n';
  const text = joinDocuments([
    backend('stated', stated),
    backend('earlier'),
    backend('new'),
    backend('empty', empty),
  ]);
  const { documents } = buildDocuments(parseConfig(text), {
    creationTimestampOf: (key) =>
      key === 'Service/shop/earlier' || key === 'Service/shop/stated'
        ? '2021-01-01T00:00:00Z'
        : null,
    now: NOW,
  });
  const timestamps = documents.map(({ canonical, contentHash }) => {
    assert.ok(canonical !== null);
    assert.equal(contentHash, contentHashOf(canonical));
    return /"creationTimestamp":"([^"]*)"/.exec(canonical)?.[1];
  });
  assert.deepEqual(timestamps, [
    '2020-01-02T03:04:05Z',
    '2021-01-01T00:00:00Z',
    '2026-11-21T06:30:00Z',
    '2026-11-21T06:30:00Z',
  ]);
});

test('[DOC5] a node that is given the canonical bodies computes the published root hash', () => {
  const text = joinDocuments([backend('cart'), foreign, backend('pay')]);
  const { documents, rootHash } = buildDocuments(parseConfig(text), NEW);
  const bodies = documents.flatMap(({ canonical }) =>
    canonical === null ? [] : [JSON.parse(canonical)],
  );
  const snapshot = snapshotFromBodies(bodies);
  assert.ok(snapshot.ok);
  assert.equal(snapshot.value.hash, rootHash);
});

test('[DOC6] comments and layout change sources, never contents; what is cached changes nothing', () => {
  const cache = new DocumentCache();
  const build = (text: string, now = NOW) =>
    buildDocuments(parseConfig(text, cache), { creationTimestampOf: () => null, now });
  const before = build(backend('cart'));
  const commented = build(`# more to say\n${backend('cart')}`);
  assert.equal(commented.rootHash, before.rootHash);
  assert.notEqual(commented.documents[0]?.sourceHash, before.documents[0]?.sourceHash);
  assert.deepEqual(build(backend('cart')), before);
  // The same parsed body, published a minute later as a new resource.
  const later = build(backend('cart'), micros(NOW + 60_000_000));
  assert.notEqual(later.rootHash, before.rootHash);
  assert.match(later.documents[0]?.canonical ?? '', /2026-11-21T06:31:00Z/);
});
