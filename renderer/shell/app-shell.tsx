import { Suspense } from 'react';
import { useConsole } from '../state/console-store.ts';
import { VIEWS } from '../views.ts';
import styles from './app-shell.module.css';
import { CommandPalette } from './command-palette.tsx';
import { ConnectionBanner } from './connection-banner.tsx';
import { DialogOutlet } from './dialog-outlet.tsx';
import { EventStrip } from './event-strip.tsx';
import { LeftNav } from './left-nav.tsx';
import { StatusBar } from './status-bar.tsx';
import { ViewBoundary } from './view-boundary.tsx';

/** The frame round every view: facts above, places left, time below. */
export function AppShell() {
  const viewId = useConsole((state) => state.view);
  const lost = useConsole((state) => state.connection !== 'open' && state.status !== null);
  const view = VIEWS.find((entry) => entry.id === viewId);
  return (
    <div className={styles.shell} data-lost={lost}>
      <StatusBar />
      <LeftNav />
      <main className={styles.main} aria-label={view?.label}>
        <ConnectionBanner />
        <div className={styles.view}>
          {view !== undefined && (
            <ViewBoundary key={view.id}>
              <Suspense fallback={<p className={styles.waiting}>Loading…</p>}>
                <view.Component />
              </Suspense>
            </ViewBoundary>
          )}
        </div>
      </main>
      <EventStrip />
      <CommandPalette />
      <DialogOutlet />
    </div>
  );
}
