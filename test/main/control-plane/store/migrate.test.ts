import assert from 'node:assert/strict';
import test from 'node:test';
import Database from 'better-sqlite3';
import {
  type Migration,
  migrate,
  readApplicationId,
  readUserVersion,
  STORE_APPLICATION_ID,
} from '../../../../main/control-plane/store/migrate.ts';
import { ALL_MIGRATIONS } from '../../../../main/control-plane/store/migrations/all-migrations.ts';

function step(version: number, sql: string): Migration {
  return { version, name: `step-${version}`, up: (db) => db.exec(sql) };
}

const one = step(1, 'CREATE TABLE t (a INTEGER) STRICT; INSERT INTO t VALUES (1)');
const two = step(2, 'ALTER TABLE t ADD COLUMN b INTEGER; UPDATE t SET b = a + 1');

test('[SQL3] migrations run once each, in order, from where the file stands', () => {
  const db = new Database(':memory:');
  assert.equal(migrate(db, [one]), 1);
  assert.equal(readUserVersion(db), 1);
  assert.equal(readApplicationId(db), STORE_APPLICATION_ID);
  assert.equal(migrate(db, [one, two]), 1);
  assert.equal(migrate(db, [one, two]), 0);
  assert.equal(readUserVersion(db), 2);
  assert.deepEqual(db.prepare('SELECT * FROM t').all(), [{ a: 1, b: 2 }]);
  db.close();
});

test('[SQL4] a migration that fails leaves the file at the version before, with nothing of it', () => {
  const db = new Database(':memory:');
  migrate(db, [one]);
  const broken = step(
    2,
    'CREATE TABLE u (a INTEGER) STRICT; UPDATE t SET a = 7; SELECT nonsense()',
  );
  assert.throws(() => migrate(db, [one, broken]), /nonsense/);
  assert.equal(readUserVersion(db), 1);
  assert.deepEqual(db.prepare('SELECT * FROM t').all(), [{ a: 1 }]);
  assert.equal(db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'u'").pluck().get(), 0);
  assert.equal(migrate(db, [one, two]), 1);
  db.close();
});

test('[SQL5] migrations are numbered from 1 without gaps, and named after their number', () => {
  assert.throws(() => migrate(new Database(':memory:'), [one, step(3, '')]), /without gaps/);
  assert.deepEqual(
    ALL_MIGRATIONS.map(({ version }) => version),
    ALL_MIGRATIONS.map((_, i) => i + 1),
  );
});
