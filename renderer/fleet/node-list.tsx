import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useMemo, useRef } from 'react';
import { useTurn } from '../charts/use-turn.ts';
import { formatCount } from '../format/format.ts';
import { selectNode, useConsole } from '../state/console-store.ts';
import { nodeWords } from './describe-node.ts';
import { useFleetView } from './fleet-view-state.ts';
import styles from './node-list.module.css';
import { describeState, styleBucketOf, styleOfBucket } from './node-style.ts';
import { type SortKey, sortNodes } from './sort-nodes.ts';
import { StateWord } from './state-word.tsx';
import { useNodePasses } from './use-node-passes.ts';

const ROW_PX = 26;
const OVERSCAN = 12;

const COLUMNS: readonly (readonly [key: SortKey, label: string, number: boolean])[] = [
  ['name', 'Node', false],
  ['severity', 'State', false],
  ['serving', 'Serving', false],
  ['source', 'From', false],
  ['link', 'Link', false],
  ['sync', 'Believed', false],
  ['lag', 'Behind', true],
  ['unverified', 'Unverified', true],
  ['requests', 'Req/s', true],
  ['failures', 'Failed/s', true],
];

/** The fleet as a list: every node a row, sorted and filtered. */
export function NodeList() {
  const scroll = useRef<HTMLElement>(null);
  const roster = useConsole((state) => state.roster);
  const sort = useFleetView((view) => view.sort);
  const passes = useNodePasses();
  // Sorted once a second: rows that swap four times a second cannot be read.
  const turn = useTurn(3);
  const order = useMemo(() => {
    const { frame } = useConsole.getState();
    const known = frame !== null && frame.rosterVersion === roster?.rosterVersion ? frame : null;
    return turn > 0
      ? sortNodes(roster?.nodeIds.length ?? 0, known, passes, sort)
      : new Uint32Array();
  }, [roster, passes, sort, turn]);
  const rows = useVirtualizer({
    count: order.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
  });
  const selected = useConsole((state) => state.selectedNodeId);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = order.findIndex((node) => roster?.nodeIds[node] === selected);
    const next = nextRow(event.key, at, order.length);
    if (event.key === 'Escape') selectNode(null);
    if (next === null) return;
    event.preventDefault();
    const nodeId = roster?.nodeIds[order[next] ?? -1];
    if (nodeId !== undefined) selectNode(nodeId);
    rows.scrollToIndex(next);
  };
  return (
    <section
      ref={scroll}
      className={styles.scroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the selection in here
      tabIndex={0}
      aria-label="Nodes as a list. Arrow keys move the selection."
      onKeyDown={onKeyDown}
    >
      <table className={styles.table} aria-rowcount={order.length + 1}>
        <caption className="hf-hidden">{formatCount(order.length)} nodes</caption>
        <Header />
        <tbody className={styles.body} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((item) => (
            <Row key={item.key} node={order[item.index] ?? 0} index={item.index} top={item.start} />
          ))}
        </tbody>
      </table>
      {order.length === 0 && <p className={styles.empty}>No node matches.</p>}
    </section>
  );
}

function nextRow(key: string, at: number, rows: number): number | null {
  if (rows === 0) return null;
  const clamp = (row: number) => Math.max(0, Math.min(rows - 1, row));
  if (key === 'ArrowDown') return clamp(at + 1);
  if (key === 'ArrowUp') return clamp(at - 1);
  if (key === 'PageDown') return clamp(at + 20);
  if (key === 'PageUp') return clamp(at - 20);
  if (key === 'Home') return 0;
  return key === 'End' ? rows - 1 : null;
}

function Header() {
  const sort = useFleetView((view) => view.sort);
  return (
    <thead className={styles.head}>
      <tr className={styles.row}>
        {COLUMNS.map(([key, label, isNumber]) => {
          const active = sort.key === key;
          return (
            <th
              key={key}
              scope="col"
              className={isNumber ? styles.number : undefined}
              aria-sort={active ? (sort.descending ? 'descending' : 'ascending') : 'none'}
            >
              <button
                type="button"
                className={styles.sort}
                data-active={active}
                onClick={() =>
                  useFleetView.setState({
                    sort: { key, descending: active ? !sort.descending : key !== 'name' },
                  })
                }
              >
                {label}
                <span aria-hidden="true" className={styles.arrow}>
                  {active ? (sort.descending ? '↓' : '↑') : ''}
                </span>
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function Row(props: { readonly node: number; readonly index: number; readonly top: number }) {
  const { node, index, top } = props;
  const frame = useConsole((state) => state.frame);
  const nodeId = useConsole((state) => state.roster?.nodeIds[node]);
  const selected = useConsole((state) => state.selectedNodeId === nodeId);
  if (frame === null || nodeId === undefined || node >= frame.nodes) return null;
  const words = nodeWords(frame, node);
  const style = styleOfBucket(styleBucketOf(frame, node));
  const lag = frame.lagRevisions[node] ?? 0;
  const failures = frame.failures[node] ?? 0;
  return (
    <tr
      aria-rowindex={index + 2}
      aria-current={selected ? 'true' : undefined}
      className={`${styles.row} ${styles.node}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <td title={nodeId}>
        <button
          type="button"
          tabIndex={-1}
          className={styles.pick}
          onClick={() => selectNode(nodeId)}
        >
          <code>{nodeId}</code>
        </button>
      </td>
      <td>
        <StateWord style={style}>{describeState(style, lag)}</StateWord>
      </td>
      <td>
        <code>{words.serving}</code>
      </td>
      <td>{words.source}</td>
      <td>{words.link}</td>
      <td>{words.sync}</td>
      <td className={styles.number}>{lag === 0 ? '0' : formatCount(lag)}</td>
      <td className={styles.number}>{words.unverified}</td>
      <td className={styles.number}>{formatCount(frame.requests[node] ?? 0)}</td>
      <td className={styles.number} data-bad={failures > 0}>
        {formatCount(failures)}
      </td>
    </tr>
  );
}
