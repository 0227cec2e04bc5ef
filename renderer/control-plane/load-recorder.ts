import { useSyncExternalStore } from 'react';
import type { ControlPlaneLoad } from '../../core/protocol/control-plane-control.ts';
import { useConsole } from '../state/console-store.ts';
import { type LoadPoint, LoadSeries } from './load-series.ts';

const series = new LoadSeries();
const listeners = new Set<() => void>();
let points: readonly LoadPoint[] = [];
let lastLoad: SeenLoad | null = null;
let recording = false;

/** The load as last heard, and when. */
export interface SeenLoad {
  readonly load: ControlPlaneLoad;
  readonly atMs: number;
}

/** Records the control plane's load from the status stream for as long as the page lives. */
export function recordControlPlaneLoad(): void {
  if (recording) return;
  recording = true;
  useConsole.subscribe(({ status }, before) => {
    if (status === null || status === before.status) return;
    const up = status.controlPlane.state === 'up';
    if (up && status.controlPlaneLoad !== null) {
      lastLoad = { load: status.controlPlaneLoad, atMs: status.fleet.believedAtMs ?? status.atMs };
    }
    const added = series.add({
      atMs: status.atMs,
      pid: up ? status.controlPlane.pid : null,
      load: up ? status.controlPlaneLoad : null,
    });
    if (!added) return;
    points = series.points();
    for (const listener of listeners) listener();
  });
}

/** The load as last heard by this page; kept while the control plane is down. */
export function lastSeenLoad(): SeenLoad | null {
  return lastLoad;
}

/** The recorded points, oldest first; a new array once a second. */
export function useLoadPoints(): readonly LoadPoint[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => points,
  );
}
