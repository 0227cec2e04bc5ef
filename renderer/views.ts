import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

export type ViewId = 'fleet' | 'config' | 'history' | 'control-plane' | 'events';

/** One view of the console: a place in the left navigation. */
export interface ViewEntry {
  readonly id: ViewId;
  readonly label: string;
  readonly Component: LazyExoticComponent<ComponentType>;
}

/** In the order of the navigation. Each is loaded when it is first opened. */
export const VIEWS: readonly ViewEntry[] = [
  {
    id: 'fleet',
    label: 'Fleet',
    Component: lazy(async () => ({
      default: (await import('./fleet/fleet-view.tsx')).FleetView,
    })),
  },
  {
    id: 'config',
    label: 'Config',
    Component: lazy(async () => ({
      default: (await import('./config/config-view.tsx')).ConfigView,
    })),
  },
  {
    id: 'history',
    label: 'History',
    Component: lazy(async () => ({
      default: (await import('./history/history-view.tsx')).HistoryView,
    })),
  },
  {
    id: 'control-plane',
    label: 'Control plane',
    Component: lazy(async () => ({
      default: (await import('./control-plane/control-plane-view.tsx')).ControlPlaneView,
    })),
  },
  {
    id: 'events',
    label: 'Alerts and events',
    Component: lazy(async () => ({
      default: (await import('./events/events-view.tsx')).EventsView,
    })),
  },
];

const VIEW_IDS = new Set<string>(VIEWS.map((view) => view.id));

/** Whether the text names a view. */
export function isViewId(text: string): text is ViewId {
  return VIEW_IDS.has(text);
}

/**
 * Loads the views that bring actions of their own, so that the palette and the menu reach those
 * before the views were opened. The editor itself is still loaded when it is first shown.
 */
export async function loadViewActions(): Promise<void> {
  await Promise.allSettled([
    import('./config/config-view.tsx'),
    import('./history/history-view.tsx'),
  ]);
}
