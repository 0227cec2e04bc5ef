import { Menu } from '@mantine/core';
import type { Json } from '../../../core/gateway/json.ts';
import classes from './items.module.css';

/** Something that may be added to a list. */
export interface Addition {
  readonly label: string;
  readonly value: () => Json;
}

/** One addition as a button, several as a menu. */
export function AddControl(props: {
  readonly label: string;
  readonly additions: readonly Addition[];
  readonly onAdd: (value: Json) => void;
}) {
  const { label, additions, onAdd } = props;
  const [only, ...others] = additions;
  if (only === undefined) return null;
  if (others.length === 0) {
    return (
      <button type="button" className={classes.add} onClick={() => onAdd(only.value())}>
        + {label}
      </button>
    );
  }
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className={classes.add}>
          + {label}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {additions.map((addition) => (
          <Menu.Item key={addition.label} onClick={() => onAdd(addition.value())}>
            {addition.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
