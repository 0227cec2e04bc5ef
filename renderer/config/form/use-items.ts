import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import type { Json } from '../../../core/gateway/json.ts';
import { useForm } from './form-context.tsx';
import { addItem, listOf, moveItem, removeItem } from './form-ops.ts';
import { ItemKeys } from './item-keys.ts';

/** The items of a list of the document, and what can be done to them. */
export interface Items {
  readonly items: readonly Json[];
  readonly keys: readonly number[];
  readonly openKey: number | null;
  readonly root: RefObject<HTMLUListElement | null>;
  readonly toggle: (key: number) => void;
  readonly add: (value: Json) => void;
  readonly remove: (at: number) => void;
  readonly move: (at: number, to: number) => void;
}

const FOCUSABLE = 'input, select, textarea, button';

export function useItems(input: {
  readonly pointer: string;
  readonly noun: string;
  readonly keepList: boolean;
}): Items {
  const { pointer, noun, keepList } = input;
  const { body, edit } = useForm();
  const [identities] = useState(() => new ItemKeys());
  const [openKey, setOpenKey] = useState<number | null>(null);
  const root = useRef<HTMLUListElement>(null);
  const wanted = useRef<{ key: number; part: 'head' | 'fields' } | null>(null);
  const items = listOf(body, pointer);
  const keys = identities.fit(items);

  // What was added is to be filled in, and what was moved keeps the keyboard.
  useLayoutEffect(() => {
    const { current } = wanted;
    if (current === null) return;
    const item = root.current?.querySelector(`:scope > [data-item="${current.key}"]`);
    const part = item?.querySelector(`[data-part="${current.part}"]`) ?? item;
    const target = part?.querySelector<HTMLElement>(FOCUSABLE);
    if (target === null || target === undefined) return;
    wanted.current = null;
    target.focus();
  });

  return {
    items,
    keys,
    openKey,
    root,
    toggle: (key) => setOpenKey((open) => (open === key ? null : key)),
    add: (value) => {
      const key = identities.upcoming();
      setOpenKey(key);
      wanted.current = { key, part: 'fields' };
      edit(addItem(body, pointer, value), `add ${noun} ${pointer} ${items.length}`);
    },
    remove: (at) => {
      const ops = removeItem(body, pointer, at, { keepList });
      if (ops.length === 0) return;
      identities.remove(at);
      edit(ops, `remove ${noun} ${pointer} ${at}`);
    },
    move: (at, to) => {
      const ops = moveItem(body, pointer, at, to);
      const key = keys[at];
      if (ops.length === 0 || key === undefined) return;
      identities.move(at, to);
      wanted.current = { key, part: 'head' };
      edit(ops, `move ${noun} ${pointer} ${at} to ${to}`);
    },
  };
}
