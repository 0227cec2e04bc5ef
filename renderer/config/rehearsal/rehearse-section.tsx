import { Button, Select } from '@mantine/core';
import { useEffect } from 'react';
import { trackRecordText } from '../../../core/rehearsal/track-record.ts';
import { getClient } from '../../client.ts';
import { useConsole } from '../../state/console-store.ts';
import { useNow } from '../../state/use-now.ts';
import dialogs from '../dialogs.module.css';
import { RefusalNote } from '../refusal-note.tsx';
import { forecastHeadline, isBeyondLimits, seedsWords } from './forecast-words.ts';
import { rehearsalProgress } from './progress-words.ts';
import classes from './rehearsal.module.css';
import {
  isRehearsalFaultId,
  REHEARSAL_FAULT_IDS,
  type RehearsalFaultChoice,
  rehearsalFaultLabel,
} from './rehearsal-faults.ts';
import { RehearsalResult } from './rehearsal-result.tsx';
import {
  outdatedReason,
  REHEARSAL_BUDGET_MS,
  type Rehearsal,
  type RehearsedDraft,
  useRehearsal,
} from './rehearsal-store.ts';
import { beginRehearsal, stopRehearsal } from './run-rehearsal.ts';
import { useDraftOfNow } from './use-draft-of-now.ts';
import { useRehearseBlocked } from './use-rehearse-blocked.ts';

const TICK_MS = 250;
const NO_SEED = 'Stopped before the first seed was done: nothing is known.';

/** Tries the draft on a copy of the fleet, and says what publishing it would come to. */
export function RehearseSection() {
  const rehearsal = useRehearsal((state) => state.rehearsal);
  const draft = useDraftOfNow();
  const blocked = useRehearseBlocked();
  useBeginWhenWanted(blocked, draft);
  const isDone = rehearsal.kind === 'done';
  const isRunning = rehearsal.kind === 'running';
  const choice = useRehearsal((state) => state.choice);
  const outdated = isDone ? outdatedReason(rehearsal, draft, choice) : null;
  return (
    <section className={classes.section} aria-label="Rehearse">
      <div className={dialogs.dialogHead}>
        <span className={dialogs.sectionTitle}>Rehearse</span>
        <span className={dialogs.sectionFinding}>
          {isDone && seedsWords(rehearsal.forecast, rehearsal.isStopped)}
        </span>
      </div>
      <Controls rehearsal={rehearsal} draft={draft} blocked={blocked} />
      <p className="hf-hidden" role="status">
        {spokenWords(rehearsal, outdated)}
      </p>
      <div className={classes.finding}>
        {(blocked === null || rehearsal.kind !== 'none') && (
          <Finding rehearsal={rehearsal} outdated={outdated} />
        )}
        {blocked !== null && !isRunning && <p className="hf-muted">{blocked}</p>}
      </div>
      <RehearsalResult done={isDone ? rehearsal : null} isOutdated={outdated !== null} />
    </section>
  );
}

/** What the palette asked for begins once nothing stands against it, while the dialog is open. */
function useBeginWhenWanted(blocked: string | null, draft: RehearsedDraft): void {
  const isWanted = useRehearsal((state) => state.isWanted);
  useEffect(() => {
    if (!isWanted || blocked !== null) return;
    useRehearsal.setState({ isWanted: false });
    void beginRehearsal(getClient(), draft);
  }, [isWanted, blocked, draft]);
  useEffect(() => () => useRehearsal.setState({ isWanted: false }), []);
}

function Controls(props: {
  readonly rehearsal: Rehearsal;
  readonly draft: RehearsedDraft;
  readonly blocked: string | null;
}) {
  const { rehearsal, draft, blocked } = props;
  const choice = useRehearsal((state) => state.choice);
  const isRunning = rehearsal.kind === 'running';
  const isStopping = isRunning && rehearsal.isStopping;
  return (
    <div className={classes.controls}>
      <FaultSelect choice={choice} disabled={isRunning} />
      <Button
        className={classes.begin}
        disabled={isRunning ? isStopping : blocked !== null}
        title={isRunning ? undefined : (blocked ?? undefined)}
        onClick={() => {
          if (isRunning) void stopRehearsal(getClient());
          else void beginRehearsal(getClient(), draft);
        }}
      >
        {isRunning ? 'Stop' : rehearsal.kind === 'none' ? 'Rehearse' : 'Rehearse again'}
      </Button>
    </div>
  );
}

function FaultSelect(props: { readonly choice: RehearsalFaultChoice; readonly disabled: boolean }) {
  const { choice, disabled } = props;
  const cells = useConsole((state) => state.roster?.cells) ?? [];
  const choose = (change: Partial<RehearsalFaultChoice>) =>
    useRehearsal.setState({ choice: { ...choice, ...change } });
  return (
    <div className={classes.faults} data-cell={choice.id === 'cell-cut'}>
      <Select
        label="What breaks after the publish"
        allowDeselect={false}
        disabled={disabled}
        value={choice.id}
        data={REHEARSAL_FAULT_IDS.map((id) => ({ value: id, label: rehearsalFaultLabel(id) }))}
        onChange={(id) => {
          if (isRehearsalFaultId(id)) choose({ id, cell: choice.cell ?? cells[0] ?? null });
        }}
      />
      {choice.id === 'cell-cut' && (
        <Select
          label="Cell"
          allowDeselect={false}
          disabled={disabled}
          value={choice.cell}
          data={[...cells]}
          onChange={(cell) => choose({ cell })}
        />
      )}
    </div>
  );
}

/** What was found, how far it is, or what it is: in the same place. */
function Finding(props: { readonly rehearsal: Rehearsal; readonly outdated: string | null }) {
  const { rehearsal, outdated } = props;
  switch (rehearsal.kind) {
    case 'none':
      return (
        <p className="hf-muted">
          Publishes the draft on a copy of the fleet as it is now, in virtual time, with as many
          seeds as five seconds allow. Nothing real is touched.
        </p>
      );
    case 'stopped':
      return <p className="hf-muted">{NO_SEED}</p>;
    case 'running':
      return <Progress rehearsal={rehearsal} />;
    case 'refused':
      return <RefusalNote title="It was not rehearsed." refusal={rehearsal.refusal} />;
    case 'done':
      // What is outdated is not said again as if it held.
      return outdated !== null ? (
        <p className={classes.outdated}>{outdated}</p>
      ) : (
        <p className={classes.headline} data-beyond={isBeyondLimits(rehearsal.forecast)}>
          {forecastHeadline(rehearsal.forecast)}
        </p>
      );
  }
}

function Progress({ rehearsal }: { readonly rehearsal: Rehearsal & { kind: 'running' } }) {
  const told = useConsole((state) => state.rehearsal);
  const nowMs = useNow(TICK_MS);
  const elapsedMs = Math.max(0, nowMs - rehearsal.startedAtMs);
  const { percent, words } = rehearsalProgress(
    told,
    elapsedMs,
    REHEARSAL_BUDGET_MS,
    rehearsal.isStopping,
  );
  return (
    <div className={classes.progress}>
      <div
        role="progressbar"
        aria-label="Rehearsing"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={words}
        className={classes.bar}
      >
        <div className={classes.done} style={{ width: `${percent}%` }} />
      </div>
      <p className={classes.progressWords}>{words}</p>
    </div>
  );
}

/** What a screen reader is told, at the beginning and the end alone. */
function spokenWords(rehearsal: Rehearsal, outdated: string | null): string {
  if (rehearsal.kind === 'running') return 'Rehearsing.';
  if (rehearsal.kind === 'stopped') return NO_SEED;
  if (rehearsal.kind !== 'done') return '';
  if (outdated !== null) return outdated;
  const { forecast, record } = rehearsal;
  const soFar = record === null ? '' : ` ${trackRecordText(record)}`;
  return `${forecastHeadline(forecast)}${soFar}`;
}
