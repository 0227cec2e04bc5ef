import { type KeyboardEvent, useState } from 'react';
import { jumpToLine, useDraft } from './draft-store.ts';
import type { TreeRow } from './resource-tree.ts';

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
  readonly toggle: (groupId: string) => void;
  readonly scrollTo: (index: number) => void;
}): TreeNavigation {
  const { rows, toggle, scrollTo } = input;
  const [activeId, setActiveId] = useState<string | null>(null);
  const activeIndex = rows.findIndex((row) => row.id === activeId);

  function activate(row: TreeRow, focus: boolean): void {
    setActiveId(row.id);
    if (row.type === 'group') toggle(row.id);
    else if (row.startLine === null) useDraft.setState({ tab: 'diff', selectedKey: row.key });
    else {
      useDraft.setState({ selectedKey: row.key });
      jumpToLine({ line: row.startLine, focus });
    }
  }

  function moveTo(index: number): void {
    const clamped = Math.min(Math.max(0, index), rows.length - 1);
    const row = rows[clamped];
    if (row === undefined) return;
    setActiveId(row.id);
    scrollTo(clamped);
  }

  /** Folds or unfolds a group, or goes from a resource to its group. */
  function fold(row: TreeRow, open: boolean): void {
    if (row.type === 'group') {
      if (row.open !== open) toggle(row.id);
    } else if (!open) moveTo(rows.findIndex((each) => each.id === row.groupId));
  }

  function onKeyDown(event: KeyboardEvent): void {
    const row = rows[activeIndex];
    if (event.key === 'ArrowDown') moveTo(activeIndex + 1);
    else if (event.key === 'ArrowUp') moveTo(activeIndex - 1);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(rows.length - 1);
    else if (row === undefined) return;
    else if (event.key === 'Enter') activate(row, true);
    else if (event.key === ' ') activate(row, false);
    else if (event.key === 'ArrowLeft') fold(row, false);
    else if (event.key === 'ArrowRight') fold(row, true);
    else return;
    event.preventDefault();
  }

  return { activeIndex, activate, moveTo, onKeyDown };
}
