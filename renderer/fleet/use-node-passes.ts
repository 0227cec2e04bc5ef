import { useMemo } from 'react';
import { useConsole } from '../state/console-store.ts';
import { useFleetView } from './fleet-view-state.ts';
import { filterNodes } from './node-filter.ts';

/** 1 for each node that passes the filter, in roster order; null when all do. */
export function useNodePasses(): Uint8Array | null {
  const filter = useFleetView((state) => state.filter);
  const roster = useConsole((state) => state.roster);
  // Without states or revisions in it, a filter does not depend on the frame.
  const frame = useConsole((state) =>
    filter.states.length === 0 && filter.text === '' ? null : state.frame,
  );
  return useMemo(
    () => (roster === null ? null : filterNodes(roster, frame, filter)),
    [roster, frame, filter],
  );
}
