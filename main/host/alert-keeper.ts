import {
  type AlertInput,
  type AlertState,
  alertConditions,
  NO_ALERTS,
  stepAlerts,
} from '../../core/fleet/alerts.ts';
import type { Alert, AlertKind } from '../../core/protocol/console-model.ts';
import type { EventLog } from './event-log.ts';
import type { ConsoleStore } from './store/console-store.ts';

const CRITICAL: ReadonlySet<AlertKind> = new Set(['control-plane-down', 'nodes-not-serving']);

/** Open alerts; their beginning and end go to the file and to the event log. */
export class AlertKeeper {
  readonly #store: ConsoleStore;
  readonly #events: EventLog;
  #state: AlertState = NO_ALERTS;
  #open: readonly Alert[] = [];

  constructor(store: ConsoleStore, events: EventLog, nowMs: number) {
    this.#store = store;
    this.#events = events;
    store.clearOpenAlerts(nowMs);
  }

  get open(): readonly Alert[] {
    return this.#open;
  }

  /** Judges the fleet anew. True when an alert began or ended. */
  evaluate(input: AlertInput, nowMs: number): boolean {
    const step = stepAlerts(this.#state, alertConditions(input), nowMs);
    this.#state = step.state;
    this.#open = step.open;
    for (const alert of step.raised) {
      this.#events.add({
        kind: 'alert-raised',
        severity: CRITICAL.has(alert.kind) ? 'critical' : 'warning',
        title: alert.title,
        detail: alert.detail,
        subject: alert.id,
      });
    }
    for (const alert of step.cleared) {
      this.#events.add({ kind: 'alert-cleared', title: `${alert.title}: over`, subject: alert.id });
    }
    const changed = [...step.raised, ...step.cleared];
    if (changed.length > 0) this.#save(changed);
    return changed.length > 0;
  }

  /** Everything begins anew: what is open ends with what it was about. */
  forget(nowMs: number): void {
    this.#state = NO_ALERTS;
    this.#open = [];
    try {
      this.#store.clearOpenAlerts(nowMs);
    } catch {
      // As below.
    }
  }

  #save(alerts: readonly Alert[]): void {
    try {
      this.#store.saveAlerts(alerts);
    } catch {
      // A full disk must not end the console; the alert is shown all the same.
    }
  }
}
