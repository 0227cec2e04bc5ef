import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceHashOf } from '../../../core/config/canonical.ts';
import type { ResourceKey, Revision } from '../../../core/config/ids.ts';
import type { DocumentBody } from '../../../core/ports/store.ts';
import { configText, World } from './world.ts';

const BY = { message: 'test', actor: 'tester' };

function own(kind: string, name: string): string {
  const spec = kind === 'FeatureFlag' ? '  mode: "On"\n' : '  requests: []\n';
  return `apiVersion: holdfast.dev/v1alpha1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n${spec}`;
}

/** As a version stored it that did not know the kind. */
function unknown(kind: string, name: string): DocumentBody {
  const source = own(kind, name);
  const key = `holdfast.dev/v1alpha1!${kind}/shop/${name}` as ResourceKey;
  return { key, contentHash: null, sourceHash: sourceHashOf(source), canonical: null, source };
}

/** A store whose head was published by such a version. */
function oldWorld(documents: readonly DocumentBody[]): World {
  const world = new World();
  world.publish(configText([80]));
  const head = world.store.head();
  assert.ok(head !== null);
  const { rootHash } = head;
  const published = world.store.publish({
    base: head.revision,
    documents: [
      ...(world.store.documents(head.revision) ?? []).map((entry) => ({
        ...entry,
        canonical: entry.contentHash === null ? null : world.store.canonical(entry.contentHash),
        source: world.store.source(entry.sourceHash) ?? '',
      })),
      ...documents,
    ],
    rootHash,
    author: 'an older version',
    message: 'policies',
    at: world.now,
    origin: { kind: 'publish' },
  });
  assert.ok(published.ok);
  world.restart();
  return world;
}

test('[UNFORCED1] what was of unknown kinds and is known now is believed not in force, until a publish', () => {
  const world = oldWorld([
    unknown('FeatureFlag', 'new-cart'),
    unknown('FeatureFlag', 'new-search'),
    unknown('Sundial', 'garden'),
  ]);
  assert.deepEqual(world.belief().unforced, [{ kind: 'FeatureFlag', documents: 2 }]);
  const { text } = world.request({ method: 'get-revision', revision: 2 as Revision });
  assert.equal(world.publish(text).record.changed, 2, 'the same text puts them in force');
  assert.deepEqual(world.belief().unforced, []);
  world.restart();
  assert.deepEqual(world.belief().unforced, []);
  world.request({ method: 'rollback', to: 2 as Revision, ...BY });
  assert.deepEqual(world.belief().unforced, [{ kind: 'FeatureFlag', documents: 2 }]);
});

test('[UNFORCED1] what is never pushed is not missed', () => {
  const world = oldWorld([unknown('RequestSuite', 'smoke'), unknown('Sundial', 'garden')]);
  assert.deepEqual(world.belief().unforced, []);
});
