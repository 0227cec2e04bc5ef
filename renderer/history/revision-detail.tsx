import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { RevisionRow } from '../../core/protocol/console-model.ts';
import { ChangeList } from '../config/change-list.tsx';
import { changesInWords } from '../config/config-words.ts';
import { DiffControls } from '../config/diff-controls.tsx';
import { ScrollRegion } from '../config/scroll-region.tsx';
import { TabBar, TabPanel } from '../config/tab-bar.tsx';
import type { DiffLayout } from '../config/text-diff.tsx';
import { overallVerdict } from '../forecast/comparison-words.ts';
import { ForecastTab } from '../forecast/forecast-tab.tsx';
import { type ForecastState, useForecast } from '../forecast/use-forecast.ts';
import { VerdictMark } from '../forecast/verdict-mark.tsx';
import { formatInstant } from '../format/format.ts';
import { getHost } from '../host/get-host.ts';
import { useConsole } from '../state/console-store.ts';
import { useNow } from '../state/use-now.ts';
import { ComparePicker } from './compare-picker.tsx';
import classes from './history.module.css';
import { useHistory } from './history-store.ts';
import { RevisionResources } from './revision-resources.tsx';
import { type DiffState, useRevisionDiff } from './use-revision-diff.ts';

const TextDiff = lazy(async () => ({
  default: (await import('../config/text-diff.tsx')).TextDiff,
}));
const ReadOnlyText = lazy(async () => ({
  default: (await import('../config/text-diff.tsx')).ReadOnlyText,
}));

type DetailTab = 'changes' | 'diff' | 'text' | 'resources' | 'prediction';

/** One revision: what it changed, against any other, and its text. */
export function RevisionDetail() {
  const row = useHistory((state) => state.opened);
  if (row === null) return <div className={classes.detail} />;
  return <OpenedRevision row={row} />;
}

function OpenedRevision({ row }: { readonly row: RevisionRow }) {
  const comparedWith = useHistory((state) => state.comparedWith) ?? row.parent;
  const controlPlane = useConsole((state) => state.status?.controlPlane.state ?? 'down');
  const lineage = useConsole((state) => state.status?.head?.lineage ?? '');
  const [tab, setTab] = useState<DetailTab>('changes');
  const [layout, setLayout] = useState<DiffLayout>('unified');
  const [whole, setWhole] = useState(false);
  const state = useRevisionDiff(comparedWith, row.revision, lineage, controlPlane);
  const forecast = useForecast(row.revision, `${lineage}/${reachedMark(row)}`);
  const head = useConsole((state) => state.status?.head?.revision ?? null);
  const hasOthers = row.parent !== null || (head !== null && head !== row.revision);
  const against = comparedWith === null ? null : `r${comparedWith}`;

  return (
    <section className={classes.detail} aria-label={`Revision r${row.revision}`}>
      <DetailHead
        row={row}
        state={state}
        // The open tab says it at greater length.
        forecast={tab === 'prediction' ? null : forecast}
      />
      <TabBar<DetailTab>
        label={`Revision r${row.revision}`}
        idPrefix="revision"
        tabs={[
          { id: 'changes', label: against === null ? 'Changes' : `Changes from ${against}` },
          { id: 'diff', label: 'Text diff' },
          { id: 'text', label: 'Text' },
          { id: 'resources', label: 'Resources' },
          { id: 'prediction', label: 'Prediction' },
        ]}
        open={tab}
        onOpen={setTab}
        side={
          <>
            {tab === 'diff' && (
              <DiffControls layout={layout} onLayout={setLayout} whole={whole} onWhole={setWhole} />
            )}
            {hasOthers && tab !== 'prediction' && (
              <>
                <span>compared with</span>
                <ComparePicker row={row} />
              </>
            )}
          </>
        }
      />
      <TabPanel idPrefix="revision" open={tab}>
        <Suspense fallback={<p className={classes.empty}>Loading</p>}>
          {tab === 'prediction' ? (
            <ForecastTab row={row} state={forecast} emptyClass={classes.empty} />
          ) : (
            <DetailBody
              tab={tab}
              state={state}
              layout={layout}
              whole={whole}
              hasOthers={hasOthers}
              attempt={controlPlane}
            />
          )}
        </Suspense>
      </TabPanel>
    </section>
  );
}

/** Changes with how far a revision got: what came of its prediction may be another then. */
function reachedMark({ convergence }: RevisionRow): string {
  return convergence === null ? '' : `${convergence.reached}/${convergence.late}`;
}

function DetailHead(props: {
  readonly row: RevisionRow;
  readonly state: DiffState;
  /** Null: it is told elsewhere. */
  readonly forecast: ForecastState | null;
}) {
  const { row, state, forecast } = props;
  const nowMs = useNow(60_000);
  const head = useConsole((console) => console.status?.head?.revision ?? null);
  const up = useConsole((console) => console.status?.controlPlane.state === 'up');
  const isHead = row.revision === head;
  return (
    <div className={classes.detailHead}>
      <div className={classes.detailTitle}>
        <div className={classes.clip}>
          <span className="hf-mono hf-strong">r{row.revision}</span>{' '}
          <span className="hf-strong">{row.message}</span>
        </div>
        <div className={classes.qualifier}>
          {row.author}, {formatInstant(row.publishedAtMs, nowMs)} · root hash{' '}
          <span className="hf-mono">{row.rootHash.slice(0, 12)}</span> · generation {row.generation}
          {forecast !== null && <PredictionLine forecast={forecast} />}
        </div>
      </div>
      {!isHead && !up && (
        <span className={classes.qualifier}>
          Rolling back is unavailable: the control plane is down.
        </span>
      )}
      <CopyText text={state.kind === 'loaded' ? state.diff.toText : null} />
      <Button
        disabled={state.kind !== 'loaded'}
        onClick={() => {
          if (state.kind !== 'loaded') return;
          void getHost().saveFile(`holdfast-r${row.revision}.yaml`, state.diff.toText);
        }}
      >
        Export…
      </Button>
      {!isHead && (
        <Button disabled={!up} onClick={() => useHistory.setState({ rollbackOpen: true })}>
          Roll back to r{row.revision}…
        </Button>
      )}
    </div>
  );
}

/** The difference in one line, whichever tab is open. */
function PredictionLine({ forecast }: { readonly forecast: ForecastState }) {
  const comparison = forecast.kind === 'loaded' ? (forecast.answer?.comparison ?? null) : null;
  if (comparison === null) return null;
  return (
    <span className={classes.prediction}>
      <VerdictMark verdict={overallVerdict(comparison)} />
      {comparison.summary}
    </span>
  );
}

function CopyText({ text }: { readonly text: string | null }) {
  const [said, setSaid] = useState<'Copy' | 'Copied' | 'Not copied'>('Copy');
  return (
    <Button
      disabled={text === null}
      onClick={() => {
        if (text === null) return;
        navigator.clipboard.writeText(text).then(
          () => setSaid('Copied'),
          () => setSaid('Not copied'),
        );
      }}
      onBlur={() => setSaid('Copy')}
    >
      {said}
    </Button>
  );
}

function DetailBody(props: {
  readonly tab: Exclude<DetailTab, 'prediction'>;
  readonly state: DiffState;
  readonly layout: DiffLayout;
  readonly whole: boolean;
  /** Whether there is another revision to compare with. */
  readonly hasOthers: boolean;
  readonly attempt: string;
}) {
  const { tab, state } = props;
  if (state.kind === 'loading') return <p className={classes.empty}>Loading the revision.</p>;
  if (state.kind === 'failed') {
    return <p className={classes.empty}>It cannot be opened now. {state.refusal.detail}</p>;
  }
  const { diff } = state;
  if (tab === 'resources') {
    return <RevisionResources revision={diff.to} text={diff.toText} attempt={props.attempt} />;
  }
  if (tab === 'text') return <ReadOnlyText text={diff.toText} label={`Text of r${diff.to}`} />;
  if (diff.from === null || diff.changes === null) {
    return (
      <p className={classes.empty}>
        {diff.notCompared === null
          ? `The first revision has no parent. ${props.hasOthers ? 'Choose one to compare with, or open its text.' : 'Its text can be opened.'}`
          : `It cannot be compared now. ${diff.notCompared} Its text can be opened.`}
      </p>
    );
  }
  if (tab === 'diff') {
    if (diff.fromText === diff.toText) {
      return <p className={classes.empty}>Both texts are the same, byte for byte.</p>;
    }
    return (
      <TextDiff
        before={diff.fromText}
        after={diff.toText}
        beforeLabel={`r${diff.from}`}
        afterLabel={`r${diff.to}`}
        layout={props.layout}
        whole={props.whole}
      />
    );
  }
  return (
    <ScrollRegion label="Changed resources" className={classes.changes}>
      <p className={classes.qualifier}>
        From r{diff.from} to r{diff.to}: {changesInWords(diff.changes)}.
      </p>
      <ChangeList changes={diff.changes} fields />
    </ScrollRegion>
  );
}
