import { Button, Modal, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { MergeChoice, MergeChoices, ResourceConflict } from '../workers/merge-draft.ts';
import { continueOnHead, divergenceInWords } from './continue-on-head.ts';
import classes from './dialogs.module.css';
import { hasDiverged, showConfigDialog, useDraft } from './draft-store.ts';
import { revisionName } from './publish-availability.ts';
import { resourceLabel } from './resource-label.ts';
import { ScrollRegion } from './scroll-region.tsx';

/** Fields named of one side; the rest is counted. */
const FIELDS_NAMED_MAX = 4;

/** The three-way merge in a dialog of its own. */
export function ConflictDialog() {
  const opened = useDraft((state) => state.dialog?.kind === 'conflict');
  return (
    <Modal
      opened={opened}
      onClose={() => showConfigDialog(null)}
      title="Put the draft onto the head"
      size={680}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {opened && <ConflictPanel onDone={() => showConfigDialog(null)} />}
    </Modal>
  );
}

/** What head and draft both changed, with a choice for each; nothing while they agree. */
export function ConflictPanel(props: { readonly onDone?: () => void }) {
  const diverged = useDraft(hasDiverged);
  const divergence = useDraft((state) => state.analysis?.divergence ?? null);
  const base = useDraft((state) => state.base);
  const head = useDraft((state) => state.head?.revision ?? null);
  const baseFailure = useDraft((state) => state.baseFailure);
  const [choices, setChoices] = useState<MergeChoices>({});
  if (!diverged) return null;
  const conflicts = divergence?.conflicts ?? [];
  const open = conflicts.filter((each) => chosen(each, choices) === null);
  const ready = divergence !== null && divergence.unclear.length === 0 && open.length === 0;

  async function merge(): Promise<void> {
    const decided = Object.fromEntries(
      conflicts.flatMap((each) => {
        const choice = chosen(each, choices);
        return choice === null ? [] : [[each.key, choice]];
      }),
    );
    if (await continueOnHead(decided)) props.onDone?.();
  }

  return (
    <div className={classes.refusal}>
      <p>
        <span className="hf-strong">
          The draft is based on {revisionName(base)}, the head is {revisionName(head)}.
        </span>{' '}
        {divergenceInWords(divergence, baseFailure)}
      </p>
      <ScrollRegion label="Resources that both changed" className={classes.dialogList}>
        <ul className={classes.choices}>
          {conflicts.map((conflict) => (
            <ConflictLine
              key={conflict.key}
              conflict={conflict}
              choice={chosen(conflict, choices)}
              onChoose={(choice) => setChoices({ ...choices, [conflict.key]: choice })}
            />
          ))}
        </ul>
      </ScrollRegion>
      <div className={classes.refusalButtons}>
        <Button disabled={!ready} onClick={() => void merge()}>
          Continue on {revisionName(head)}
        </Button>
      </div>
    </div>
  );
}

/** Where no field was changed by both, keeping both changes is the plain answer. */
function chosen(conflict: ResourceConflict, choices: MergeChoices): MergeChoice | null {
  return choices[conflict.key] ?? (conflict.separable ? 'both' : null);
}

function ConflictLine(props: {
  readonly conflict: ResourceConflict;
  readonly choice: MergeChoice | null;
  readonly onChoose: (choice: MergeChoice) => void;
}) {
  const { conflict, choice } = props;
  return (
    <li className={classes.choice}>
      <span className={classes.choiceKey}>{resourceLabel(conflict.key)}</span>
      <SegmentedControl
        size="xs"
        aria-label={`Which change of ${resourceLabel(conflict.key)} counts`}
        value={choice ?? ''}
        onChange={(value) => {
          if (value === 'mine' || value === 'theirs' || value === 'both') props.onChoose(value);
        }}
        data={[
          { value: 'mine', label: 'Mine' },
          { value: 'theirs', label: 'Theirs' },
          ...(conflict.separable ? [{ value: 'both', label: 'Both' }] : []),
        ]}
      />
      <span className={classes.choiceNote}>
        Mine: {sideInWords(conflict, 'mine')}. Theirs: {sideInWords(conflict, 'theirs')}.
        {conflict.clashes.length > 0 && (
          <span className={classes.clash}> Both: {named(conflict.clashes)}.</span>
        )}
      </span>
    </li>
  );
}

function sideInWords(conflict: ResourceConflict, side: 'mine' | 'theirs'): string {
  if (conflict.removed === side) return 'removed it';
  if (conflict.added) return 'added it';
  const fields = conflict[side];
  if (fields.length === 0) return 'changed its text';
  return named(fields);
}

function named(fields: readonly string[]): string {
  const listed = fields.slice(0, FIELDS_NAMED_MAX).join(', ');
  const rest = fields.length - FIELDS_NAMED_MAX;
  return rest > 0 ? `${listed} and ${rest} more` : listed;
}
