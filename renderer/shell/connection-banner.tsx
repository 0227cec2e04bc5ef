import { formatClock, formatTime } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import { useNow } from '../state/use-now.ts';
import styles from './connection-banner.module.css';

/** A connection that has just begun is no news before this long. */
const PATIENCE_MS = 1_500;

/** Says that the page has lost the console host, and as of when everything shown is. */
export function ConnectionBanner() {
  const connection = useConsole((state) => state.connection);
  const detail = useConsole((state) => state.connectionDetail);
  const sinceMs = useConsole((state) => state.connectionSinceMs);
  const asOfMs = useConsole((state) => state.status?.atMs ?? null);
  const now = useNow();
  if (connection === 'open' || now - sinceMs < PATIENCE_MS) return null;
  return (
    <div className={styles.banner} role="alert">
      <strong>
        {asOfMs === null ? 'No connection to the console' : 'Connection to the console lost'}
      </strong>
      <span className={styles.clock}>{formatClock(now - sinceMs)}</span>
      <span>
        {asOfMs === null
          ? 'Is it still running? '
          : `What you see is as of ${formatTime(asOfMs)} and may hold no longer. `}
        Trying again…
      </span>
      {detail !== '' && <span className={styles.detail}>{detail}</span>}
    </div>
  );
}
