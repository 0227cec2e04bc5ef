import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { BODY_DEPTH_MAX, canonicalJson, contentHashOf } from '../../../core/config/canonical.ts';
import type { ResourceKey } from '../../../core/config/ids.ts';
import { rootHashOf } from '../../../core/config/root-hash.ts';
import {
  applyDelta,
  type ConfigSnapshot,
  EMPTY_SNAPSHOT,
  scrubSnapshot,
  snapshotFromBodies,
  snapshotManifest,
} from '../../../core/config/snapshot.ts';
import type { Json, JsonObject } from '../../../core/gateway/json.ts';
import { bodiesArbitrary } from './config-arbitraries.ts';

function body(name: string, spec: Json): JsonObject {
  return { kind: 'HTTPRoute', metadata: { name, namespace: 'shop' }, spec };
}

function built(bodies: readonly JsonObject[]): ConfigSnapshot {
  const snapshot = snapshotFromBodies(bodies);
  assert.ok(snapshot.ok);
  return snapshot.value;
}

const keyA = 'HTTPRoute/shop/a' as ResourceKey;

test('[SNAP1] a snapshot is canonicalised and hashed from its bodies', () => {
  fc.assert(
    fc.property(bodiesArbitrary, (bodies) => {
      const snapshot = built(bodies);
      assert.equal(snapshot.resources.size, bodies.length);
      assert.equal(snapshot.hash, rootHashOf(snapshotManifest(snapshot)));
      for (const resource of snapshot.resources.values()) {
        assert.equal(resource.canonical, canonicalJson(resource.body));
        assert.equal(resource.contentHash, contentHashOf(resource.canonical));
      }
      assert.equal(scrubSnapshot(snapshot), null);
    }),
  );
});

test('[SNAP2] applying a sequence of deltas leaves the root hash of what is then held', () => {
  fc.assert(
    fc.property(fc.array(bodiesArbitrary, { maxLength: 5 }), (steps) => {
      let snapshot = EMPTY_SNAPSHOT;
      for (const bodies of steps) {
        const removed = [...snapshot.resources.keys()].filter((_, i) => i % 3 === 0);
        const gone = new Set(removed);
        const changed = [...built(bodies).resources.values()]
          .filter(({ key }) => !gone.has(key))
          .map((resource) => resource.body);
        const next = applyDelta(snapshot, changed, removed);
        assert.ok(next.ok);
        snapshot = next.value;
        assert.equal(snapshot.hash, rootHashOf(snapshotManifest(snapshot)));
        assert.equal(scrubSnapshot(snapshot), null);
      }
    }),
  );
});

test('[SNAP3] applying a delta changes nothing in the snapshot that it starts from', () => {
  const before = built([body('a', 1), body('b', 2)]);
  const manifest = snapshotManifest(before);
  const after = applyDelta(before, [body('b', 3), body('c', 4)], [keyA]);
  assert.ok(after.ok);
  assert.deepEqual(snapshotManifest(before), manifest);
  assert.equal(scrubSnapshot(before), null);
  assert.deepEqual([...after.value.resources.keys()].sort(), [
    'HTTPRoute/shop/b',
    'HTTPRoute/shop/c',
  ]);
  // Unchanged resources are shared, not copied.
  const unchanged = applyDelta(before, [body('c', 4)], []);
  assert.ok(unchanged.ok);
  assert.equal(unchanged.value.resources.get(keyA), before.resources.get(keyA));
});

test('[SNAP4] a body that is no resource, a key twice and a removal of nothing are refused', () => {
  const held = built([body('a', 1)]);
  const reasonOf = (result: ReturnType<typeof applyDelta>) =>
    result.ok ? 'accepted' : result.error.reason;
  assert.equal(reasonOf(snapshotFromBodies([body('a', 1), body('a', 2)])), 'duplicate-key');
  assert.equal(reasonOf(snapshotFromBodies([{ kind: 'HTTPRoute' }])), 'bad-resource');
  assert.equal(
    reasonOf(snapshotFromBodies([{ ...body('a', 1), spec: undefined }])),
    'bad-resource',
  );
  assert.equal(reasonOf(applyDelta(held, [body('b', 1), body('b', 1)], [])), 'duplicate-key');
  assert.equal(reasonOf(applyDelta(held, [body('a', 2)], [keyA])), 'duplicate-key');
  assert.equal(reasonOf(applyDelta(held, [], [keyA, keyA])), 'duplicate-key');
  assert.equal(reasonOf(applyDelta(held, [], ['HTTPRoute/shop/x' as ResourceKey])), 'not-held');
  let deep: Json = 0;
  for (let i = 0; i <= BODY_DEPTH_MAX; i += 1) deep = { deep };
  assert.equal(reasonOf(applyDelta(held, [body('b', deep)], [])), 'bad-resource');
});

test('[SNAP5] the scrub finds a changed body, text, hash, key and sum', () => {
  const sound = built([body('a', 1), body('b', 2)]);
  const held = sound.resources.get(keyA);
  assert.ok(held !== undefined);
  const damaged = [
    { ...held, body: body('a', 7) },
    { ...held, canonical: `${held.canonical} ` },
    { ...held, contentHash: contentHashOf('other') },
    { ...held, body: body('c', 1) },
  ];
  for (const resource of damaged) {
    const resources = new Map(sound.resources).set(keyA, resource);
    assert.deepEqual(scrubSnapshot({ hash: sound.hash, resources })?.resources, [keyA]);
  }
  const missing = new Map(sound.resources);
  missing.delete(keyA);
  const scrubbed = scrubSnapshot({ hash: sound.hash, resources: missing });
  assert.deepEqual(scrubbed, { hash: built([body('b', 2)]).hash, resources: [] });
});
