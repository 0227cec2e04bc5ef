import type { RevisionRow } from '../../core/protocol/console-model.ts';

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

/** The page asked for with `before` the oldest row held; ignored when it does not continue it. */
export function withOlderPage(held: RevisionPages, page: RevisionPage): RevisionPages {
  const oldest = held.rows.at(-1)?.revision;
  const older = page.revisions.filter((row) => oldest === undefined || row.revision < oldest);
  const rows = [...held.rows, ...older].slice(0, REVISIONS_KEPT_MAX);
  const ended = page.revisions.length < REVISIONS_PER_PAGE || rows.length >= REVISIONS_KEPT_MAX;
  return { rows, ended, complete: held.complete && page.complete };
}
