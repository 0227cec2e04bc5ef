import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import test from 'node:test';
import Database from 'better-sqlite3';
import type { Lineage } from '../../../../core/config/ids.ts';
import { rootHashOf } from '../../../../core/config/root-hash.ts';
import { micros } from '../../../../core/ports/clock.ts';
import type { ConfigStore } from '../../../../core/ports/store.ts';
import { ALL_MIGRATIONS } from '../../../../main/control-plane/store/migrations/all-migrations.ts';
import {
  explainOpenError,
  openDatabase,
} from '../../../../main/control-plane/store/open-database.ts';
import { knownDocument, manifestOf } from '../../../core/config/config-arbitraries.ts';
import {
  LINEAGE,
  openStore,
  refusalOf,
  type TemporaryFolder,
  temporaryFolder,
  tryOpenStore,
} from './temporary-store.ts';

function inFolder(title: string, run: (folder: TemporaryFolder) => void | Promise<void>): void {
  test(title, async () => {
    const folder = temporaryFolder();
    try {
      await run(folder);
    } finally {
      folder.remove();
    }
  });
}

/** One plain sentence that names the file: no stack, no lines. */
function assertPlain(detail: string, path: string): void {
  assert.ok(detail.includes(path), detail);
  assert.match(detail, /^[^\n]{10,400}\.$/);
  assert.doesNotMatch(detail, /\bat .*:\d+:\d+/);
}

const PAGE_BYTES = 4_096;

/** Writes nonsense over the start of pages. */
function overwrite(path: string, offsets: readonly number[]): void {
  const file = openSync(path, 'r+');
  for (const offset of offsets) writeSync(file, Buffer.alloc(200, 0xa5), 0, 200, offset);
  closeSync(file);
}

function publishSome(store: ConfigStore, count: number): void {
  for (let i = 0; i < count; i += 1) {
    const documents = Array.from({ length: 30 }, (_, n) =>
      knownDocument(`HTTPRoute/shop/r${n}`, `${i} ${'x'.repeat(500)}`),
    );
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
}

inFolder('[SQL6] the lineage is made once in the life of a file', (folder) => {
  const path = folder.file('store.sqlite');
  openStore(path).close();
  const again = openStore(path, 'ffffffffffffffff' as Lineage);
  assert.equal(again.lineage, LINEAGE);
  again.close();
});

inFolder(
  '[SQL7] the file is in WAL mode, synced in full, with foreign keys and strict tables',
  (folder) => {
    const path = folder.file('store.sqlite');
    openStore(path).close();
    const opened = openDatabase(path, ALL_MIGRATIONS.length);
    assert.ok(opened.ok);
    const db = opened.value;
    const settings = ['journal_mode', 'synchronous', 'foreign_keys', 'locking_mode'].map((name) =>
      db.pragma(name, { simple: true }),
    );
    const FULL = 2;
    assert.deepEqual(settings, ['wal', FULL, 1, 'exclusive']);
    const loose = db
      .prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict")
      .pluck()
      .all()
      .filter((name) => !String(name).startsWith('sqlite_'));
    assert.deepEqual(loose, []);
    assert.throws(
      () =>
        db
          .prepare(
            "INSERT INTO node (node_id, cell, provisioned_at_us) VALUES ('a/b', 'a', 'soon')",
          )
          .run(),
      /cannot store TEXT value in INTEGER column/,
    );
    db.close();
  },
);

inFolder('[SQL8] history and audit are append-only in the file itself', (folder) => {
  const path = folder.file('store.sqlite');
  const store = openStore(path);
  publishSome(store, 2);
  store.close();
  const db = new Database(path);
  const tables = [
    'body',
    'source',
    'document',
    'revision',
    'revision_change',
    'checkpoint',
    'audit',
  ];
  for (const table of tables) {
    assert.notEqual(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), 0);
    assert.throws(() => db.exec(`DELETE FROM ${table}`), /is append-only/);
    const column = db.prepare(`SELECT name FROM pragma_table_info('${table}')`).pluck().get();
    assert.throws(() => db.exec(`UPDATE ${table} SET ${column} = ${column}`), /is append-only/);
  }
  db.close();
});

inFolder('[SQL9] a file from a newer version is refused and left as it is', (folder) => {
  const path = folder.file('store.sqlite');
  openStore(path).close();
  const db = new Database(path);
  db.pragma('user_version = 999');
  db.close();
  const before = readFileSync(path);
  const refusal = refusalOf(path);
  assert.equal(refusal.reason, 'newer-version');
  assertPlain(refusal.detail, path);
  assert.deepEqual(readFileSync(path), before);
});

inFolder('[SQL10] a database that is not ours is refused and left as it is', (folder) => {
  const path = folder.file('other.sqlite');
  const db = new Database(path);
  db.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)');
  db.close();
  const before = readFileSync(path);
  const refusal = refusalOf(path);
  assert.equal(refusal.reason, 'not-a-store');
  assertPlain(refusal.detail, path);
  assert.deepEqual(readFileSync(path), before);
});

inFolder(
  '[SQL11] a damaged file is refused: garbage, cut short, overwritten pages, false hashes',
  (folder) => {
    const make = (name: string) => {
      const path = folder.file(name);
      const store = openStore(path);
      publishSome(store, 5);
      store.close();
      return path;
    };
    const garbage = folder.file('garbage');
    writeFileSync(garbage, 'this is no database\n'.repeat(500));
    const cut = make('cut');
    writeFileSync(cut, readFileSync(cut).subarray(0, 20_000));
    const overwritten = make('overwritten');
    const pages = statSync(overwritten).size / PAGE_BYTES;
    overwrite(
      overwritten,
      Array.from({ length: pages - 2 }, (_, i) => (i + 2) * PAGE_BYTES),
    );
    // A page that opening has no need to read.
    const unread = make('unread');
    const reader = new Database(unread, { readonly: true });
    const root = reader
      .prepare<[], number>("SELECT rootpage FROM sqlite_schema WHERE name = 'superseded_lineage'")
      .pluck()
      .get();
    reader.close();
    assert.ok(root !== undefined);
    overwrite(unread, [(root - 1) * PAGE_BYTES]);
    // What SQLite cannot notice: the head's hash is not that of its documents.
    const falseHash = make('false-hash');
    const db = new Database(falseHash);
    db.exec('DROP TRIGGER revision_no_update');
    db.exec(`UPDATE revision SET root_hash = '${'1'.repeat(64)}' WHERE revision = 5`);
    db.close();
    for (const path of [garbage, cut, overwritten, unread, falseHash]) {
      const refusal = refusalOf(path);
      assert.equal(refusal.reason, 'damaged', refusal.detail);
      assertPlain(refusal.detail, path);
    }
  },
);

inFolder('[SQL12] a place that cannot be written is refused as read-only', (folder) => {
  // Permissions do not bind root, so root lays them aside for the moment.
  const place = folder.file('place');
  mkdirSync(place);
  openStore(folder.file('place/store.sqlite')).close();
  chmodSync(folder.path, 0o755);
  chmodSync(folder.file('place/store.sqlite'), 0o444);
  chmodSync(place, 0o555);
  const refusals = asNobody(() => [
    refusalOf(folder.file('place/store.sqlite')),
    refusalOf(folder.file('place/new.sqlite')),
  ]);
  for (const refusal of refusals) {
    assert.equal(refusal.reason, 'read-only', refusal.detail);
    assertPlain(refusal.detail, place);
  }
  chmodSync(place, 0o755);
  assert.deepEqual(readdirSync(place), ['store.sqlite']);
});

function asNobody<T>(run: () => T): T {
  const { geteuid, seteuid } = process;
  if (geteuid === undefined || seteuid === undefined || geteuid.call(process) !== 0) return run();
  seteuid.call(process, 65_534);
  try {
    return run();
  } finally {
    seteuid.call(process, 0);
  }
}

inFolder(
  '[SQL13] a folder that is not there, or is a file, or a path that is a folder: open-failed',
  (folder) => {
    writeFileSync(folder.file('plain'), 'x');
    for (const name of ['missing/store.sqlite', 'plain/store.sqlite', '']) {
      const path = folder.file(name);
      const refusal = refusalOf(path);
      assert.equal(refusal.reason, 'open-failed', refusal.detail);
      assertPlain(refusal.detail, path);
    }
  },
);

test('[SQL14] an error that nobody foresaw is one plain sentence too', () => {
  const refusal = explainOpenError(new Error('first line\n    at x (y.js:1:2)'), '/data/store');
  assert.equal(refusal.reason, 'open-failed');
  assert.doesNotMatch(refusal.detail, /\n/);
});

inFolder(
  '[SQL15] a second store on the file is refused at once, in this process and from another',
  async (folder) => {
    const path = folder.file('store.sqlite');
    const mine = openStore(path);
    assert.equal(refusalOf(path).reason, 'in-use');
    // The refused one must not have taken the first one's lock along.
    assert.equal(refusalOf(path).reason, 'in-use');
    publishSome(mine, 1);
    mine.close();

    const child = spawn(
      process.execPath,
      [new URL('hold-store-child.ts', import.meta.url).pathname, path],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    try {
      await once(child.stdout, 'data');
      const refusal = refusalOf(path);
      assert.equal(refusal.reason, 'in-use');
      assertPlain(refusal.detail, path);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    // A killed owner holds nothing.
    const opened = tryOpenStore(path);
    assert.ok(opened.ok);
    assert.equal(opened.value.head()?.revision, 1);
    opened.value.close();
  },
);
