import { Button, Menu } from '@mantine/core';
import { describeFault } from '../../core/fault/describe-fault.ts';
import { perform } from '../actions/perform.ts';
import { findAction, runAction } from '../actions/registry.ts';
import { formatClock, formatNodes } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import { useNow } from '../state/use-now.ts';
import styles from './break-menu.module.css';

const BREAK_ITEMS = [
  'control-plane.kill',
  'simulator.kill',
  'fleet.restart',
  'fault.latency',
  'fault.partition',
] as const;
const FLEET_ITEMS = ['fleet.resize', 'fleet.budget', 'console.reset'] as const;

/** Everything that can be broken on purpose, and mended again. */
export function BreakMenu() {
  const connected = useConsole((state) => state.connection === 'open');
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Button disabled={!connected}>Break something…</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <ActiveFaults />
        {BREAK_ITEMS.map((id) => (
          <ActionItem key={id} id={id} />
        ))}
        <Menu.Divider />
        {FLEET_ITEMS.map((id) => (
          <ActionItem key={id} id={id} />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function ActionItem({ id }: { readonly id: string }) {
  const status = useConsole((state) => state.status);
  const action = findAction(id);
  if (action === null) return null;
  const label =
    action.danger === undefined || action.label.endsWith('…') ? action.label : `${action.label}…`;
  const why = action.unavailable?.(status) ?? null;
  return (
    <Menu.Item
      disabled={why !== null}
      {...(why === null ? {} : { title: why })}
      onClick={() => runAction(id)}
    >
      {label}
    </Menu.Item>
  );
}

function ActiveFaults() {
  const faults = useConsole((state) => state.status?.faults);
  const now = useNow();
  if (faults === undefined || faults.length === 0) return null;
  return (
    <>
      <Menu.Label>Active faults</Menu.Label>
      {faults.map((active) => (
        <Menu.Item
          key={active.id}
          closeMenuOnClick={false}
          rightSection={<span className={styles.clear}>Clear</span>}
          onClick={() =>
            void perform(
              'clear-fault',
              { faultId: active.id },
              {
                failed: 'The fault was not cleared',
                done: (result) => `Cleared on ${formatNodes(result.nodes)}`,
              },
            )
          }
        >
          <span className={styles.fault}>{describeFault(active.fault)}</span>
          <span className={styles.since}>
            {formatNodes(active.nodes)}, for {formatClock(now - active.startedAtMs)}
            {active.endsAtMs !== null && `, ends in ${formatClock(active.endsAtMs - now)}`}
          </span>
        </Menu.Item>
      ))}
      {faults.length > 1 && <ActionItem id="fault.clear-all" />}
      <Menu.Divider />
    </>
  );
}
