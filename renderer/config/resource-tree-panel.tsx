import { Button, Menu, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useDraft } from './draft-store.ts';
import { openRow } from './open-row.ts';
import { NewItems, ResourceMenu } from './resource-menu.tsx';
import { buildTree } from './resource-tree.ts';
import classes from './tree.module.css';
import { TreeRowLine } from './tree-row-line.tsx';
import { type TreeRow, treeRows, wordsOf } from './tree-rows.ts';
import { useTreeNavigation } from './use-tree-navigation.ts';

const ROW_PX = 24;
const GROUP_PX = 30;

/** The draft's resources: found by name, host, path or backend; a click shows one. */
export function ResourceTreePanel() {
  const analysis = useDraft((state) => state.analysis);
  const hasDraft = useDraft((state) => state.hasDraft);
  const [query, setQuery] = useState('');
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const tree = useRef<HTMLDivElement>(null);
  const deferredQuery = useDeferredValue(query);
  const roots = useMemo(
    () =>
      buildTree({
        documents: analysis?.documents ?? [],
        changes: hasDraft ? (analysis?.changes ?? []) : [],
        attachments: analysis?.attachments ?? [],
      }),
    [analysis, hasDraft],
  );
  const rows = useMemo(
    () => treeRows(roots, { query: deferredQuery, toggled }),
    [roots, deferredQuery, toggled],
  );

  function toggle(id: string): void {
    const next = new Set(toggled);
    if (!next.delete(id)) next.add(id);
    setToggled(next);
  }

  return (
    <section className={classes.pane} aria-label="Resources">
      <div className={classes.search}>
        <TextInput
          className={classes.searchField}
          aria-label="Find name, host, path, backend"
          placeholder="Find name, host, path, backend"
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setQuery('');
            if (event.key === 'ArrowDown') tree.current?.focus();
          }}
        />
        <NewMenu />
      </div>
      {rows.length === 0 ? (
        <p className={classes.empty}>{emptyWords(query, analysis === null)}</p>
      ) : (
        <ResourceTree rows={rows} words={wordsOf(deferredQuery)} toggle={toggle} scroll={tree} />
      )}
    </section>
  );
}

function NewMenu() {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button aria-label="New resource" title="New resource" px={9}>
          +
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <NewItems />
      </Menu.Dropdown>
    </Menu>
  );
}

function ResourceTree(props: {
  readonly rows: readonly TreeRow[];
  readonly words: readonly string[];
  readonly toggle: (id: string) => void;
  readonly scroll: RefObject<HTMLDivElement | null>;
}) {
  const { rows, scroll } = props;
  const selectedKey = useDraft((state) => state.selectedKey);
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => (rows[index]?.level === 1 ? GROUP_PX : ROW_PX),
    getItemKey: (index) => rows[index]?.node.id ?? index,
    overscan: 12,
  });
  const navigation = useTreeNavigation({
    rows,
    toggle: props.toggle,
    scrollTo: (index) => virtual.scrollToIndex(index),
    open: openRow,
    // In the next frame: the menu would take the key that opens it for one that closes it.
    menu: (index) => requestAnimationFrame(() => setMenuAt(bottomLeftOf(domId(index)))),
  });
  const { activeIndex } = navigation;
  useFollowedSelection(rows, selectedKey, props.words.length === 0, (index) =>
    virtual.scrollToIndex(index),
  );
  return (
    <>
      <div
        ref={scroll}
        role="tree"
        aria-label="Resources of the draft"
        tabIndex={0}
        className={classes.tree}
        aria-activedescendant={activeIndex === -1 ? undefined : domId(activeIndex)}
        onKeyDown={navigation.onKeyDown}
        onFocus={(event) => {
          // A press with the pointer goes to the row that it meets.
          if (activeIndex !== -1 || !event.currentTarget.matches(':focus-visible')) return;
          navigation.moveTo(firstOf(rows, selectedKey));
        }}
      >
        <div
          role="presentation"
          className={classes.space}
          style={{ height: virtual.getTotalSize() }}
        >
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <TreeRowLine
                key={item.key}
                id={domId(item.index)}
                row={row}
                words={props.words}
                top={item.start}
                height={item.size}
                active={item.index === activeIndex}
                selected={row.node.type === 'resource' && row.node.key === selectedKey}
                onActivate={() => navigation.activate(row, false)}
                onToggle={() => props.toggle(row.node.id)}
                onMenu={(at) => {
                  if (row.node.type !== 'group') navigation.activate(row, false);
                  setMenuAt(at);
                }}
              />
            );
          })}
        </div>
      </div>
      <ResourceMenu at={menuAt} onClose={() => setMenuAt(null)} />
    </>
  );
}

/**
 * Brings the resource that the cursor went to into sight, unless it is folded away; again when a
 * search ends.
 */
function useFollowedSelection(
  rows: readonly TreeRow[],
  selectedKey: string | null,
  isWhole: boolean,
  scrollTo: (index: number) => void,
): void {
  const newest = useRef({ rows, scrollTo });
  newest.current = { rows, scrollTo };
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end of a search shows all rows again
  useEffect(() => {
    if (selectedKey === null) return;
    // What is open from the start was nobody's choice: the tree begins at its top.
    if (first.current) {
      first.current = false;
      return;
    }
    const index = newest.current.rows.findIndex(({ node }) => isResource(node, selectedKey));
    if (index !== -1) newest.current.scrollTo(index);
  }, [selectedKey, isWhole]);
}

function isResource(node: TreeRow['node'], key: string | null): boolean {
  return node.type === 'resource' && node.key === key;
}

function firstOf(rows: readonly TreeRow[], selectedKey: string | null): number {
  return Math.max(
    0,
    rows.findIndex(({ node }) => isResource(node, selectedKey)),
  );
}

function bottomLeftOf(id: string): { x: number; y: number } {
  const box = document.getElementById(id)?.getBoundingClientRect();
  return { x: (box?.left ?? 0) + 24, y: box?.bottom ?? 0 };
}

function domId(index: number): string {
  return `config-tree-${index}`;
}

function emptyWords(query: string, unknown: boolean): string {
  if (unknown) return 'Reading the config.';
  if (query.trim() !== '') return `Nothing matches “${query.trim()}”.`;
  return 'No resources yet. Begin one with +, import a file, or type Gateway API YAML in the editor.';
}
