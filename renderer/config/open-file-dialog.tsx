import { Button, Modal } from '@mantine/core';
import { formatBytes } from '../format/format.ts';
import classes from './config.module.css';
import { changesInWords, counted } from './config-words.ts';
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
      title={opened === null ? '' : `Open ${opened.name}`}
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
      <p>
        {hasDraft
          ? 'It replaces the text of your draft. Undo in the editor brings the old text back.'
          : 'It becomes your draft. Nothing is published by opening it.'}
      </p>
      <div className={classes.dialogButtons}>
        <Button onClick={() => showConfigDialog(null)}>Cancel</Button>
        <Button
          variant="filled"
          data-autofocus
          onClick={() => {
            getDraftController().replace(dialog.text);
            showConfigDialog(null);
          }}
        >
          {hasDraft ? 'Replace the draft' : 'Make it the draft'}
        </Button>
      </div>
    </div>
  );
}
