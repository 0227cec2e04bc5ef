import { type KeyboardEvent, useRef, useState } from 'react';
import type { TreeRow } from './tree-rows.ts';

/** Letters typed within this time are one word, milliseconds. */
const TYPEAHEAD_MS = 700;

export interface TreeNavigation {
  /** Row that the keyboard is on; -1: none yet. */
  readonly activeIndex: number;
  activate(row: TreeRow, focus: boolean): void;
  moveTo(index: number): void;
  onKeyDown(event: KeyboardEvent): void;
}

/** Keys of a tree, as the ARIA practices describe them. */
export function useTreeNavigation(input: {
  readonly rows: readonly TreeRow[];
  readonly toggle: (id: string) => void;
  readonly scrollTo: (index: number) => void;
  /** Shows what a row stands for; with `focus` the keyboard goes there. */
  readonly open: (row: TreeRow, focus: boolean) => void;
  readonly menu: (index: number) => void;
}): TreeNavigation {
  const { rows, toggle, scrollTo } = input;
  const [activeId, setActiveId] = useState<string | null>(null);
  const typed = useRef({ text: '', atMs: 0 });
  const activeIndex = rows.findIndex((row) => row.node.id === activeId);

  function activate(row: TreeRow, focus: boolean): void {
    setActiveId(row.node.id);
    if (row.node.type === 'group') toggle(row.node.id);
    else input.open(row, focus);
  }

  function moveTo(index: number): void {
    const clamped = Math.min(Math.max(0, index), rows.length - 1);
    const row = rows[clamped];
    if (row === undefined) return;
    setActiveId(row.node.id);
    scrollTo(clamped);
  }

  /** Left folds, or goes to the parent; right unfolds, or goes to the first child. */
  function fold(row: TreeRow, open: boolean): void {
    if (row.expanded !== null && row.expanded !== open) toggle(row.node.id);
    else if (open && row.expanded === true) moveTo(activeIndex + 1);
    else if (!open) moveTo(rows.findIndex((each) => each.node.id === row.parentId));
  }

  function typeahead(letter: string): void {
    const now = performance.now();
    const isFresh = now - typed.current.atMs > TYPEAHEAD_MS;
    const text = (isFresh ? '' : typed.current.text) + letter.toLowerCase();
    typed.current = { text, atMs: now };
    // A first letter goes on to the next row; more letters may keep the one that they began with.
    const start = Math.max(0, activeIndex) + (text.length === 1 ? 1 : 0);
    for (let i = 0; i < rows.length; i += 1) {
      const index = (start + i) % rows.length;
      if (rows[index]?.node.label.toLowerCase().startsWith(text)) {
        moveTo(index);
        return;
      }
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    const row = rows[activeIndex];
    const isLetter =
      event.key.length === 1 &&
      event.key !== ' ' &&
      !event.ctrlKey &&
      !event.metaKey &&
      !event.altKey;
    if (event.key === 'ArrowDown') moveTo(activeIndex + 1);
    else if (event.key === 'ArrowUp') moveTo(activeIndex - 1);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(rows.length - 1);
    else if (isLetter) typeahead(event.key);
    else if (row === undefined) return;
    else if (event.key === 'Enter') activate(row, true);
    else if (event.key === ' ') activate(row, false);
    else if (event.key === 'ArrowLeft') fold(row, false);
    else if (event.key === 'ArrowRight') fold(row, true);
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      activate(row, false);
      input.menu(activeIndex);
    } else return;
    event.preventDefault();
  }

  return { activeIndex, activate, moveTo, onKeyDown };
}
