import { Button, Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import { formatBytes } from '../format/format.ts';
import type { ImportPreview } from '../workers/config-worker-messages.ts';
import { changesInWords, counted } from './config-words.ts';
import classes from './dialogs.module.css';
import { getDraftController } from './draft-session.ts';
import { type ConfigDialog, showConfigDialog, useDraft } from './draft-store.ts';
import { revisionName } from './publish-availability.ts';

type OpenedFileDialog = Extract<ConfigDialog, { kind: 'open-file' }>;

/** Says what an opened file holds before it becomes the draft. */
export function OpenFileDialog() {
  const dialog = useDraft((state) => state.dialog);
  const opened = dialog?.kind === 'open-file' ? dialog : null;
  return (
    <Modal
      opened={opened !== null}
      onClose={() => showConfigDialog(null)}
      title={opened === null ? '' : `Import ${opened.name}`}
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {opened !== null && <OpenFilePreview dialog={opened} />}
    </Modal>
  );
}

function OpenFilePreview({ dialog }: { readonly dialog: OpenedFileDialog }) {
  const { preview } = dialog;
  const hasDraft = useDraft((state) => state.hasDraft);
  const head = useDraft((state) => state.head?.revision ?? null);
  const isEmpty = useDraft((state) => (state.analysis?.documents.length ?? 0) === 0);
  const { merged, replaced } = preview;
  const [mode, setMode] = useState<'merge' | 'replace'>(
    merged === null || isEmpty ? 'replace' : 'merge',
  );
  return (
    <div className={classes.dialog}>
      <dl className={classes.facts}>
        <dt>Holds</dt>
        <dd>
          {counted(preview.resources, 'resource')}, {formatBytes(preview.textBytes)}
        </dd>
        {preview.unknown > 0 && (
          <>
            <dt>Not known</dt>
            <dd>
              {counted(preview.unknown, 'document')} of other kinds
              {preview.unknownKinds.length > 0 && ` (${preview.unknownKinds.join(', ')})`}: kept and
              exported untouched, never pushed to nodes
            </dd>
          </>
        )}
        {preview.unreadable > 0 && (
          <>
            <dt>Not readable</dt>
            <dd>{counted(preview.unreadable, 'document')}, to be mended before publishing</dd>
          </>
        )}
        <dt>Problems</dt>
        <dd>
          {preview.errors === 0 && preview.warnings === 0
            ? 'none'
            : `${counted(preview.errors, 'error')}, ${counted(preview.warnings, 'warning')}`}
          {preview.firstError !== null && (
            <div className={classes.rejection}>
              line {preview.firstError.line}: {preview.firstError.message}
            </div>
          )}
        </dd>
        {preview.changes !== null && (
          <>
            <dt>Against {revisionName(head)}</dt>
            <dd>{changesInWords(preview.changes)}</dd>
          </>
        )}
      </dl>
      <Radio.Group
        label="How to take it in"
        value={mode}
        onChange={(value) => setMode(value === 'merge' ? 'merge' : 'replace')}
      >
        <Radio
          mt={8}
          value="merge"
          disabled={merged === null}
          label="Merge: replace what has the same name, add the rest, keep all else"
          description={merged === null ? preview.mergeProblem : importInWords(merged)}
        />
        <Radio
          mt={8}
          value="replace"
          label="Replace: the file becomes the whole text"
          description={replaced === null ? undefined : importInWords(replaced)}
        />
      </Radio.Group>
      <p className="hf-muted">
        {hasDraft
          ? 'Nothing is published by it. Undo brings the text of your draft back.'
          : 'It begins a draft. Nothing is published by it.'}
      </p>
      <div className={classes.dialogButtons}>
        <Button onClick={() => showConfigDialog(null)}>Cancel</Button>
        <Button
          variant="filled"
          data-autofocus
          onClick={() => {
            const text = mode === 'merge' ? merged?.text : null;
            getDraftController().replace(text ?? dialog.text);
            showConfigDialog(null);
          }}
        >
          {mode === 'merge' ? 'Merge' : 'Replace'}
        </Button>
      </div>
    </div>
  );
}

/** `2 resources added, 1 changed, 40 kept`. */
function importInWords({ added, changed, kept, removed }: ImportPreview): string {
  const parts = [`${counted(added, 'resource')} added`, `${changed} changed`, `${kept} kept`];
  if (removed > 0) parts.push(`${removed} removed`);
  return `${parts.join(', ')}.`;
}
