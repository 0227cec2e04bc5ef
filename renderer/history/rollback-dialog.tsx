import { Button, Modal, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Revision } from '../../core/config/ids.ts';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import { TEXT_CHARS_MAX } from '../../core/protocol/limits.ts';
import { getClient } from '../client.ts';
import { ChangeList } from '../config/change-list.tsx';
import { changesInWords, touchedInWords } from '../config/config-words.ts';
import { ConfirmEmptying, wouldEmpty } from '../config/confirm-emptying.tsx';
import { RefusalNote } from '../config/refusal-note.tsx';
import { ScrollRegion } from '../config/scroll-region.tsx';
import { notifyDone } from '../shell/notify.ts';
import { useConsole } from '../state/console-store.ts';
import classes from './history.module.css';
import { loadNewest, selectRevision, useHistory } from './history-store.ts';
import { type DiffState, useRevisionDiff } from './use-revision-diff.ts';

/** Says what a rollback makes and touches, and does it. */
export function RollbackDialog() {
  const opened = useHistory((state) => state.rollbackOpen);
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Roll back"
      size={640}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {opened && <RollbackForm />}
    </Modal>
  );
}

function close(): void {
  useHistory.setState({ rollbackOpen: false });
}

function RollbackForm() {
  const rows = useHistory((state) => state.pages.rows);
  const opened = useHistory((state) => state.opened);
  const status = useConsole((state) => state.status);
  const head = status?.head ?? null;
  // The opened one first, if a search or its age keeps it out of the list.
  const isListed = rows.some((row) => row.revision === opened?.revision);
  const choices = (opened === null || isListed ? rows : [opened, ...rows]).filter(
    (row) => row.revision !== head?.revision,
  );
  const [chosen, setChosen] = useState<Revision | null>(null);
  const target =
    chosen ??
    choices.find((row) => row.revision === opened?.revision)?.revision ??
    choices[0]?.revision;
  const [message, setMessage] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<ConsoleRefusal | null>(null);
  const [allowEmpty, setAllowEmpty] = useState(false);
  const emptying = wouldEmpty(refusal);
  const isConfirmed = !emptying || allowEmpty;
  const diff = useRevisionDiff(
    head?.revision ?? null,
    target ?? null,
    head?.lineage ?? '',
    status?.controlPlane.state ?? '',
  );
  const up = status?.controlPlane.state === 'up';

  async function rollBack(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (target === undefined || !up || busy || !isConfirmed) return;
    setBusy(true);
    setRefusal(null);
    setAllowEmpty(false);
    const outcome = await getClient().request('rollback', {
      to: target,
      ...(message.trim() === '' ? {} : { message: message.trim() }),
      ...(emptying ? { allowEmpty } : {}),
    });
    setBusy(false);
    if (!outcome.ok) {
      setRefusal(outcome.error);
      return;
    }
    close();
    await loadNewest();
    selectRevision(outcome.value.revision);
    notifyDone(`Published r${outcome.value.revision} with the content of r${target}`);
  }

  if (head === null || target === undefined) {
    return <p>There is no earlier revision to go back to.</p>;
  }
  return (
    <form className={classes.dialog} onSubmit={(event) => void rollBack(event)}>
      <Select
        label="Revision"
        searchable
        allowDeselect={false}
        limit={100}
        value={`${target}`}
        data={choices.map((row) => ({
          value: `${row.revision}`,
          label: `r${row.revision} · ${row.message}`,
        }))}
        onChange={(value) => {
          setChosen(choices.find((row) => `${row.revision}` === value)?.revision ?? null);
          // What was refused, and may have been confirmed, was another revision.
          setRefusal(null);
          setAllowEmpty(false);
        }}
      />
      <TextInput
        label="Message"
        data-autofocus
        placeholder={`Roll back to r${target}`}
        maxLength={TEXT_CHARS_MAX}
        value={message}
        onChange={(event) => setMessage(event.currentTarget.value)}
      />
      <p>
        Makes a new revision, <span className="hf-mono">r{head.revision + 1}</span>, with the
        content of <span className="hf-mono">r{target}</span>. History keeps everything in between.{' '}
        {draftWords(status?.draft !== null && status?.draft !== undefined)}
      </p>
      <RollbackChanges diff={diff} head={head.revision} inventory={status?.fleet.inventory ?? 0} />
      {refusal !== null && <RefusalNote title="It was not rolled back." refusal={refusal} />}
      {emptying && <ConfirmEmptying confirmed={allowEmpty} onConfirm={setAllowEmpty} />}
      <div className={classes.dialogButtons}>
        {!up && <span className={classes.qualifier}>The control plane is down.</span>}
        <Button onClick={close}>Cancel</Button>
        <Button type="submit" variant="filled" disabled={!up || !isConfirmed} loading={busy}>
          Roll back to r{target}
        </Button>
      </div>
    </form>
  );
}

function draftWords(hasDraft: boolean): string {
  return hasDraft
    ? 'Your draft is not touched; it can be continued on the new head.'
    : 'There is no draft that it could touch.';
}

function RollbackChanges(props: {
  readonly diff: DiffState;
  readonly head: number;
  readonly inventory: number;
}) {
  const { diff } = props;
  if (diff.kind === 'loading') return <p className="hf-muted">Comparing with r{props.head}.</p>;
  if (diff.kind === 'failed') {
    return <p className="hf-muted">What changes cannot be told. {diff.refusal.detail}</p>;
  }
  const changes = diff.diff.changes ?? [];
  return (
    <section aria-label="What changes">
      <p className={classes.dialogHead}>
        <span className="hf-strong">What changes from r{props.head}</span>
        <span className="hf-muted">
          {changesInWords(changes)} · {touchedInWords(changes, props.inventory)}
        </span>
      </p>
      <ScrollRegion label="Changes" className={classes.dialogList}>
        <ChangeList changes={changes} fields={false} />
      </ScrollRegion>
    </section>
  );
}
