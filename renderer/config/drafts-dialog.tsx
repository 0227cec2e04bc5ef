import { Button, Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { DraftSummary } from '../../core/protocol/console-model.ts';
import { formatBytes, formatInstant } from '../format/format.ts';
import { notifyDone, notifyRefusal } from '../shell/notify.ts';
import { useNow } from '../state/use-now.ts';
import classes from './dialogs.module.css';
import { getDraftController } from './draft-session.ts';
import { showConfigDialog, useDraft } from './draft-store.ts';
import { setConfigLayout, useConfigLayout } from './layout-memory.ts';
import { revisionName } from './publish-availability.ts';

/** Drafts of other bases: one for each revision that something was begun from. */
export function DraftsDialog() {
  const opened = useDraft((state) => state.dialog?.kind === 'drafts');
  return (
    <Modal
      opened={opened}
      onClose={() => showConfigDialog(null)}
      title="Your drafts"
      size={520}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {opened && <DraftList />}
    </Modal>
  );
}

function DraftList() {
  const base = useDraft((state) => state.base);
  const hasDraft = useDraft((state) => state.hasDraft);
  const head = useDraft((state) => state.head?.revision ?? null);
  const nowMs = useNow();
  const [drafts, setDrafts] = useState<readonly DraftSummary[] | null | 'unknown'>(null);
  useEffect(() => {
    void getDraftController()
      .listDrafts()
      .then((listed) => setDrafts(listed ?? 'unknown'));
  }, []);
  if (drafts === null) return <p className="hf-muted">Looking for drafts.</p>;
  if (drafts === 'unknown') return <p className="hf-muted">The drafts cannot be listed now.</p>;
  if (drafts.length === 0) return <p className="hf-muted">There is no draft.</p>;
  return (
    <>
      <ul className={classes.drafts}>
        {drafts.map((draft) => (
          <li key={String(draft.base)} className={classes.draft}>
            <span>
              {draft.base === null
                ? 'Draft of the first revision'
                : `Draft on ${revisionName(draft.base)}`}{' '}
              <span className="hf-muted">
                {formatBytes(draft.bytes)}, saved {formatInstant(draft.savedAtMs, nowMs)}
              </span>
            </span>
            {hasDraft && draft.base === base ? (
              <span className={classes.toggle}>
                <span className="hf-muted">open</span>
                <Button onClick={compare}>Diff to {revisionName(head)}</Button>
              </span>
            ) : (
              <Button onClick={() => void open(draft.base)}>Open</Button>
            )}
          </li>
        ))}
      </ul>
      {hasDraft && drafts.every((draft) => draft.base !== head) && (
        <div className={classes.draft}>
          <span className="hf-muted">The draft that is open stays in this list.</span>
          <Button onClick={() => void begin()}>Begin one on {revisionName(head)}</Button>
        </div>
      )}
    </>
  );
}

function compare(): void {
  useDraft.setState({ tab: 'diff' });
  if (useConfigLayout.getState().panes === 'form') setConfigLayout({ panes: 'both' });
  showConfigDialog(null);
}

async function begin(): Promise<void> {
  if (await getDraftController().beginOnHead()) {
    showConfigDialog(null);
    notifyDone('This is the head. What is edited now begins a draft on it.');
  } else {
    const detail = 'The draft that is open could not be saved, so it stays open.';
    notifyRefusal('No draft was begun', { detail });
  }
}

async function open(base: DraftSummary['base']): Promise<void> {
  const opened = await getDraftController().openDraft(base);
  if (opened.ok) showConfigDialog(null);
  else notifyRefusal('The draft was not opened', opened.error);
}
