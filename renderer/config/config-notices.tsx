import { Button } from '@mantine/core';
import { notifyDone, notifyRefusal } from '../shell/notify.ts';
import type { Divergence } from '../workers/config-worker-messages.ts';
import classes from './config.module.css';
import { getDraftController } from './draft-session.ts';
import { hasDiverged, useDraft } from './draft-store.ts';
import { revisionName } from './publish-availability.ts';
import { resourceLabel } from './resource-label.ts';

/** Resources named in a sentence; the rest is counted. */
const NAMED_MAX = 4;

/** What stands between the draft and the fleet, above the editor. */
export function ConfigNotices() {
  const diverged = useDraft(hasDiverged);
  return <div className={classes.notices}>{diverged && <ConflictNotice />}</div>;
}

function ConflictNotice() {
  const draft = useDraft();
  const head = revisionName(draft.head?.revision ?? null);
  const divergence = draft.analysis?.divergence ?? null;
  const clash = divergence !== null && divergence.overlapping.length > 0;
  const mergeable = divergence !== null && !clash && divergence.unclear.length === 0;
  return (
    <div className={classes.notice} role="status" data-tone={clash ? 'bad' : ''}>
      <span className={classes.noticeText}>
        <span className="hf-strong">
          Your draft is based on {revisionName(draft.base)}, head is {head}.
        </span>{' '}
        {whatCanBeDone(divergence, draft.baseFailure)}
      </span>
      <Button onClick={() => useDraft.setState({ tab: 'diff' })}>Show diff to {head}</Button>
      {mergeable && (
        <Button variant="filled" onClick={() => void continueOnHead()}>
          Continue on {head}
        </Button>
      )}
    </div>
  );
}

function whatCanBeDone(divergence: Divergence | null, baseFailure: string | null): string {
  if (divergence === null) {
    return baseFailure === null
      ? 'What changed on both sides is being compared.'
      : `What changed on both sides cannot be told: ${baseFailure}`;
  }
  const { overlapping, unclear } = divergence;
  if (overlapping.length > 0) {
    return `Both changed ${named(overlapping)}. Export the draft, discard it, and make these changes again on the head.`;
  }
  if (unclear.length > 0) return `Mend ${named(unclear)} first; then it can be put onto the head.`;
  return 'Your changes touch other resources: they can be put onto it as they are.';
}

function named(keys: readonly string[]): string {
  const listed = keys.slice(0, NAMED_MAX).map(resourceLabel).join(', ');
  return keys.length > NAMED_MAX ? `${listed} and ${keys.length - NAMED_MAX} more` : listed;
}

async function continueOnHead(): Promise<void> {
  const outcome = await getDraftController().rebase();
  if (outcome?.ok === true) {
    notifyDone(`The draft is now based on ${revisionName(useDraft.getState().base)}`);
    return;
  }
  const detail =
    outcome === null
      ? 'The text could not be compared.'
      : outcome.reason === 'no-base'
        ? 'The revision that it is based on is not at hand.'
        : outcome.reason === 'unreadable'
          ? `Mend ${named(outcome.keys)} first.`
          : `Both changed ${named(outcome.keys)}.`;
  notifyRefusal('The draft stays where it was', { detail });
}
