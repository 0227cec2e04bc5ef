import {
  Spotlight,
  type SpotlightActionData,
  type SpotlightActionGroupData,
  useSpotlight,
} from '@mantine/spotlight';
import { useState } from 'react';
import { listActions, runAction } from '../actions/registry.ts';
import { openView, selectNode, useConsole } from '../state/console-store.ts';
import { paletteStore } from './palette.ts';
import { useEarlyKeys } from './use-early-keys.ts';

/** Nodes offered for one query. */
const NODES_OFFERED_MAX = 8;
const ITEMS_MAX = 40;

/** Every action, and every node by name, from the keyboard. */
export function CommandPalette() {
  const [query, setQuery] = useState('');
  useEarlyKeys();
  return (
    <Spotlight
      store={paletteStore}
      shortcut="mod + K"
      // From the fields of a form and from the editor too: nothing there has these keys.
      tagsToIgnore={[]}
      triggerOnContentEditable
      query={query}
      onQueryChange={setQuery}
      actions={useGroups(query)}
      limit={ITEMS_MAX}
      scrollable
      maxHeight={420}
      highlightQuery={false}
      nothingFound="Nothing of that name"
      searchProps={{
        placeholder: 'Type an action or a node…',
        'aria-label': 'Search for an action or a node',
      }}
      lockScroll={false}
      transitionProps={{ duration: 0 }}
      size={560}
      centered={false}
      yOffset={84}
      attributes={{ content: { 'aria-label': 'Command palette' } }}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
    />
  );
}

function useGroups(query: string): (SpotlightActionData | SpotlightActionGroupData)[] {
  const { opened } = useSpotlight(paletteStore);
  if (!opened) return [];
  // As of its opening: a list that moves under the hand cannot be used.
  const { status, roster } = useConsole.getState();
  const groups = new Map<string, SpotlightActionData[]>();
  for (const action of listActions()) {
    if (action.id === 'palette.open') continue;
    const why = action.unavailable?.(status) ?? null;
    const entry: SpotlightActionData = {
      id: action.id,
      label:
        action.danger === undefined || action.label.endsWith('…')
          ? action.label
          : `${action.label}…`,
      keywords: [...action.keywords],
      disabled: why !== null,
      ...(why === null ? {} : { description: why }),
      onClick: () => runAction(action.id),
    };
    const group = action.group ?? 'More';
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  const nodes = nodesMatching(query, roster?.nodeIds ?? []);
  if (nodes.length > 0) groups.set('Nodes', nodes);
  return [...groups]
    .map(([group, actions]) => ({ group, actions }))
    .sort((a, b) => rankOf(a.group) - rankOf(b.group));
}

/** What an outage asks for comes first, the places last; groups of other views between. */
const GROUP_RANKS: readonly string[] = ['Control plane', 'Break something', 'Fleet'];
const LAST_GROUPS: readonly string[] = ['View', 'Console', 'Nodes'];

function rankOf(group: string): number {
  const first = GROUP_RANKS.indexOf(group);
  if (first !== -1) return first;
  const last = LAST_GROUPS.indexOf(group);
  return last === -1 ? GROUP_RANKS.length : GROUP_RANKS.length + 1 + last;
}

function nodesMatching(
  query: string,
  nodeIds: readonly (string & Parameters<typeof selectNode>[0])[],
): SpotlightActionData[] {
  const wanted = query.trim().toLowerCase();
  if (wanted.length < 2) return [];
  const found: SpotlightActionData[] = [];
  for (const nodeId of nodeIds) {
    if (!nodeId.includes(wanted)) continue;
    found.push({
      id: `node:${nodeId}`,
      label: nodeId,
      keywords: ['node'],
      onClick: () => {
        openView('fleet');
        selectNode(nodeId);
      },
    });
    if (found.length === NODES_OFFERED_MAX) break;
  }
  return found;
}
