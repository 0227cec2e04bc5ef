import { create } from 'zustand';
import { NO_FILTER, type NodeFilter } from './node-filter.ts';
import type { NodeState } from './node-style.ts';
import type { SortKey } from './sort-nodes.ts';

export interface FleetViewState {
  readonly mode: 'map' | 'list';
  readonly filter: NodeFilter;
  readonly sort: { readonly key: SortKey; readonly descending: boolean };
}

/** How the fleet is looked at; kept while other views are open. */
export const useFleetView = create<FleetViewState>()(() => ({
  mode: 'map',
  filter: NO_FILTER,
  sort: { key: 'severity', descending: true },
}));

/** Adds a state to the filter, or takes it out. */
export function toggleState(state: NodeState): void {
  useFleetView.setState(({ filter }) => ({
    filter: {
      ...filter,
      states: filter.states.includes(state)
        ? filter.states.filter((each) => each !== state)
        : [...filter.states, state],
    },
  }));
}

/** Filters by words in the node's name. */
export function setFilterText(text: string): void {
  useFleetView.setState(({ filter }) => ({ filter: { ...filter, text } }));
}
