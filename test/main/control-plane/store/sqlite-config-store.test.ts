import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import test from 'node:test';
import Database from 'better-sqlite3';
import type { Revision } from '../../../../core/config/ids.ts';
import { createMemoryConfigStore } from '../../../../core/config/memory-config-store.ts';
import { rootHashOf } from '../../../../core/config/root-hash.ts';
import { micros } from '../../../../core/ports/clock.ts';
import type { ConfigStore, DocumentBody } from '../../../../core/ports/store.ts';
import { CHECKPOINT_REVISIONS_MAX } from '../../../../main/control-plane/store/revision-log.ts';
import { knownDocument, manifestOf } from '../../../core/config/config-arbitraries.ts';
import { LINEAGE, openStore, type TemporaryFolder, temporaryFolder } from './temporary-store.ts';

async function inFolder(run: (folder: TemporaryFolder) => void | Promise<void>): Promise<void> {
  const folder = temporaryFolder();
  try {
    await run(folder);
  } finally {
    folder.remove();
  }
}

function publish(store: ConfigStore, documents: readonly DocumentBody[]): void {
  const published = store.publish({
    base: store.head()?.revision ?? null,
    documents,
    rootHash: rootHashOf(manifestOf(documents)),
    author: 'ada',
    message: 'm',
    at: micros(1),
    origin: { kind: 'publish' },
  });
  assert.ok(published.ok);
}

function numbered(size: number, changedAt: number, version: number): DocumentBody[] {
  return Array.from({ length: size }, (_, n) =>
    knownDocument(`HTTPRoute/shop/r${n}`, n === changedAt ? version : 0),
  );
}

test('[SQL17] history costs what changed: one changed resource is one row and its two texts', () =>
  inFolder((folder) => {
    const path = folder.file('store.sqlite');
    const store = openStore(path);
    publish(store, numbered(50, 0, 0));
    const db = () => new Database(path, { readonly: true });
    store.close();
    const count = (table: string) => {
      const reader = db();
      const rows = reader.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
      reader.close();
      return rows;
    };
    assert.deepEqual(['body', 'source', 'document'].map(count), [50, 50, 50]);
    const again = openStore(path);
    publish(again, numbered(50, 7, 1));
    publish(again, numbered(50, 7, 0));
    again.close();
    // The way back finds its texts there already.
    assert.deepEqual(['body', 'source', 'document'].map(count), [51, 51, 52]);
    assert.deepEqual(['revision_change', 'checkpoint'].map(count), [2, 1]);
  }));

test('[SQL18] reading a revision folds a bounded number of changes', () =>
  inFolder((folder) => {
    const path = folder.file('store.sqlite');
    const store = openStore(path);
    const memory = createMemoryConfigStore({ lineage: LINEAGE });
    for (let i = 0; i < 2.5 * CHECKPOINT_REVISIONS_MAX; i += 1) {
      // Every tenth revision changes all.
      const documents = numbered(20, i % 20, i).map((document, n) =>
        i % 10 === 0 ? knownDocument(document.key, [i, n]) : document,
      );
      publish(store, documents);
      publish(memory, documents);
    }
    store.close();
    const reopened = openStore(path);
    for (const { revision } of memory.revisions({ limit: 1_000 })) {
      assert.deepEqual(reopened.documents(revision), memory.documents(revision));
    }
    reopened.close();
    const db = new Database(path, { readonly: true });
    const folded = db
      .prepare<[], { revisions: number; changes: number }>(
        `SELECT r.revision - max(c.revision) AS revisions,
           (SELECT count(*) FROM revision_change x
            WHERE x.revision > max(c.revision) AND x.revision <= r.revision) AS changes
         FROM revision r JOIN checkpoint c ON c.revision <= r.revision GROUP BY r.revision`,
      )
      .all();
    db.close();
    assert.equal(folded.length, 2.5 * CHECKPOINT_REVISIONS_MAX);
    assert.ok(Math.max(...folded.map(({ revisions }) => revisions)) <= CHECKPOINT_REVISIONS_MAX);
    assert.ok(Math.max(...folded.map(({ changes }) => changes)) <= 256);
    assert.ok(folded.some(({ revisions }) => revisions > 0));
  }));

test('[SQL19] a failed write is a refusal, and leaves head, generation and file as they were', () =>
  inFolder((folder) => {
    const path = folder.file('store.sqlite');
    openStore(path).close();
    const db = new Database(path);
    db.exec(`CREATE TRIGGER full BEFORE INSERT ON audit WHEN new.detail LIKE '%fail%'
             BEGIN SELECT RAISE(ABORT, 'disk is full'); END`);
    db.close();
    const store = openStore(path);
    publish(store, numbered(3, 0, 0));
    const documents = numbered(3, 1, 1);
    const input = {
      base: 1 as Revision,
      documents,
      rootHash: rootHashOf(manifestOf(documents)),
      author: 'ada',
      at: micros(1),
      origin: { kind: 'publish' },
    } as const;
    const refused = store.publish({ ...input, message: 'fail' });
    assert.ok(!refused.ok && refused.error.reason === 'storage-failed');
    assert.match(refused.error.detail, /disk is full/);
    assert.equal(store.head()?.revision, 1);
    assert.equal(store.generation(), 1);
    const changed = documents[1]?.contentHash;
    assert.ok(changed !== null && changed !== undefined);
    assert.equal(store.canonical(changed), null);
    const published = store.publish({ ...input, message: 'works' });
    assert.ok(published.ok);
    assert.deepEqual(store.manifest(published.value.revision), manifestOf(documents));
    store.close();
    const reopened = openStore(path);
    assert.deepEqual(reopened.manifest(published.value.revision), manifestOf(documents));
    reopened.close();
  }));

test('[SQL20] a backup made while publishing goes on is a whole store with the same lineage', () =>
  inFolder(async (folder) => {
    const store = openStore(folder.file('store.sqlite'));
    publish(store, numbered(200, 0, 0));
    const backup = store.backup(folder.file('backup.sqlite'));
    publish(store, numbered(200, 3, 1));
    const result = await backup;
    assert.ok(result.ok, JSON.stringify(result));
    publish(store, numbered(200, 3, 2));
    assert.deepEqual(readdirSync(folder.path).sort(), [
      'backup.sqlite',
      'store.sqlite',
      'store.sqlite-wal',
    ]);
    // One file is all of it: its header names the journal, not the log, as how it is written.
    assert.deepEqual([...readFileSync(folder.file('backup.sqlite')).subarray(18, 20)], [1, 1]);
    const copy = openStore(folder.file('backup.sqlite'), 'ffffffffffffffff' as typeof LINEAGE);
    assert.equal(copy.lineage, LINEAGE);
    const head = copy.head()?.revision ?? (0 as Revision);
    assert.ok(head === 1 || head === 2);
    assert.deepEqual(copy.documents(head), store.documents(head));
    copy.close();
    // A later backup takes the place of the earlier one.
    assert.ok((await store.backup(folder.file('backup.sqlite'))).ok);
    const later = openStore(folder.file('backup.sqlite'));
    assert.equal(later.head()?.revision, 3);
    later.close();
    store.close();
  }));

test('[SQL21] a backup that cannot be made says why and leaves nothing behind', () =>
  inFolder(async (folder) => {
    const path = folder.file('store.sqlite');
    const store = openStore(path);
    publish(store, numbered(3, 0, 0));
    mkdirSync(folder.file('taken'));
    writeFileSync(folder.file('taken/x'), '');
    const before = readdirSync(folder.path).sort();
    for (const target of [
      path,
      `${path}-wal`,
      folder.file('taken'),
      folder.file('none/b.sqlite'),
    ]) {
      const result = await store.backup(target);
      assert.ok(!result.ok);
      assert.equal(result.error.reason, 'backup-failed');
      assert.ok(result.error.detail.includes(target), result.error.detail);
    }
    assert.deepEqual(readdirSync(folder.path).sort(), before);
    const interrupted = store.backup(folder.file('late.sqlite'));
    store.close();
    assert.equal((await interrupted).ok, false);
    assert.equal(existsSync(folder.file('late.sqlite')), false);
    assert.deepEqual(
      readdirSync(folder.path).filter((name) => name.includes('partial')),
      [],
    );
    const memory = createMemoryConfigStore({ lineage: LINEAGE });
    assert.equal((await memory.backup(folder.file('memory.sqlite'))).ok, false);
  }));

test('[SQL22] nothing is published into a file that was removed or replaced while in use', () =>
  inFolder((folder) => {
    const path = folder.file('store.sqlite');
    const store = openStore(path);
    publish(store, numbered(3, 0, 0));
    renameSync(path, folder.file('moved.sqlite'));
    const documents = numbered(3, 1, 1);
    const input = {
      base: 1 as Revision,
      documents,
      rootHash: rootHashOf(manifestOf(documents)),
      author: 'ada',
      message: 'm',
      at: micros(1),
      origin: { kind: 'publish' },
    } as const;
    const removed = store.publish(input);
    assert.ok(!removed.ok && removed.error.reason === 'storage-failed');
    assert.match(removed.error.detail, /removed or replaced/);
    writeFileSync(path, 'another file');
    assert.ok(!store.publish(input).ok);
    renameSync(folder.file('moved.sqlite'), path);
    assert.ok(store.publish(input).ok, 'put back, it is the same store');
    store.close();
  }));
