import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import type { Revision } from '../../../core/config/ids.ts';
import { DRAFTS_PER_OPERATOR_MAX } from '../../../core/protocol/limits.ts';
import { DraftKeeper } from '../../../main/host/draft-keeper.ts';
import { openConsoleStore } from '../../../main/host/store/console-store.ts';
import { scratchDirectory } from './host-fixture.ts';

function keeperOf(t: Parameters<typeof scratchDirectory>[0]) {
  const path = join(scratchDirectory(t), 'console.sqlite');
  const opened = openConsoleStore(path);
  assert.ok(opened.ok);
  const store = opened.value;
  t.after(() => store.close());
  return { path, store, drafts: new DraftKeeper(store, 'mira') };
}

const r = (revision: number) => revision as Revision;

test('[DRAFT2] there is one draft for each base; the newest is the one that is meant', (t) => {
  const { store, drafts } = keeperOf(t);
  // The clock went back in between: the last to be saved is the newest all the same.
  assert.ok(drafts.save({ base: r(1), text: 'one', savedAtMs: 30 }).ok);
  assert.ok(drafts.save({ base: null, text: 'none', savedAtMs: 20 }).ok);
  assert.ok(drafts.save({ base: r(2), text: 'two', savedAtMs: 10 }).ok);
  assert.ok(drafts.save({ base: r(1), text: 'one again', savedAtMs: 10 }).ok);
  const bases = () => drafts.list.map(({ base }) => base);
  assert.deepEqual(bases(), [1, 2, null]);
  assert.equal(drafts.read()?.text, 'one again');
  assert.equal(drafts.read(null)?.text, 'none');
  assert.equal(drafts.read(r(9)), null);
  assert.deepEqual(drafts.summary, { base: 1, savedAtMs: 10 });
  assert.deepEqual(new DraftKeeper(store, 'mira').list, drafts.list);
  assert.deepEqual(new DraftKeeper(store, 'ada').list, []);
  assert.equal(drafts.discard(r(2)), true);
  assert.equal(drafts.discard(r(2)), false);
  assert.deepEqual(bases(), [1, null]);
  assert.equal(drafts.discard(), true);
  assert.deepEqual(drafts.summary, { base: null, savedAtMs: 20 });
  drafts.discardAll();
  assert.equal(drafts.summary, null);
  assert.equal(drafts.discard(), false);
});

test('[DRAFT3] one draft too many is refused with what to do, and none is lost', (t) => {
  const { drafts } = keeperOf(t);
  for (let i = 1; i <= DRAFTS_PER_OPERATOR_MAX; i += 1) {
    assert.ok(drafts.save({ base: r(i), text: `text ${i}`, savedAtMs: i }).ok);
  }
  const refused = drafts.save({ base: r(99), text: 'too many', savedAtMs: 99 });
  assert.equal(!refused.ok && refused.error.reason, 'too-large');
  assert.match(refused.ok ? '' : refused.error.detail, /discard one/);
  assert.equal(drafts.list.length, DRAFTS_PER_OPERATOR_MAX);
  assert.equal(drafts.read(r(1))?.text, 'text 1');
  assert.ok(drafts.save({ base: r(1), text: 'still saved', savedAtMs: 100 }).ok);
  assert.equal(drafts.read()?.text, 'still saved');
});

test('[DRAFT5] a draft that was published as it stands is gone, whatever its base; others stay', (t) => {
  const { drafts } = keeperOf(t);
  drafts.save({ base: r(1), text: 'published', savedAtMs: 1 });
  drafts.save({ base: r(2), text: 'kept', savedAtMs: 2 });
  drafts.discardIfPublished('published');
  assert.deepEqual(
    drafts.list.map(({ base }) => base),
    [2],
  );
});

test('[DRAFT10] a save that names what it goes on from is refused when that is another by now', (t) => {
  const { drafts } = keeperOf(t);
  const save = (text: string, savedAtMs: number, expected?: number | null) =>
    drafts.save({ base: r(1), text, savedAtMs }, expected);
  const reasonOf = (saved: ReturnType<typeof save>) => (saved.ok ? null : saved.error.reason);
  assert.ok(save('first', 10, null).ok);
  assert.equal(reasonOf(save('second first', 11, null)), 'draft-changed');
  assert.ok(save('edited', 12, 10).ok);
  const late = save('merged into the first', 13, 10);
  assert.equal(reasonOf(late), 'draft-changed');
  assert.match(late.ok ? '' : late.error.detail, /saved from elsewhere.*Read the draft again/);
  assert.equal(drafts.read()?.text, 'edited');
  assert.ok(save('edited', 14, 10).ok, 'what is there already is no other');
  assert.ok(save('whatever is there', 15).ok);
  drafts.discard();
  assert.equal(reasonOf(save('of a draft that is gone', 16, 15)), 'draft-changed');
  assert.equal(drafts.summary, null);
});

test('[DRAFT10] no two saves bear the same instant, even when the clock goes back', (t) => {
  const { drafts } = keeperOf(t);
  assert.equal(drafts.nextSavedAtMs(10), 10);
  drafts.save({ base: r(1), text: 'one', savedAtMs: 10 });
  drafts.save({ base: null, text: 'none', savedAtMs: 30 });
  assert.equal(drafts.nextSavedAtMs(30), 31);
  assert.equal(drafts.nextSavedAtMs(5), 31);
});

test('[DRAFT8] a draft whose file was removed or replaced is not said to be saved', (t) => {
  const { path, drafts } = keeperOf(t);
  renameSync(path, `${path}.away`);
  for (const replace of [() => {}, () => new Database(path).exec('CREATE TABLE t (a)').close()]) {
    replace();
    const saved = drafts.save({ base: null, text: 'typed', savedAtMs: 1 });
    assert.equal(!saved.ok && saved.error.reason, 'storage-failed');
    assert.match(
      saved.ok ? '' : saved.error.detail,
      /not saved: .*removed or replaced.*Put the fi/,
    );
  }
  rmSync(path);
  renameSync(`${path}.away`, path);
  assert.ok(drafts.save({ base: null, text: 'typed', savedAtMs: 1 }).ok);
});

test('[DRAFT8] on a full disk a draft is refused with the reason, and a publish stays one', (t) => {
  const { store } = keeperOf(t);
  store.saveDraft('mira', { base: null, text: 'published', savedAtMs: 1 });
  const full = () => {
    throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
  };
  const drafts = new DraftKeeper({ ...store, saveDraft: full, discardDraft: full }, 'mira');
  const saved = drafts.save({ base: null, text: 'typed', savedAtMs: 2 });
  assert.match(saved.ok ? '' : saved.error.detail, /not saved: .*disk is full.*Make room/);
  drafts.discardIfPublished('published');
  assert.equal(drafts.read()?.text, 'published');
});
