import { useEffect } from 'react';
import { useConsole } from '../state/console-store.ts';
import classes from './history.module.css';
import { registerHistoryActions } from './history-actions.ts';
import { HistorySearch } from './history-search.tsx';
import { followHead, useHistory } from './history-store.ts';
import { RevisionDetail } from './revision-detail.tsx';
import { RevisionList } from './revision-list.tsx';
import { foundInWords } from './revision-pages.ts';
import { RollbackDialog } from './rollback-dialog.tsx';

registerHistoryActions();

/** Every revision, newest first; what each changed; the way back to any of them. */
export function HistoryView() {
  useEffect(followHead, []);
  const pages = useHistory((state) => state.pages);
  const failure = useHistory((state) => state.failure);
  const search = useHistory((state) => state.search);
  const down = useConsole((state) => state.status?.controlPlane.state === 'down');
  return (
    <div className={classes.view}>
      <h2 className="hf-hidden">History</h2>
      <div className={classes.searchBar}>
        <HistorySearch />
        <span className={classes.qualifier} role="status">
          {foundInWords(pages, search)}
        </span>
      </div>
      <div className={classes.notices}>
        {(down || !pages.complete) && (
          <p className={classes.notice} role="status">
            The control plane is down: only what the console remembers is listed, and only the head
            can be opened for certain.
          </p>
        )}
        {failure !== null && (
          <p className={classes.notice} role="status">
            The list could not be brought up to date. {failure}
          </p>
        )}
      </div>
      {/* Other words make another list, which begins at its top. */}
      <RevisionList key={search} />
      <RevisionDetail />
      <RollbackDialog />
    </div>
  );
}
