import { useSyncExternalStore } from 'react';
import { shownAtMs } from '../state/use-now.ts';

/** Charts take turns, one at a time, so that no frame carries the work of all. */
const TURN_MS = 250;
const TURNS = 4;

let turn = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const seen = new Array<number>(TURNS).fill(0);
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    turn = (turn + 1) % TURNS;
    seen[turn] = shownAtMs(Date.now());
    for (const each of listeners) each();
  }, TURN_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/**
 * The instant of this chart's last turn, milliseconds since the epoch, or that of the console's last
 * word when it is no longer heard: the chart is drawn once a
 * second, never in the same frame as one of another turn.
 */
export function useTurn(own: 0 | 1 | 2 | 3): number {
  return useSyncExternalStore(subscribe, () => {
    if (seen[own] === 0) seen[own] = shownAtMs(Date.now());
    return seen[own] ?? 0;
  });
}
