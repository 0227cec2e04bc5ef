import { openView, useConsole } from '../state/console-store.ts';
import { VIEWS } from '../views.ts';
import styles from './left-nav.module.css';
import { NAV_ICONS } from './nav-icons.tsx';

const SHORT_LABELS: Readonly<Record<string, string>> = {
  'control-plane': 'Control',
  events: 'Events',
};

/** The places of the console. */
export function LeftNav() {
  const current = useConsole((state) => state.view);
  const alerts = useConsole((state) => state.status?.alerts.length ?? 0);
  return (
    <nav className={styles.nav} aria-label="Views">
      {VIEWS.map((view) => (
        <button
          key={view.id}
          type="button"
          className={styles.item}
          aria-current={view.id === current ? 'page' : undefined}
          onClick={() => openView(view.id)}
        >
          {NAV_ICONS[view.id]}
          <span className={styles.label}>
            {SHORT_LABELS[view.id] ?? view.label}
            {view.id === 'control-plane' && <span className="hf-hidden"> plane</span>}
          </span>
          {view.id === 'events' && alerts > 0 && (
            <span className={styles.count}>
              {alerts}
              <span className="hf-hidden"> open alerts</span>
            </span>
          )}
        </button>
      ))}
    </nav>
  );
}
