import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import type { RevisionRow } from '../../core/protocol/console-model.ts';
import type { ConvergenceReport } from '../../core/protocol/control-plane-control.ts';
import { bandMsText } from '../../core/rehearsal/band-text.ts';
import { VerdictMark } from '../forecast/verdict-mark.tsx';
import { formatBytes, formatCount, formatInstant } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import { useNow } from '../state/use-now.ts';
import { describeConvergence } from './convergence-words.ts';
import classes from './history.module.css';
import { loadOlder, selectRevision, useHistory } from './history-store.ts';

const ROW_PX = 28;
/** Rows from the end at which the next page is asked for. */
const LOAD_AHEAD = 30;

/** Revisions, newest first. */
export function RevisionList() {
  const pages = useHistory((state) => state.pages);
  const loading = useHistory((state) => state.loading);
  const search = useHistory((state) => state.search);
  const headRevision = useConsole((state) => state.status?.head?.revision ?? null);
  const selected = useHistory((state) => state.selected);
  const live = useConsole((state) => state.convergence);
  const up = useConsole((state) => state.status?.controlPlane.state === 'up');
  const nowMs = useNow(60_000);
  const scroll = useRef<HTMLDivElement>(null);
  const { rows } = pages;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const selectedIndex = useMemo(
    () => rows.findIndex((row) => row.revision === selected),
    [rows, selected],
  );

  useEffect(() => {
    if (lastShown >= rows.length - LOAD_AHEAD) void loadOlder();
  }, [lastShown, rows.length]);

  function onKeyDown(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 0) / ROW_PX) - 1);
    const target: Readonly<Record<string, number>> = {
      ArrowDown: selectedIndex + 1,
      ArrowUp: selectedIndex - 1,
      PageDown: selectedIndex + page,
      PageUp: selectedIndex - page,
      Home: 0,
      End: rows.length - 1,
    };
    const wanted = target[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    const index = Math.min(Math.max(0, wanted), rows.length - 1);
    const row = rows[index];
    if (row === undefined) return;
    selectRevision(row.revision);
    virtual.scrollToIndex(index);
  }

  if (rows.length === 0) return <EmptyList loading={loading} search={search} />;
  return (
    <section className={classes.list} aria-label="Revisions">
      <div className={`${classes.row} ${classes.head}`} aria-hidden="true">
        <span>Revision</span>
        <span>Published</span>
        <span>Author</span>
        <span>Message</span>
        <span className={classes.number}>Changed</span>
        <span className={classes.number}>Size</span>
        <span>Convergence</span>
      </div>
      <div
        ref={scroll}
        role="listbox"
        aria-label="Revisions, newest first"
        tabIndex={0}
        className={classes.scroll}
        aria-activedescendant={selectedIndex === -1 ? undefined : `revision-${selected}`}
        onKeyDown={onKeyDown}
      >
        <div
          role="presentation"
          className={classes.space}
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <RevisionLine
                key={row.revision}
                row={row}
                top={item.start}
                nowMs={nowMs}
                controlPlaneUp={up && pages.complete}
                live={live?.revision === row.revision ? live : null}
                selected={row.revision === selected}
                head={row.revision === headRevision}
                position={item.index + 1}
                size={pages.ended ? rows.length : -1}
              />
            );
          })}
        </div>
      </div>
    </section>
  );
}

function EmptyList({ loading, search }: { readonly loading: boolean; readonly search: string }) {
  const none =
    search.trim() === ''
      ? 'Nothing is published yet. Open Config, write or open a config, and publish it.'
      : 'No revision has all of these words in its message, author, number or changed resources.';
  return <p className={classes.empty}>{loading ? 'Loading the history.' : none}</p>;
}

function RevisionLine(props: {
  readonly row: RevisionRow;
  readonly top: number;
  readonly nowMs: number;
  readonly live: ConvergenceReport | null;
  readonly controlPlaneUp: boolean;
  readonly selected: boolean;
  readonly head: boolean;
  readonly position: number;
  readonly size: number;
}) {
  const { row } = props;
  const convergence = describeConvergence(props.live ?? row.convergence, props.controlPlaneUp);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box takes the keys for its options
    <div
      id={`revision-${row.revision}`}
      role="option"
      tabIndex={-1}
      aria-selected={props.selected}
      aria-posinset={props.position}
      aria-setsize={props.size}
      className={classes.row}
      style={{ transform: `translateY(${props.top}px)` }}
      onClick={() => selectRevision(row.revision)}
    >
      <span className="hf-mono">
        r{row.revision}
        {props.head && <span className={classes.tag}> head</span>}
      </span>
      <span>{formatInstant(row.publishedAtMs, props.nowMs)}</span>
      <span className={classes.clip} title={row.author}>
        {row.author}
      </span>
      <span className={classes.clip} title={row.message}>
        {originPrefix(row)}
        {row.message}
      </span>
      <span className={classes.number}>
        {formatCount(row.changed)} <span className="hf-muted">of {formatCount(row.resources)}</span>
      </span>
      <span className={classes.number}>{formatBytes(row.sourceBytes)}</span>
      <span className={classes.convergence} title={convergence.text} data-tone={convergence.tone}>
        {convergence.text}
        <PredictionMark row={row} />
      </span>
    </div>
  );
}

/** Stands where 99 % of the nodes did not take as long as its rehearsal predicted. */
function PredictionMark({ row: { forecast, convergence } }: { readonly row: RevisionRow }) {
  if (forecast?.withFaults === true) return <FaultsMark />;
  if (forecast?.withinT99 !== false) return null;
  const words = `not as predicted: 99 % of nodes, ${bandMsText(forecast.t99)}`;
  const t99Ms = convergence?.t99Ms ?? null;
  const isFaster = t99Ms !== null && (forecast.t99.low === null || t99Ms < forecast.t99.low);
  return (
    <span className={classes.outside} title={words}>
      <VerdictMark verdict={isFaster ? 'below' : 'above'} />
      <span className="hf-hidden">; {words}</span>
    </span>
  );
}

/** Stands where the rehearsal was of another publish than this one, so that no verdict is given. */
function FaultsMark() {
  const words = 'faults were chosen for its rehearsal, so it is not held against the prediction';
  return (
    <span className={`${classes.outside} ${classes.tag}`} title={words}>
      rehearsed with faults<span className="hf-hidden">; {words}</span>
    </span>
  );
}

function originPrefix(row: RevisionRow) {
  if (row.origin === 'publish') return null;
  const words = row.origin === 'rollback' ? 'back to' : 'adopted';
  return (
    <span className={classes.tag}>
      {words} {row.originOf === null ? 'what the fleet served' : `r${row.originOf}`} ·{' '}
    </span>
  );
}
