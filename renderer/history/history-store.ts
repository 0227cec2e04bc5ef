import { create } from 'zustand';
import type { Revision } from '../../core/config/ids.ts';
import type { ConsoleStatus, RevisionRow } from '../../core/protocol/console-model.ts';
import { getClient } from '../client.ts';
import { useConsole } from '../state/console-store.ts';
import {
  NO_REVISIONS,
  openedRow,
  REVISIONS_PER_PAGE,
  type RevisionPages,
  withNewestPage,
  withOlderPage,
} from './revision-pages.ts';

export interface HistoryState {
  readonly pages: RevisionPages;
  readonly loading: boolean;
  /** Why the list could not be had, in words. */
  readonly failure: string | null;
  readonly selected: Revision | null;
  /** The row of the selected one, which stays open when the list does not have it. */
  readonly opened: RevisionRow | null;
  /** What the selected one is compared with; null: its parent. */
  readonly comparedWith: Revision | null;
  readonly rollbackOpen: boolean;
  /** Words that the listed revisions have; empty: all are listed. */
  readonly search: string;
}

export const useHistory = create<HistoryState>()(() => ({
  pages: NO_REVISIONS,
  loading: false,
  failure: null,
  selected: null,
  opened: null,
  comparedWith: null,
  rollbackOpen: false,
  search: '',
}));

/** Opens a revision of the list, compared with its parent. */
export function selectRevision(selected: Revision): void {
  useHistory.setState((state) => {
    const opened = openedIn(state, state.pages, selected);
    return opened === null ? state : { selected, comparedWith: null, opened };
  });
}

/** Lists what has these words, newest first; everything when there are none. */
export function searchHistory(search: string): void {
  if (useHistory.getState().search === search) return;
  useHistory.setState({ search, pages: NO_REVISIONS });
  void loadNewest();
}

/** The newest revision is open until another is chosen, and when the chosen one is gone. */
function listed(state: HistoryState, pages: RevisionPages): Partial<HistoryState> {
  const opened = openedIn(state, pages, state.selected);
  const newest = pages.rows[0];
  if (opened !== null || newest === undefined) return { pages, opened };
  return { pages, opened: newest, selected: newest.revision, comparedWith: null };
}

function openedIn(
  state: HistoryState,
  pages: RevisionPages,
  selected: Revision | null,
): RevisionRow | null {
  return openedRow({ pages, searching: state.search.trim() !== '', selected, held: state.opened });
}

function searching(search: string): { search?: string } {
  const words = search.trim();
  return words === '' ? {} : { search: words };
}

/** Asks for the newest revisions. */
export async function loadNewest(): Promise<void> {
  useHistory.setState({ loading: true });
  const { search } = useHistory.getState();
  const page = await getClient().request('list-revisions', {
    limit: REVISIONS_PER_PAGE,
    ...searching(search),
  });
  // Other words were typed meanwhile, and their answer is on its way.
  if (useHistory.getState().search !== search) return;
  useHistory.setState((state) =>
    page.ok
      ? { loading: false, failure: null, ...listed(state, withNewestPage(state.pages, page.value)) }
      : { loading: false, failure: page.error.detail },
  );
}

/** Asks for what is older than the list, unless a request is under way. */
export async function loadOlder(): Promise<void> {
  const { pages, loading, search } = useHistory.getState();
  const before = pages.rows.at(-1)?.revision;
  if (loading || pages.ended || before === undefined) return;
  useHistory.setState({ loading: true });
  const page = await getClient().request('list-revisions', {
    before,
    limit: REVISIONS_PER_PAGE,
    ...searching(search),
  });
  if (useHistory.getState().search !== search) return;
  useHistory.setState((state) => {
    if (!page.ok) return { loading: false, failure: page.error.detail };
    // The newest page came meanwhile and the list ends elsewhere now.
    if (state.pages.rows.at(-1)?.revision !== before) return { loading: false };
    const pages = withOlderPage(state.pages, page.value);
    return { loading: false, failure: null, ...listed(state, pages) };
  });
}

/** Keeps the list at the head for as long as the view is open. Returns how to stop. */
export function followHead(): () => void {
  void loadNewest();
  return useConsole.subscribe((state, before) => {
    const reconnected = state.connection === 'open' && before.connection !== 'open';
    if (reconnected || historyMark(state.status) !== historyMark(before.status)) void loadNewest();
  });
}

/** Changes whenever the list may have. */
function historyMark(status: ConsoleStatus | null): string {
  if (status === null) return '';
  const { head, controlPlane, convergence } = status;
  const settled = convergence === null ? '' : `${convergence.reached === convergence.nodes}`;
  return `${head?.lineage}/${head?.generation}/${controlPlane.state}/${settled}`;
}
