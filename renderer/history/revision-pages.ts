import type { Revision } from '../../core/config/ids.ts';
import type { RevisionRow } from '../../core/protocol/console-model.ts';
import { formatCount } from '../format/format.ts';

/** Revisions asked for at a time. */
export const REVISIONS_PER_PAGE = 100;
/** Revisions kept in the page; older ones are not listed. */
export const REVISIONS_KEPT_MAX = 20_000;

/** A stretch of history from the newest revision on, newest first. */
export interface RevisionPages {
  readonly rows: readonly RevisionRow[];
  /** Nothing older is to be had. */
  readonly ended: boolean;
  /** False: only what the console remembers. */
  readonly complete: boolean;
}

export const NO_REVISIONS: RevisionPages = { rows: [], ended: false, complete: true };

export interface RevisionPage {
  readonly complete: boolean;
  readonly revisions: readonly RevisionRow[];
}

/**
 * The newest page again. What it spans is replaced, for a restored backup may have taken revisions
 * away; older rows are kept if both stretches meet and are of the same history.
 */
export function withNewestPage(held: RevisionPages, page: RevisionPage): RevisionPages {
  const last = page.revisions.at(-1);
  const ended = page.revisions.length < REVISIONS_PER_PAGE;
  const next =
    last === undefined ? -1 : held.rows.findIndex((row) => row.revision === last.revision);
  const meets = next !== -1 && held.rows[next]?.rootHash === last?.rootHash;
  if (ended || !meets || !page.complete || !held.complete) {
    return { rows: page.revisions, ended, complete: page.complete };
  }
  const rows = [...page.revisions, ...held.rows.slice(next + 1)].slice(0, REVISIONS_KEPT_MAX);
  return { rows, ended: held.ended, complete: true };
}

/**
 * The row of the opened revision: as listed, or as it was when it was listed last, for a search and a
 * fresh first page leave out what is open. Null when nothing is open, or when the history has lost it.
 */
export function openedRow(input: {
  readonly pages: RevisionPages;
  readonly searching: boolean;
  readonly selected: Revision | null;
  readonly held: RevisionRow | null;
}): RevisionRow | null {
  const { pages, selected } = input;
  if (selected === null) return null;
  const listed = pages.rows.find((row) => row.revision === selected);
  if (listed !== undefined) return listed;
  const held = input.held?.revision === selected ? input.held : null;
  // What the console remembers has gaps, and a search is made of them.
  if (input.searching || !pages.complete) return held;
  const newest = pages.rows[0]?.revision;
  const oldest = pages.rows.at(-1)?.revision;
  if (newest === undefined || oldest === undefined) return held;
  return !pages.ended && selected < oldest ? held : null;
}

/** How many revisions a search has found; empty when nothing is searched for or known yet. */
export function foundInWords(pages: RevisionPages, search: string): string {
  const { length } = pages.rows;
  if (search.trim() === '' || length === 0) return '';
  const found = `${formatCount(length)} ${length === 1 ? 'revision' : 'revisions'} found`;
  return pages.ended ? found : `${found} so far; scroll for older ones`;
}

/** The page asked for with `before` the oldest row held; ignored when it does not continue it. */
export function withOlderPage(held: RevisionPages, page: RevisionPage): RevisionPages {
  const oldest = held.rows.at(-1)?.revision;
  const older = page.revisions.filter((row) => oldest === undefined || row.revision < oldest);
  const rows = [...held.rows, ...older].slice(0, REVISIONS_KEPT_MAX);
  const ended = page.revisions.length < REVISIONS_PER_PAGE || rows.length >= REVISIONS_KEPT_MAX;
  return { rows, ended, complete: held.complete && page.complete };
}
