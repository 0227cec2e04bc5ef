import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EMPTY_ROOT_HASH, type Revision } from '../../../core/config/ids.ts';
import type { RevisionRow } from '../../../core/protocol/console-model.ts';
import {
  foundInWords,
  NO_REVISIONS,
  openedRow,
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

test('[UIHIST11] what is open stays open when a search or a fresh page leaves it out', () => {
  const held = row(150, 'as it was listed');
  const opened = (pages: Parameters<typeof openedRow>[0]['pages'], searching = false) =>
    openedRow({ pages, searching, selected: held.revision, held });
  const newest = withNewestPage(NO_REVISIONS, page(300));
  assert.equal(opened(newest), held, 'it is older than the page');
  assert.equal(opened(withOlderPage(newest, page(200)))?.message, '', 'the list is newer');
  const found = withNewestPage(NO_REVISIONS, { complete: true, revisions: [row(299), row(12)] });
  assert.equal(opened(found, true), held);
  assert.equal(opened(NO_REVISIONS, true), held);
  const remembered = { complete: false, revisions: [row(299), row(12)] };
  assert.equal(opened(withNewestPage(NO_REVISIONS, remembered)), held);
});

test('[UIHIST11] what a restored backup took away is not open any more', () => {
  const held = row(150);
  const restored = withNewestPage(NO_REVISIONS, page(40, 40));
  const lost = { pages: restored, searching: false, selected: held.revision, held };
  assert.equal(openedRow(lost), null);
  assert.equal(openedRow({ ...lost, selected: null }), null);
  assert.equal(openedRow({ ...lost, held: row(151), searching: true }), null);
});

test('[UIHIST12] what a search found is counted, and that there may be more is said', () => {
  const few = withNewestPage(NO_REVISIONS, { complete: true, revisions: [row(9)] });
  assert.equal(foundInWords(few, 'mira'), '1 revision found');
  assert.equal(foundInWords(few, ' '), '');
  assert.equal(foundInWords(NO_REVISIONS, 'mira'), '');
  const many = withNewestPage(NO_REVISIONS, page(300));
  assert.equal(foundInWords(many, 'mira'), '100 revisions found so far; scroll for older ones');
});
