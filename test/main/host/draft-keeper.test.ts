import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Revision } from '../../../core/config/ids.ts';
import { DRAFTS_PER_OPERATOR_MAX } from '../../../core/protocol/limits.ts';
import { DraftKeeper } from '../../../main/host/draft-keeper.ts';
import { openConsoleStore } from '../../../main/host/store/console-store.ts';
import { scratchDirectory } from './host-fixture.ts';

function keeperOf(t: Parameters<typeof scratchDirectory>[0]) {
  const opened = openConsoleStore(join(scratchDirectory(t), 'console.sqlite'));
  assert.ok(opened.ok);
  const store = opened.value;
  t.after(() => store.close());
  return { store, drafts: new DraftKeeper(store, 'mira') };
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
