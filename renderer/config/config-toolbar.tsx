import { Button, Menu, SegmentedControl } from '@mantine/core';
import { runAction } from '../actions/registry.ts';
import { formatInstant } from '../format/format.ts';
import { useNow } from '../state/use-now.ts';
import { changesInWords, saveInWords } from './config-words.ts';
import { useDraft } from './draft-store.ts';
import { setConfigLayout, useConfigLayout } from './layout-memory.ts';
import { revisionName } from './publish-availability.ts';
import classes from './toolbar.module.css';
import { usePublishBlocked } from './use-publish-blocked.ts';

/** What the editor shows, whether it is saved, and what can be done with it. */
export function ConfigToolbar() {
  const hasDraft = useDraft((state) => state.hasDraft);
  const head = useDraft((state) => state.head?.revision ?? 0);
  const blocked = usePublishBlocked();
  const reason = hasDraft ? blocked : null;
  return (
    <div className={classes.toolbar}>
      <DraftFacts />
      {reason !== null && (
        <span className={classes.blocked} id="publish-blocked" role="status">
          {reason}
        </span>
      )}
      <PaneSwitch />
      <Button onClick={() => runAction('config.open')}>Import…</Button>
      <ExportMenu />
      {hasDraft && <Button onClick={() => runAction('draft.discard')}>Discard…</Button>}
      <Button
        variant={hasDraft && blocked === null ? 'filled' : 'default'}
        disabled={blocked !== null}
        aria-describedby={reason === null ? undefined : 'publish-blocked'}
        onClick={() => runAction('draft.publish')}
      >
        Publish r{head + 1}…
      </Button>
    </div>
  );
}

function DraftFacts() {
  const draft = useDraft();
  const nowMs = useNow();
  const { head, analysis } = draft;
  if (draft.phase !== 'ready') {
    return <div className={classes.toolbarFacts}>Loading the config</div>;
  }
  if (!draft.hasDraft) {
    const published =
      head?.publishedAtMs == null
        ? 'Nothing is published yet.'
        : `published ${formatInstant(head.publishedAtMs, nowMs)} by ${head.author}: ${head.message}`;
    return (
      <div className={classes.toolbarFacts}>
        <div className={classes.toolbarTitle}>
          {head?.revision == null ? 'No config yet' : `r${head.revision}, the head`}
        </div>
        <div className={classes.toolbarDetail}>{published}</div>
      </div>
    );
  }
  const details = [
    analysis === null || (draft.analyzing && analysis.changes.length === 0)
      ? 'being checked'
      : changesInWords(analysis.changes),
    saveInWords(draft.save),
  ].filter((each) => each !== '');
  return (
    <div className={classes.toolbarFacts}>
      <div className={classes.toolbarTitle}>
        {draft.base === null
          ? 'Draft of the first revision'
          : `Draft on ${revisionName(draft.base)}`}
      </div>
      <div
        className={classes.toolbarDetail}
        data-testid="draft-saved"
        title={draft.save.kind === 'failed' ? draft.save.detail : undefined}
      >
        {details.join(' · ')}
      </div>
    </div>
  );
}

/** Form, text or both: on a narrow screen one of them has all the room. */
function PaneSwitch() {
  const panes = useConfigLayout((state) => state.panes);
  return (
    <SegmentedControl
      size="xs"
      aria-label="What is in sight"
      value={panes}
      onChange={(value) => {
        if (value === 'form' || value === 'both' || value === 'text') {
          setConfigLayout({ panes: value });
        }
      }}
      data={[
        { value: 'form', label: 'Form' },
        { value: 'both', label: 'Both' },
        { value: 'text', label: 'YAML' },
      ]}
    />
  );
}

function ExportMenu() {
  const hasDraft = useDraft((state) => state.hasDraft);
  const head = useDraft((state) => state.head);
  if (!hasDraft) return <Button onClick={() => runAction('config.export-head')}>Export…</Button>;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button>Export…</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => runAction('config.export')}>The draft</Menu.Item>
        <Menu.Item onClick={() => runAction('config.export-head')} disabled={head === null}>
          The head, {revisionName(head?.revision ?? null)}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
