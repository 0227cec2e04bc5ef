import { Button, Modal, TextInput } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import type { ConsoleRefusal } from '../../core/protocol/console-api.ts';
import { TEXT_CHARS_MAX } from '../../core/protocol/limits.ts';
import { notifyDone } from '../shell/notify.ts';
import { ChangeList } from './change-list.tsx';
import { changesInWords } from './config-words.ts';
import { ConfirmEmptying, wouldEmpty } from './confirm-emptying.tsx';
import { ConflictPanel } from './conflict-panel.tsx';
import classes from './dialogs.module.css';
import { getDraftController } from './draft-session.ts';
import { showConfigDialog, useDraft } from './draft-store.ts';
import { PublishFacts } from './if-published.tsx';
import { RefusalNote } from './refusal-note.tsx';
import { RehearseSection } from './rehearsal/rehearse-section.tsx';
import { comparisonFinding } from './request-words.ts';
import { RequestChanges } from './requests-section.tsx';
import { ScrollRegion } from './scroll-region.tsx';
import { usePublishBlocked } from './use-publish-blocked.ts';

/** Asks for a message, says what publishing will touch, and publishes. */
export function PublishDialog() {
  const opened = useDraft((state) => state.dialog?.kind === 'publish');
  return (
    <Modal
      opened={opened}
      onClose={() => showConfigDialog(null)}
      title="Publish the draft"
      size={1120}
      // From its top down: what a rehearsal finds does not move what is being typed.
      centered={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {opened && <PublishForm />}
    </Modal>
  );
}

function PublishForm() {
  const publishing = useDraft((state) => state.publishing);
  const head = useDraft((state) => state.head?.revision ?? 0);
  const blocked = usePublishBlocked();
  const [message, setMessage] = useState('');
  const [refusal, setRefusal] = useState<ConsoleRefusal | null>(null);
  const [allowEmpty, setAllowEmpty] = useState(false);
  const emptying = wouldEmpty(refusal);
  const isConfirmed = !emptying || allowEmpty;
  const ready = message.trim() !== '' && blocked === null && isConfirmed && !publishing;

  async function publish(): Promise<void> {
    if (!ready) return;
    setRefusal(null);
    // What was confirmed is this text, not whatever is typed next.
    setAllowEmpty(false);
    const outcome = await getDraftController().publish(message.trim(), emptying && allowEmpty);
    if (!outcome.ok) {
      setRefusal(outcome.error);
      return;
    }
    // The diff that was looked at before is empty now.
    useDraft.setState({ tab: 'yaml' });
    showConfigDialog(null);
    notifyDone(`Published r${outcome.value.revision}: ${message.trim()}`);
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    void publish();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void publish();
  }

  return (
    <form className={classes.dialog} onSubmit={submit} onKeyDown={onKeyDown}>
      <div className={classes.sides}>
        <div className={classes.dialog}>
          <TextInput
            label="Message"
            description="What changes, and why. It stays in the history."
            required
            data-autofocus
            maxLength={TEXT_CHARS_MAX}
            value={message}
            onChange={(event) => setMessage(event.currentTarget.value)}
          />
          <ConflictPanel />
          <WhatChanges />
          <RequestsThatChange />
          <PublishFacts />
          <RemainingProblems />
        </div>
        <RehearseSection />
      </div>
      {refusal !== null && <RefusalNote title="It was not published." refusal={refusal} />}
      {emptying && <ConfirmEmptying confirmed={allowEmpty} onConfirm={setAllowEmpty} />}
      <div className={classes.dialogButtons}>
        {blocked !== null && !publishing && <span className={classes.blocked}>{blocked}</span>}
        <Button onClick={() => showConfigDialog(null)}>Cancel</Button>
        <Button type="submit" variant="filled" disabled={!ready} loading={publishing}>
          Publish r{head + 1}
        </Button>
      </div>
    </form>
  );
}

/** Resources, and their fields when asked for. */
function WhatChanges() {
  const analysis = useDraft((state) => state.analysis);
  const [fields, setFields] = useState(false);
  const changes = analysis?.changes ?? [];
  return (
    <div>
      <div className={classes.dialogHead}>
        <span className={classes.sectionTitle}>What changes</span>
        <span className={classes.toggle}>
          <span className={classes.sectionFinding}>{changesInWords(changes)}</span>
          <button
            type="button"
            className={classes.link}
            aria-pressed={fields}
            onClick={() => setFields(!fields)}
          >
            {fields ? 'Hide fields' : 'Show fields'}
          </button>
        </span>
      </div>
      <ScrollRegion label="Changes to be published" className={classes.dialogList}>
        <ChangeList changes={changes} fields={fields} />
      </ScrollRegion>
    </div>
  );
}

/** Which requests go elsewhere: what an operator asks first. */
function RequestsThatChange() {
  const comparison = useDraft((state) => state.comparison);
  const comparing = useDraft((state) => state.comparing);
  return (
    <div>
      <div className={classes.dialogHead}>
        <span className={classes.sectionTitle}>Requests that change</span>
        <span className={classes.sectionFinding}>
          {comparison === null || comparing ? 'being compared' : comparisonFinding(comparison)}
        </span>
      </div>
      <ScrollRegion label="Requests that publishing changes" className={classes.requests}>
        <RequestChanges onPick={() => showConfigDialog(null)} />
      </ScrollRegion>
    </div>
  );
}

function RemainingProblems() {
  const problems = useDraft((state) => state.analysis?.problems ?? null);
  if (problems === null || problems.length === 0) return null;
  return (
    <div>
      <span className={classes.sectionTitle}>Problems</span>
      <ScrollRegion label="Problems of the draft" className={classes.dialogList}>
        {problems.slice(0, 20).map((problem) => (
          <div key={`${problem.line} ${problem.code} ${problem.pointer} ${problem.message}`}>
            <span className="hf-muted">line {problem.line}: </span>
            {problem.message}
          </div>
        ))}
        {problems.length > 20 && <div className="hf-muted">and {problems.length - 20} more</div>}
      </ScrollRegion>
    </div>
  );
}
