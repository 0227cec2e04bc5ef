import { useSyncExternalStore } from 'react';
import { useConsole } from './console-store.ts';

const TICK_MS = 250;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let nowMs = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    nowMs = Date.now();
    timer = setInterval(() => {
      nowMs = Date.now();
      for (const each of listeners) each();
    }, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/**
 * The instant that what is shown holds for: the wall clock while the console is heard, else that of
 * its last word. Without the console no clock runs on: nobody knows.
 */
export function shownAtMs(wallMs: number): number {
  const { connection, status } = useConsole.getState();
  return connection === 'open' || status === null ? wallMs : Math.min(wallMs, status.atMs);
}

/**
 * The instant that what is shown holds for, milliseconds since the epoch, rounded down to
 * `stepMs`, so that a component is drawn again only when what it shows may change. All users share
 * one timer.
 */
export function useNow(stepMs = 1_000): number {
  return useSyncExternalStore(subscribe, () => Math.floor(shownAtMs(nowMs) / stepMs) * stepMs);
}

/** The wall clock, whole seconds: for what goes on without the console. */
export function useWallClock(): number {
  return useSyncExternalStore(subscribe, () => Math.floor(nowMs / 1_000) * 1_000);
}
