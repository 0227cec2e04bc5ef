import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Alert, ConsoleEvent } from '../../core/protocol/console-model.ts';
import { runAction } from '../actions/registry.ts';
import { formatClock, formatInstant } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import { useNow } from '../state/use-now.ts';
import { EventLog } from './event-log.tsx';
import styles from './events-view.module.css';
import { filterEvents, isSeverityFilter, type SeverityFilter } from './filter-events.ts';

/** What is wrong now, and all that has happened. */
export function EventsView() {
  const [severity, setSeverity] = useState<SeverityFilter>('all');
  const events = useConsole((state) => state.events);
  const shown: readonly ConsoleEvent[] = filterEvents(events, severity);
  return (
    <div className={styles.view}>
      <OpenAlerts />
      <section className={styles.log} aria-labelledby="event-log-title">
        <header className={styles.header}>
          <h2 id="event-log-title" className="hf-strong">
            Event log
          </h2>
          <SegmentedControl
            aria-label="Show events of severity"
            value={severity}
            onChange={(value) => {
              if (isSeverityFilter(value)) setSeverity(value);
            }}
            data={[
              { value: 'all', label: 'All' },
              { value: 'warning', label: 'Warnings and worse' },
              { value: 'critical', label: 'Critical' },
            ]}
          />
        </header>
        <EventLog events={shown} />
      </section>
    </div>
  );
}

function OpenAlerts() {
  const alerts = useConsole((state) => state.status?.alerts) ?? [];
  const open = alerts.filter((alert) => alert.clearedAtMs === null);
  return (
    <section className={styles.alerts} aria-labelledby="open-alerts-title">
      <header className={styles.header}>
        <h2 id="open-alerts-title" className="hf-strong">
          Open alerts
        </h2>
        <Button onClick={() => runAction('fleet.budget')}>Staleness budget…</Button>
      </header>
      {open.length === 0 ? (
        <p className={styles.quiet}>None. Everything is within its bounds.</p>
      ) : (
        <ul className={styles.list}>
          {open.map((alert) => (
            <AlertItem key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
    </section>
  );
}

function AlertItem({ alert }: { readonly alert: Alert }) {
  const now = useNow();
  return (
    <li className={styles.alert}>
      <svg width="12" height="12" viewBox="0 0 10 10" aria-hidden="true">
        <path d="M5 .5 9.8 9.2H.2Z" />
      </svg>
      <div>
        <p className="hf-strong">{alert.title}</p>
        <p>{alert.detail}</p>
      </div>
      <p className={styles.since}>
        for {formatClock(now - alert.raisedAtMs)}
        <br />
        since {formatInstant(alert.raisedAtMs, now)}
      </p>
    </li>
  );
}
