import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { computeDelta } from '../../../core/config/delta.ts';
import type { ContentHash, ResourceKey } from '../../../core/config/ids.ts';
import {
  applyDelta,
  type ConfigSnapshot,
  snapshotFromBodies,
  snapshotManifest,
} from '../../../core/config/snapshot.ts';
import type { JsonObject } from '../../../core/gateway/json.ts';
import { bodiesArbitrary } from './config-arbitraries.ts';

function snapshotOf(bodies: readonly JsonObject[]): ConfigSnapshot {
  const snapshot = snapshotFromBodies(bodies);
  assert.ok(snapshot.ok);
  return snapshot.value;
}

test('[DELTA1] delta(a, b) applied to a is b, for any two resource sets', () => {
  fc.assert(
    fc.property(bodiesArbitrary, bodiesArbitrary, (bodiesA, bodiesB) => {
      const a = snapshotOf(bodiesA);
      const b = snapshotOf(bodiesB);
      const delta = computeDelta(snapshotManifest(a), snapshotManifest(b));
      const changed = delta.changed.map(({ key }) => {
        const resource = b.resources.get(key);
        assert.ok(resource !== undefined);
        return resource.body;
      });
      const applied = applyDelta(a, changed, delta.removed);
      assert.ok(applied.ok);
      assert.equal(applied.value.hash, b.hash);
      assert.deepEqual(snapshotManifest(applied.value), snapshotManifest(b));
      for (const [key, resource] of b.resources) {
        assert.equal(applied.value.resources.get(key)?.canonical, resource.canonical);
      }
    }),
  );
});

test('[DELTA2] a delta names each changed and removed resource once, in key order, and no other', () => {
  const manifest = (entries: Record<string, string>) =>
    new Map(
      Object.entries(entries).map(([key, hash]): [ResourceKey, ContentHash] => [
        key as ResourceKey,
        hash.repeat(64) as ContentHash,
      ]),
    );
  const delta = computeDelta(
    manifest({ z: '1', same: '2', gone: '3', away: '4' }),
    manifest({ z: '9', same: '2', new: '5' }),
  );
  assert.deepEqual(delta, {
    changed: [
      { key: 'new', contentHash: '5'.repeat(64) },
      { key: 'z', contentHash: '9'.repeat(64) },
    ],
    removed: ['away', 'gone'],
  });
});

test('[DELTA3] the delta between equal sets is empty, whatever their order', () => {
  fc.assert(
    fc.property(bodiesArbitrary, (bodies) => {
      const a = snapshotManifest(snapshotOf(bodies));
      const b = snapshotManifest(snapshotOf([...bodies].reverse()));
      assert.deepEqual(computeDelta(a, b), { changed: [], removed: [] });
    }),
  );
});
