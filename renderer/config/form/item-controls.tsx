import type { KeyboardEvent } from 'react';
import classes from './items.module.css';
import type { Items } from './use-items.ts';

/** Up, down and away, for one item. */
export function ItemControls(props: {
  readonly noun: string;
  readonly at: number;
  readonly list: Items;
}) {
  const { noun, at, list } = props;
  const name = `${noun} ${at + 1}`;
  const last = list.items.length - 1;
  return (
    <span className={classes.controls}>
      {last > 0 ? (
        <>
          <button
            type="button"
            className={classes.control}
            aria-label={`Move ${name} up`}
            title="Move up (Alt+Up)"
            disabled={at === 0}
            onClick={() => list.move(at, at - 1)}
          >
            ↑
          </button>
          <button
            type="button"
            className={classes.control}
            aria-label={`Move ${name} down`}
            title="Move down (Alt+Down)"
            disabled={at === last}
            onClick={() => list.move(at, at + 1)}
          >
            ↓
          </button>
        </>
      ) : null}
      <button
        type="button"
        className={classes.control}
        aria-label={`Remove ${name}`}
        title="Remove"
        onClick={() => list.remove(at)}
      >
        ×
      </button>
    </span>
  );
}

/** Alt+Up and Alt+Down move the item that has the keyboard; the innermost list takes them. */
export function moveByKey(event: KeyboardEvent<HTMLElement>, at: number, list: Items): void {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
  // There these keys open the list of choices.
  if (event.target instanceof HTMLSelectElement) return;
  event.preventDefault();
  event.stopPropagation();
  list.move(at, event.key === 'ArrowUp' ? at - 1 : at + 1);
}
