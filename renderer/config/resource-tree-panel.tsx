import { TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useDeferredValue, useMemo, useRef, useState } from 'react';
import classes from './config.module.css';
import { useDraft } from './draft-store.ts';
import { buildTreeRows, type TreeRow } from './resource-tree.ts';
import { useTreeNavigation } from './use-tree-navigation.ts';

const ROW_PX = 26;
const GROUP_PX = 30;

/** The draft's resources: found by name, host, path or backend; a click shows one in the editor. */
export function ResourceTreePanel() {
  const analysis = useDraft((state) => state.analysis);
  const hasDraft = useDraft((state) => state.hasDraft);
  const [query, setQuery] = useState('');
  const [closedGroups, setClosedGroups] = useState<ReadonlySet<string>>(new Set());
  const tree = useRef<HTMLDivElement>(null);
  const deferredQuery = useDeferredValue(query);
  const rows = useMemo(
    () =>
      buildTreeRows({
        documents: analysis?.documents ?? [],
        changes: hasDraft ? (analysis?.changes ?? []) : [],
        query: deferredQuery,
        closedGroups,
      }),
    [analysis, hasDraft, deferredQuery, closedGroups],
  );

  function toggle(id: string): void {
    const closed = new Set(closedGroups);
    if (!closed.delete(id)) closed.add(id);
    setClosedGroups(closed);
  }

  return (
    <section className={classes.treePane} aria-label="Resources">
      <div className={classes.treeSearch}>
        <TextInput
          aria-label="Find name, host, path, backend"
          placeholder="Name, host, path, backend"
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setQuery('');
            if (event.key === 'ArrowDown') tree.current?.focus();
          }}
        />
      </div>
      {rows.length === 0 ? (
        <p className={classes.empty}>{emptyWords(query, analysis === null)}</p>
      ) : (
        <ResourceTree rows={rows} toggle={toggle} scroll={tree} />
      )}
    </section>
  );
}

function ResourceTree(props: {
  readonly rows: readonly TreeRow[];
  readonly toggle: (groupId: string) => void;
  readonly scroll: RefObject<HTMLDivElement | null>;
}) {
  const { rows, scroll } = props;
  const selectedKey = useDraft((state) => state.selectedKey);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => (rows[index]?.type === 'group' ? GROUP_PX : ROW_PX),
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
  });
  const navigation = useTreeNavigation({
    rows,
    toggle: props.toggle,
    scrollTo: (index) => virtual.scrollToIndex(index),
  });
  const { activeIndex } = navigation;
  return (
    <div
      ref={scroll}
      role="tree"
      aria-label="Resources of the draft"
      tabIndex={0}
      className={classes.tree}
      aria-activedescendant={activeIndex === -1 ? undefined : domId(activeIndex)}
      onKeyDown={navigation.onKeyDown}
      onFocus={() => activeIndex === -1 && navigation.moveTo(0)}
    >
      <div
        role="presentation"
        className={classes.treeSpace}
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
              top={item.start}
              height={item.size}
              active={item.index === activeIndex}
              selected={row.type === 'resource' && row.key === selectedKey}
              onActivate={() => navigation.activate(row, false)}
            />
          );
        })}
      </div>
    </div>
  );
}

function TreeRowLine(props: {
  readonly id: string;
  readonly row: TreeRow;
  readonly top: number;
  readonly height: number;
  readonly active: boolean;
  readonly selected: boolean;
  readonly onActivate: () => void;
}) {
  const { row } = props;
  const resource = row.type === 'resource' ? row : null;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys for its items
    <div
      id={props.id}
      role="treeitem"
      tabIndex={-1}
      aria-level={resource === null ? 1 : 2}
      aria-expanded={row.type === 'group' ? row.open : undefined}
      aria-selected={props.selected}
      aria-posinset={resource?.position}
      aria-setsize={resource?.siblings}
      className={classes.treeRow}
      data-kind={row.type}
      data-active={props.active}
      title={resource?.key}
      style={{ height: props.height, transform: `translateY(${props.top}px)` }}
      onClick={props.onActivate}
    >
      {row.type === 'group' ? (
        <>
          <span className={classes.treeName}>{row.label}</span>
          {!row.open && <span>{row.count}</span>}
        </>
      ) : (
        <>
          <span className={classes.treeName} data-gone={row.startLine === null}>
            {row.name}
          </span>
          <span className={classes.badge} data-tone={row.badge?.tone ?? 'muted'}>
            {row.badge?.text ?? row.detail}
          </span>
        </>
      )}
    </div>
  );
}

function domId(index: number): string {
  return `config-tree-${index}`;
}

function emptyWords(query: string, unknown: boolean): string {
  if (unknown) return 'Reading the config.';
  if (query.trim() !== '') return `Nothing matches “${query.trim()}”.`;
  return 'No resources yet. Type Gateway API YAML in the editor, or open a file.';
}
