import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { Revision } from '../../../../core/config/ids.ts';
import { createMemoryConfigStore } from '../../../../core/config/memory-config-store.ts';
import type { ConfigStore, DocumentBody } from '../../../../core/ports/store.ts';
import { publish } from '../../../contract/config-store-support.ts';
import { knownDocument, unknownDocument } from '../../../core/config/config-arbitraries.ts';
import { LINEAGE, openStore, temporaryFolder } from './temporary-store.ts';

/** Takes from a file what format 2 added, so that it is as a format 1 would have written it. */
function makeFormat1(path: string): void {
  const db = new Database(path);
  db.exec(`
    DROP TABLE removed_resource;
    ALTER TABLE document DROP COLUMN content_since;
    ALTER TABLE document DROP COLUMN text_since;
  `);
  db.pragma('user_version = 1');
  db.close();
}

const revisionsArbitrary = fc.array(
  fc
    .uniqueArray(
      fc.record({
        key: fc.integer({ min: 0, max: 5 }),
        version: fc.integer({ min: 0, max: 1 }),
        comment: fc.constantFrom('', 'c'),
      }),
      { maxLength: 6, selector: ({ key }) => key },
    )
    .map((documents) =>
      documents.map(({ key, version, comment }) =>
        key > 4
          ? unknownDocument('x!Widget/default/w', `v: ${version} # ${comment}`)
          : knownDocument(`HTTPRoute/shop/r${key}`, version, comment),
      ),
    ),
  { minLength: 1, maxLength: 10 },
);

function assertSameHistory(store: ConfigStore, model: ConfigStore, revisions: number): void {
  for (let i = 1; i <= revisions; i += 1) {
    assert.deepEqual(store.touches(i as Revision), model.touches(i as Revision));
    assert.deepEqual(store.documents(i as Revision), model.documents(i as Revision));
  }
  for (const search of ['HTTPRoute/shop/r1', 'widget', 'change', 'r3']) {
    const query = { search, limit: 100 };
    assert.deepEqual(store.searchRevisions(query), model.searchRevisions(query));
  }
}

function migrated(history: readonly (readonly DocumentBody[])[]): void {
  const folder = temporaryFolder();
  try {
    const path = folder.file('store.sqlite');
    const model = createMemoryConfigStore({ lineage: LINEAGE });
    const written = openStore(path);
    for (const documents of history) {
      publish(written, documents);
      publish(model, documents);
    }
    written.close();
    makeFormat1(path);
    const store = openStore(path);
    assertSameHistory(store, model, history.length);
    // The history goes on as if it had always been of the new format.
    const next = [knownDocument('HTTPRoute/shop/r0', 1, 'later')];
    publish(store, next);
    publish(model, next);
    assertSameHistory(store, model, history.length + 1);
    store.close();
  } finally {
    folder.remove();
  }
}

test('[HIST3] a store of format 1 is brought forward with who touched what filled in', () => {
  fc.assert(fc.property(revisionsArbitrary, migrated), { numRuns: 25 });
});

test('[HIST3] a long history is filled in across its checkpoints', () => {
  const documents = Array.from({ length: 20 }, (_, i) => knownDocument(`HTTPRoute/shop/r${i}`, 0));
  const history: DocumentBody[][] = [];
  for (let i = 0; i < 250; i += 1) {
    documents[i % 20] = knownDocument(`HTTPRoute/shop/r${i % 20}`, i, i % 3 === 0 ? 'c' : '');
    history.push(i % 40 === 39 ? documents.slice(1) : [...documents]);
  }
  migrated(history);
});

test('[HIST3] what a migrated file says of the past cannot be changed', () => {
  const folder = temporaryFolder();
  try {
    const path = folder.file('store.sqlite');
    const written = openStore(path);
    publish(written, [knownDocument('HTTPRoute/shop/r0', 1)]);
    publish(written, []);
    written.close();
    makeFormat1(path);
    openStore(path).close();
    const db = new Database(path);
    assert.throws(() => db.exec('UPDATE document SET text_since = 9'), /append-only/);
    assert.throws(() => db.exec('DELETE FROM removed_resource'), /append-only/);
    assert.deepEqual(db.prepare('SELECT revision, key FROM removed_resource').all(), [
      { revision: 2, key: 'HTTPRoute/shop/r0' },
    ]);
    db.close();
  } finally {
    folder.remove();
  }
});
