import type { Database } from 'better-sqlite3';
import { assert } from '../../../core/lib/assert.ts';

/** `HFST`: says in the file's header that it is a control plane's store. */
export const STORE_APPLICATION_ID = 0x48465354;

export interface Migration {
  /** What `user_version` is afterwards. */
  readonly version: number;
  readonly name: string;
  up(db: Database): void;
}

/** Brings the file forward, each migration in a transaction of its own. Returns how many it ran. */
export function migrate(db: Database, migrations: readonly Migration[]): number {
  migrations.forEach((migration, i) => {
    assert(migration.version === i + 1, 'migrations are numbered from 1 without gaps');
  });
  const from = readUserVersion(db);
  const pending = migrations.slice(from);
  for (const migration of pending) {
    const run = db.transaction(() => {
      migration.up(db);
      // Both live in the file's header and are part of the transaction.
      db.pragma(`application_id = ${STORE_APPLICATION_ID}`);
      db.pragma(`user_version = ${migration.version}`);
    });
    run.immediate();
  }
  return pending.length;
}

export function readUserVersion(db: Database): number {
  return readNumber(db, 'user_version');
}

export function readApplicationId(db: Database): number {
  return readNumber(db, 'application_id');
}

function readNumber(db: Database, pragma: string): number {
  const value = db.pragma(pragma, { simple: true });
  assert(typeof value === 'number', `${pragma} is a number`);
  return value;
}
