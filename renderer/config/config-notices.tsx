import { Button } from '@mantine/core';
import { continueOnHead, divergenceInWords } from './continue-on-head.ts';
import { getDraftController } from './draft-session.ts';
import { hasDiverged, showConfigDialog, useDraft } from './draft-store.ts';
import { revisionName } from './publish-availability.ts';
import classes from './toolbar.module.css';

/** What stands between the draft and the fleet, above the editor. */
export function ConfigNotices() {
  const diverged = useDraft(hasDiverged);
  const savedElsewhere = useDraft((draft) => draft.savedElsewhere);
  return (
    <div className={classes.notices}>
      {savedElsewhere && <SavedElsewhereNotice />}
      {diverged && <ConflictNotice />}
    </div>
  );
}

/** Another window or the command line saved this draft while something was typed here. */
function SavedElsewhereNotice() {
  return (
    <div className={classes.notice} role="status" data-tone="bad">
      <span className={classes.noticeText}>
        <span className="hf-strong">This draft was saved from elsewhere while you typed.</span> What
        you typed is here and not saved. Open the other draft, and undo brings your text back; or
        save yours in its place.
      </span>
      <Button onClick={() => getDraftController().keepMine()}>Save mine over it</Button>
      <Button variant="filled" onClick={() => getDraftController().takeTheirs()}>
        Open the other
      </Button>
    </div>
  );
}

function ConflictNotice() {
  const draft = useDraft();
  const head = revisionName(draft.head?.revision ?? null);
  const divergence = draft.analysis?.divergence ?? null;
  const clash = divergence !== null && divergence.conflicts.length > 0;
  const mergeable = divergence !== null && !clash && divergence.unclear.length === 0;
  return (
    <div className={classes.notice} role="status" data-tone={clash ? 'bad' : ''}>
      <span className={classes.noticeText}>
        <span className="hf-strong">
          Your draft is based on {revisionName(draft.base)}, head is {head}.
        </span>{' '}
        {divergenceInWords(divergence, draft.baseFailure)}
      </span>
      <Button onClick={() => useDraft.setState({ tab: 'diff' })}>Show diff to {head}</Button>
      {mergeable && (
        <Button variant="filled" onClick={() => void continueOnHead({})}>
          Continue on {head}
        </Button>
      )}
      {clash && (
        <Button variant="filled" onClick={() => showConfigDialog({ kind: 'conflict' })}>
          Resolve…
        </Button>
      )}
    </div>
  );
}
