import { CloseButton, SegmentedControl, TextInput } from '@mantine/core';
import { AvailabilityPanel } from '../charts/availability-panel.tsx';
import { BeliefPanel } from '../charts/belief-panel.tsx';
import { ConvergencePanel } from '../charts/convergence-panel.tsx';
import { StalenessPanel } from '../charts/staleness-panel.tsx';
import { formatCount } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import { FleetMap } from './fleet-map.tsx';
import styles from './fleet-view.module.css';
import { setFilterText, useFleetView } from './fleet-view-state.ts';
import { Legend } from './legend.tsx';
import { NO_FILTER } from './node-filter.ts';
import { NodeInspector } from './node-inspector.tsx';
import { NodeList } from './node-list.tsx';
import { useNodePasses } from './use-node-passes.ts';

/** The whole fleet, and beside it what it adds up to or the node that is selected. */
export function FleetView() {
  const mode = useFleetView((view) => view.mode);
  const selected = useConsole((state) => state.selectedNodeId);
  return (
    <div className={styles.view}>
      <div className={styles.fleet}>
        <Toolbar />
        {mode === 'map' ? <FleetMap /> : <NodeList />}
        <Legend />
      </div>
      <div className={styles.rail}>
        {selected === null ? (
          <>
            <AvailabilityPanel />
            <ConvergencePanel />
            <StalenessPanel />
            <BeliefPanel />
          </>
        ) : (
          <NodeInspector nodeId={selected} />
        )}
      </div>
    </div>
  );
}

function Toolbar() {
  const mode = useFleetView((view) => view.mode);
  const text = useFleetView((view) => view.filter.text);
  const isFiltered = useFleetView((view) => view.filter !== NO_FILTER);
  return (
    <div className={styles.toolbar}>
      <SegmentedControl
        aria-label="Show the fleet as"
        value={mode}
        onChange={(value) => useFleetView.setState({ mode: value === 'list' ? 'list' : 'map' })}
        data={[
          { value: 'map', label: 'Map' },
          { value: 'list', label: 'List' },
        ]}
      />
      <TextInput
        className={styles.filter}
        placeholder="Filter: name, cell, r12"
        aria-label="Filter nodes by name, cell or revision"
        value={text}
        onChange={(event) => setFilterText(event.currentTarget.value)}
        rightSection={
          isFiltered && text !== '' ? (
            <CloseButton
              size={20}
              aria-label="Clear the filter"
              onClick={() => useFleetView.setState({ filter: NO_FILTER })}
            />
          ) : null
        }
      />
      <FilterCount />
    </div>
  );
}

function FilterCount() {
  const passes = useNodePasses();
  if (passes === null) return null;
  const count = passes.reduce((sum, each) => sum + each, 0);
  return (
    <span className={styles.count} role="status">
      {formatCount(count)} of {formatCount(passes.length)}
    </span>
  );
}
