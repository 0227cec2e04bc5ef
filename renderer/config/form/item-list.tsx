import { type ReactNode, useId } from 'react';
import { type Json, pointerTo } from '../../../core/gateway/json.ts';
import { AddControl, type Addition } from './add-control.tsx';
import { ItemControls, moveByKey } from './item-controls.tsx';
import classes from './items.module.css';
import { ProblemsOf } from './row.tsx';
import { Sentence } from './sentence.tsx';
import { type Items, useItems } from './use-items.ts';
import type { Words } from './words.ts';

interface ItemListProps {
  readonly pointer: string;
  /** What one item is called: `match`. */
  readonly noun: string;
  /** Absent: the fields of an item stand in one line, always open. */
  readonly sentence?: (item: Json, pointer: string) => Words;
  readonly fields: (item: Json, pointer: string) => ReactNode;
  /** Beside the sentence, always in sight. */
  readonly beside?: (item: Json, pointer: string) => ReactNode;
  readonly additions: readonly Addition[];
  readonly addLabel: string;
  /** Said when there are none. */
  readonly empty?: string;
  /** The list must be there; an empty one stays. */
  readonly keepList?: boolean;
}

/** A list whose items read as sentences and open into fields. */
export function ItemList(props: ItemListProps) {
  const { pointer, noun, keepList = false } = props;
  const list = useItems({ pointer, noun, keepList });
  return (
    <div className={classes.list}>
      {list.items.length === 0 && props.empty !== undefined ? (
        <span className={classes.empty}>{props.empty}</span>
      ) : null}
      {list.items.length > 0 ? (
        <ul className={classes.items} ref={list.root}>
          {list.items.map((item, at) => (
            <Item
              key={list.keys[at] ?? at}
              item={item}
              at={at}
              itemKey={list.keys[at] ?? at}
              list={list}
              shared={props}
            />
          ))}
        </ul>
      ) : null}
      <AddControl label={props.addLabel} additions={props.additions} onAdd={list.add} />
    </div>
  );
}

function Item(props: {
  readonly item: Json;
  readonly at: number;
  readonly itemKey: number;
  readonly list: Items;
  readonly shared: ItemListProps;
}) {
  const { item, at, itemKey, list, shared } = props;
  const { sentence, fields, beside, noun } = shared;
  const pointer = pointerTo(shared.pointer, at);
  const fieldsId = useId();
  const isOpen = sentence === undefined || list.openKey === itemKey;
  return (
    <li
      className={classes.item}
      data-item={itemKey}
      data-pointer={pointer}
      data-open={isOpen && sentence !== undefined}
      onKeyDown={(event) => moveByKey(event, at, list)}
    >
      <div className={classes.head} data-part="head">
        {sentence === undefined ? (
          <div className={classes.line} data-part="fields">
            {fields(item, pointer)}
          </div>
        ) : (
          <button
            type="button"
            className={classes.sentence}
            aria-expanded={isOpen}
            aria-controls={isOpen ? fieldsId : undefined}
            onClick={() => list.toggle(itemKey)}
          >
            <Sentence words={sentence(item, pointer)} />
          </button>
        )}
        {beside?.(item, pointer)}
        <ItemControls noun={noun} at={at} list={list} />
      </div>
      {isOpen && sentence !== undefined ? (
        <fieldset id={fieldsId} className={classes.fields} data-part="fields">
          <legend className="hf-hidden">{`${noun} ${at + 1}`}</legend>
          {fields(item, pointer)}
        </fieldset>
      ) : null}
      <ProblemsOf pointer={pointer} />
    </li>
  );
}
