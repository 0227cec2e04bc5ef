import { Menu } from '@mantine/core';
import { NEW_KINDS } from '../../core/gateway/schema/resource-skeletons.ts';
import { findAction, runAction } from '../actions/registry.ts';
import { useConsole } from '../state/console-store.ts';
import { RESOURCE_ACTIONS } from './resource-actions.ts';

/** Actions on the selected resource, at a point of the page. */
export function ResourceMenu(props: {
  readonly at: { readonly x: number; readonly y: number } | null;
  readonly onClose: () => void;
}) {
  const { at, onClose } = props;
  return (
    <Menu
      opened={at !== null}
      onChange={(opened) => !opened && onClose()}
      position="bottom-start"
      returnFocus
      trapFocus
    >
      <Menu.Target>
        <span
          aria-hidden="true"
          style={{ position: 'fixed', left: at?.x ?? 0, top: at?.y ?? 0, width: 1, height: 1 }}
        />
      </Menu.Target>
      <Menu.Dropdown>{at !== null && <Items />}</Menu.Dropdown>
    </Menu>
  );
}

function Items() {
  const status = useConsole.getState().status;
  const possible = RESOURCE_ACTIONS.flatMap((id) => findAction(id) ?? []).filter(
    (action) => (action.unavailable?.(status) ?? null) === null,
  );
  return (
    <>
      {possible.map((action) => (
        <Menu.Item key={action.id} onClick={() => runAction(action.id)}>
          {action.label}
        </Menu.Item>
      ))}
      {possible.length > 0 && <Menu.Divider />}
      <NewItems />
    </>
  );
}

/** One item for each kind that a new document can be begun with. */
export function NewItems() {
  return NEW_KINDS.map((kind) => (
    <Menu.Item key={kind} onClick={() => runAction(`resource.new.${kind}`)}>
      New {kind}
    </Menu.Item>
  ));
}
