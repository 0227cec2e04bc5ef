import { formatClock, formatTime } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import { useWallClock } from '../state/use-now.ts';
import styles from './connection-banner.module.css';

/** A connection that has just begun is no news before this long. */
const PATIENCE_MS = 1_500;

/** Says that the page has lost the console host, and as of when everything shown is. */
export function ConnectionBanner() {
  const connection = useConsole((state) => state.connection);
  const detail = useConsole((state) => state.connectionDetail);
  const sinceMs = useConsole((state) => state.connectionSinceMs);
  const asOfMs = useConsole((state) => state.status?.atMs ?? null);
  const now = useWallClock();
  if (connection === 'open' || now - sinceMs < PATIENCE_MS) return null;
  return (
    <div className={styles.banner} role="alert">
      <strong>{titleOf(connection, asOfMs, sinceMs)}</strong>
      <span className={styles.clock}>{formatClock(now - sinceMs)}</span>
      <span>
        {asOfMs === null
          ? 'Is it still running? '
          : `What you see is as of ${formatTime(asOfMs)} and may hold no longer. `}
        {connection === 'silent' ? 'The connection is open, but nothing comes.' : 'Trying again…'}
      </span>
      {detail !== '' && <span className={styles.detail}>{detail}</span>}
    </div>
  );
}

function titleOf(connection: string, asOfMs: number | null, sinceMs: number): string {
  if (connection === 'silent') return `Nothing heard from the console since ${formatTime(sinceMs)}`;
  return asOfMs === null ? 'No connection to the console' : 'Connection to the console lost';
}
