import { Button } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import type { ConsoleEvent } from '../../core/protocol/console-model.ts';
import { getClient } from '../client.ts';
import { formatInstant } from '../format/format.ts';
import { notifyRefusal } from '../shell/notify.ts';
import { useConsole } from '../state/console-store.ts';
import { EVENTS_KEPT_MAX, mergeEvents } from '../state/merge-streams.ts';
import { useNow } from '../state/use-now.ts';
import styles from './events-view.module.css';

const ROW_PX = 30;
const PAGE = 500;

/** Events, newest first; older ones are fetched when asked for. */
export function EventLog({ events }: { readonly events: readonly ConsoleEvent[] }) {
  const scroll = useRef<HTMLElement>(null);
  const now = useNow(60_000);
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
  });
  return (
    <section
      ref={scroll}
      className={styles.scroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Events, newest first"
    >
      <ol className={styles.events} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const event = events[item.index];
          return event === undefined ? null : (
            <li
              key={event.id}
              ref={rows.measureElement}
              data-index={item.index}
              className={styles.event}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <time className={styles.time}>{formatInstant(event.atMs, now)}</time>
              <span className={styles.severity} data-severity={event.severity}>
                {event.severity}
              </span>
              <span>
                <span className={styles.what}>{event.title}</span>
                {event.detail !== '' && <span className={styles.detail}> {event.detail}</span>}
              </span>
            </li>
          );
        })}
      </ol>
      {events.length === 0 && <p className={styles.quiet}>Nothing of this kind has happened.</p>}
      <Older />
    </section>
  );
}

function Older() {
  const oldest = useConsole((state) => state.events[0]?.id ?? null);
  const full = useConsole((state) => state.events.length >= EVENTS_KEPT_MAX);
  const [end, setEnd] = useState(false);
  if (oldest === null || oldest <= 1 || full || end) return null;
  const load = async () => {
    const page = await getClient().request('list-events', { before: oldest, limit: PAGE });
    if (!page.ok) {
      notifyRefusal('Older events were not loaded', page.error);
      return;
    }
    setEnd(page.value.events.length === 0);
    useConsole.setState((state) => ({ events: mergeEvents(state.events, page.value.events) }));
  };
  return (
    <Button className={styles.older} onClick={() => void load()}>
      Load older events
    </Button>
  );
}
