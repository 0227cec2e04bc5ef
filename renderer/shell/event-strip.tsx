import { Tooltip } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, useRef, useState } from 'react';
import { describeFault } from '../../core/fault/describe-fault.ts';
import { minuteTicks } from '../charts/minute-ticks.ts';
import { formatClock, formatMinute, formatTime } from '../format/format.ts';
import { openView, useConsole } from '../state/console-store.ts';
import { useNow } from '../state/use-now.ts';
import styles from './event-strip.module.css';
import { layoutStrip, type StripBar, type StripMark } from './strip-layout.ts';

const SPAN_MS = 10 * 60_000;
const TICK_MS = 60_000;
/** Below this width every second minute is named. */
const NARROW_PX = 620;

const percent = (share: number) => `${(share * 100).toFixed(3)}%`;

/** The last ten minutes under every view: faults as bars, commits as dots, alerts as triangles. */
export function EventStrip() {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const events = useConsole((state) => state.events);
  const nowMs = useNow();
  const layout = layoutStrip({
    events,
    // Read, not subscribed to: once a second is enough, and every item has a tooltip.
    status: useConsole.getState().status,
    nowMs,
    spanMs: SPAN_MS,
    widthPx: width,
    describe: (active) => describeFault(active.fault),
  });
  const items = [...layout.bars, ...layout.marks];
  const { current, onKeyDown, setCurrent, container } = useRoving(items.map((item) => item.id));
  return (
    <section className={styles.strip} aria-label="Events of the last ten minutes">
      <div className={styles.track} ref={ref}>
        <div ref={container} className={styles.inner}>
          {minuteTicks(nowMs, SPAN_MS, width < NARROW_PX ? 2 * TICK_MS : TICK_MS).map((atMs) => (
            <Tick key={atMs} atMs={atMs} x={1 - (nowMs - atMs) / SPAN_MS} />
          ))}
          <div className={styles.line} />
          {layout.bars.map((bar) => (
            <Bar
              key={bar.id}
              bar={bar}
              nowMs={nowMs}
              tabbable={bar.id === current}
              onFocus={() => setCurrent(bar.id)}
              onKeyDown={onKeyDown}
            />
          ))}
          {layout.marks.map((mark) => (
            <Mark
              key={mark.id}
              mark={mark}
              tabbable={mark.id === current}
              onFocus={() => setCurrent(mark.id)}
              onKeyDown={onKeyDown}
            />
          ))}
          {items.length === 0 && (
            <p className={styles.quiet}>Nothing happened in the last ten minutes.</p>
          )}
        </div>
      </div>
    </section>
  );
}

function Tick({ atMs, x }: { readonly atMs: number; readonly x: number }) {
  // A label that would be cut at either end is left out.
  if (x < 0.02 || x > 0.975) return null;
  return (
    <span className={styles.tick} style={{ left: percent(x) }} aria-hidden="true">
      {formatMinute(atMs)}
    </span>
  );
}

interface ItemProps {
  readonly tabbable: boolean;
  onFocus(): void;
  onKeyDown(event: KeyboardEvent): void;
}

function Bar({
  bar,
  nowMs,
  tabbable,
  onFocus,
  onKeyDown,
}: ItemProps & { readonly bar: StripBar; readonly nowMs: number }) {
  const lasted = formatClock((bar.endMs ?? nowMs) - bar.startMs);
  const words = `${bar.label}\n${formatTime(bar.startMs)}, ${bar.endMs === null ? `for ${lasted} now` : `lasted ${lasted}`}`;
  return (
    <>
      {bar.labelShown !== null && (
        <span
          className={styles.barLabel}
          style={{
            left: `min(${percent(bar.from)}, calc(100% - ${bar.labelShown.length * 6.1}px))`,
          }}
          aria-hidden="true"
        >
          {bar.labelShown}
        </span>
      )}
      <Tooltip label={words}>
        <button
          type="button"
          className={styles.bar}
          data-tone={bar.tone}
          data-lane={bar.lane}
          data-open={bar.endMs === null}
          style={{ left: percent(bar.from), width: `max(4px, ${percent(bar.to - bar.from)})` }}
          aria-label={words.replace('\n', ', ')}
          tabIndex={tabbable ? 0 : -1}
          onFocus={onFocus}
          onKeyDown={onKeyDown}
          onClick={() => openView('events')}
        />
      </Tooltip>
    </>
  );
}

function Mark({ mark, tabbable, onFocus, onKeyDown }: ItemProps & { readonly mark: StripMark }) {
  const words = `${mark.title}\n${formatTime(mark.atMs)}`;
  return (
    <>
      <Tooltip label={words}>
        <button
          type="button"
          className={styles.mark}
          data-kind={mark.kind}
          style={{ left: percent(mark.x) }}
          aria-label={words.replace('\n', ', ')}
          tabIndex={tabbable ? 0 : -1}
          onFocus={onFocus}
          onKeyDown={onKeyDown}
          onClick={() => openView(mark.kind === 'commit' ? 'history' : 'events')}
        >
          <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
            {mark.kind === 'commit' && <circle cx="5" cy="5" r="4" />}
            {mark.kind === 'alert' && <path d="M5 .5 9.8 9.2H.2Z" />}
            {mark.kind === 'refusal' && <path d="m1.5 1.5 7 7m0-7-7 7" strokeWidth="2" />}
            {mark.kind === 'note' && <rect x="4" y="0.5" width="2" height="9" rx="1" />}
          </svg>
        </button>
      </Tooltip>
      {mark.labelAnchor !== null && (
        <span
          className={styles.markLabel}
          data-anchor={mark.labelAnchor}
          style={{ left: percent(mark.x) }}
          aria-hidden="true"
        >
          {mark.label}
        </span>
      )}
    </>
  );
}

/** One tab stop for all items; arrows move between them. */
function useRoving(ids: readonly string[]) {
  const container = useRef<HTMLDivElement>(null);
  const [chosen, setCurrent] = useState<string | null>(null);
  const current = chosen !== null && ids.includes(chosen) ? chosen : (ids.at(-1) ?? null);
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const buttons = [...(container.current?.querySelectorAll('button') ?? [])].sort(
      (a, b) => a.offsetLeft - b.offsetLeft,
    );
    const at = buttons.indexOf(event.currentTarget);
    buttons[at + step]?.focus();
    event.preventDefault();
  };
  return { current, onKeyDown, setCurrent, container };
}
