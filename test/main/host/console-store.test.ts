import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import type { Revision } from '../../../core/config/ids.ts';
import type { ConsoleEvent } from '../../../core/protocol/console-model.ts';
import {
  CONSOLE_APPLICATION_ID,
  CONSOLE_MIGRATIONS,
} from '../../../main/host/store/console-migrations.ts';
import { openConsoleStore } from '../../../main/host/store/console-store.ts';
import { EVENTS_KEPT_MAX } from '../../../main/host/store/console-tables.ts';
import { lockDirectory } from '../../../main/host/store/directory-lock.ts';
import { scratchDirectory } from './host-fixture.ts';

function open(path: string) {
  const store = openConsoleStore(path);
  if (!store.ok) throw new Error(store.error.detail);
  return store.value;
}

function event(id: number): ConsoleEvent {
  return {
    id,
    atMs: id,
    kind: 'note',
    severity: 'info',
    title: `event ${id}`,
    detail: '',
    subject: null,
  };
}

test('[CSTORE1] what was saved is there after opening anew', (t) => {
  const path = join(scratchDirectory(t), 'console.sqlite');
  const store = open(path);
  store.setSetting('a', 'b');
  store.saveDraft('me', { base: null, text: 'x: 1\n', savedAtMs: 5 });
  store.appendEvents([event(1), event(2)]);
  const alert = { id: 'control-plane-down', kind: 'control-plane-down', title: '', detail: '' };
  store.saveAlerts([{ ...alert, kind: 'control-plane-down', raisedAtMs: 7, clearedAtMs: null }]);
  store.close();
  const again = open(path);
  assert.equal(again.setting('a'), 'b');
  assert.equal(again.draft('me', null)?.text, 'x: 1\n');
  assert.equal(again.draft('somebody else', null), null);
  assert.deepEqual(
    again.events({ limit: 10 }).map(({ id }) => id),
    [2, 1],
  );
  again.clearOpenAlerts(9);
  assert.equal(again.alerts(5)[0]?.clearedAtMs, 9);
  again.close();
});

test('[DRAFT4] the one draft of an older file is carried over', (t) => {
  const path = join(scratchDirectory(t), 'console.sqlite');
  const raw = new Database(path);
  const [format1] = CONSOLE_MIGRATIONS;
  assert.ok(format1 !== undefined);
  raw.exec(format1);
  raw.pragma(`application_id = ${CONSOLE_APPLICATION_ID}`);
  raw.pragma('user_version = 1');
  const insert = raw.prepare('INSERT INTO drafts VALUES (?, ?, ?, ?)');
  insert.run('me', 12, 'größe: 1\n', 5);
  insert.run('you', null, '', 6);
  raw.close();
  const store = open(path);
  assert.deepEqual(store.drafts('me'), [{ base: 12, savedAtMs: 5, bytes: 11 }]);
  assert.equal(store.draft('me', 12 as Revision)?.text, 'größe: 1\n');
  assert.deepEqual(store.draft('you', null), { base: null, text: '', savedAtMs: 6 });
  store.close();
});

test('[CSTORE2] the event log keeps its newest and no more than its bound', (t) => {
  const store = open(join(scratchDirectory(t), 'console.sqlite'));
  const extra = 5;
  store.appendEvents(Array.from({ length: EVENTS_KEPT_MAX + extra }, (_, i) => event(i + 1)));
  const kept = store.events({ limit: EVENTS_KEPT_MAX * 2 });
  assert.equal(kept.length, EVENTS_KEPT_MAX);
  assert.equal(kept.at(-1)?.id, extra + 1);
  store.close();
});

test('[CSTORE3] a newer, a foreign and a damaged file are refused and left as they are', (t) => {
  const directory = scratchDirectory(t);
  const newer = join(directory, 'newer.sqlite');
  open(newer).close();
  const raw = new Database(newer);
  raw.pragma('user_version = 99');
  raw.close();
  const foreign = join(directory, 'foreign.sqlite');
  const other = new Database(foreign);
  other.exec('CREATE TABLE t (x)');
  other.close();
  for (const [path, reason] of [
    [newer, 'newer-version'],
    [foreign, 'not-a-store'],
  ] as const) {
    const refused = openConsoleStore(path);
    assert.equal(!refused.ok && refused.error.reason, reason);
    assert.ok(!refused.ok && refused.error.detail.includes(path));
  }
  const after = new Database(foreign);
  assert.equal(after.pragma('user_version', { simple: true }), 0);
  assert.equal(after.pragma('journal_mode', { simple: true }), 'delete');
  after.close();
});

test('[CSTORE4] a directory is held by one, and free again when that one is done', (t) => {
  const path = join(scratchDirectory(t), 'lock.sqlite');
  const first = lockDirectory(path);
  assert.ok(first.ok);
  const second = lockDirectory(path);
  assert.equal(!second.ok && second.error.reason, 'held');
  first.value.release();
  const third = lockDirectory(path);
  assert.ok(third.ok);
  third.value.release();
});

test('[SECRET13] of a discarded draft nothing is left in the files', (t) => {
  const directory = scratchDirectory(t);
  const store = open(join(directory, 'console.sqlite'));
  const secret = 'q8Zr5mXw2LkT9vNc';
  const held = () =>
    readdirSync(directory).filter((name) => readFileSync(join(directory, name)).includes(secret));
  for (const base of [null, 1 as Revision]) {
    store.saveDraft('me', { base, text: `# ${secret}\n`.repeat(2_000), savedAtMs: 5 });
  }
  assert.notDeepEqual(held(), []);
  store.discardDraft('me', null);
  store.discardDraft('me', 1 as Revision);
  assert.deepEqual(held(), []);
  store.saveDraft('me', { base: null, text: `# ${secret}\n`, savedAtMs: 6 });
  store.discardDrafts('me');
  assert.deepEqual(held(), []);
  store.close();
  assert.deepEqual(held(), []);
});
