import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY_ROOT_HASH, type Revision } from '../../../core/config/ids.ts';
import type { RevisionRow } from '../../../core/protocol/console-model.ts';
import {
  NO_REVISIONS,
  REVISIONS_PER_PAGE,
  withNewestPage,
  withOlderPage,
} from '../../../renderer/history/revision-pages.ts';

function row(revision: number, message = ''): RevisionRow {
  return {
    revision: revision as Revision,
    parent: null,
    generation: revision,
    rootHash: EMPTY_ROOT_HASH,
    author: 'mira',
    message,
    publishedAtMs: 0,
    origin: 'publish',
    originOf: null,
    resources: 1,
    changed: 1,
    sourceBytes: 1,
    convergence: null,
  };
}

/** A full page that ends above `bottom`. */
function page(top: number, length = REVISIONS_PER_PAGE) {
  const revisions = Array.from({ length }, (_, i) => row(top - i));
  return { complete: true, revisions };
}

test('[UIHIST4] older pages follow the newest without a gap or a double', () => {
  const first = withNewestPage(NO_REVISIONS, page(300));
  const both = withOlderPage(first, page(200));
  assert.equal(both.rows.length, 200);
  assert.equal(new Set(both.rows.map((each) => each.revision)).size, 200);
  assert.equal(both.ended, false);
  assert.equal(withOlderPage(both, page(100)).rows.length, 300);
  assert.equal(withOlderPage(both, page(100, 3)).ended, true);
});

test('[UIHIST5] a new head is put on top, and what was paged in before is kept', () => {
  const held = withOlderPage(withNewestPage(NO_REVISIONS, page(300)), page(200));
  const after = withNewestPage(held, page(301));
  assert.equal(after.rows[0]?.revision, 301);
  assert.equal(after.rows.length, 201);
});

test('[UIHIST6] revisions that a restored backup took away are not listed any more', () => {
  const held = withNewestPage(NO_REVISIONS, page(300));
  const after = withNewestPage(held, page(290));
  assert.equal(after.rows[0]?.revision, 290);
  assert.ok(after.rows.every((each) => each.revision <= 290));
});

test('[UIHIST7] what the console remembers alone replaces the list, and the other way round', () => {
  const held = withOlderPage(withNewestPage(NO_REVISIONS, page(300)), page(200));
  const down = withNewestPage(held, { complete: false, revisions: page(300, 5).revisions });
  assert.equal(down.rows.length, 5);
  assert.equal(down.complete, false);
  const back = withNewestPage(down, page(300));
  assert.equal(back.rows.length, REVISIONS_PER_PAGE);
  assert.equal(back.complete, true);
});
