import classes from './tree.module.css';
import { highlighted, type TreeRow } from './tree-rows.ts';

/** One row of the tree. The tree takes the keys for all of them. */
export function TreeRowLine(props: {
  readonly id: string;
  readonly row: TreeRow;
  readonly words: readonly string[];
  readonly top: number;
  readonly height: number;
  readonly active: boolean;
  readonly selected: boolean;
  readonly onActivate: () => void;
  readonly onToggle: () => void;
  readonly onMenu: (at: { readonly x: number; readonly y: number }) => void;
}) {
  const { row } = props;
  const { node } = row;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys for its items
    <div
      id={props.id}
      role="treeitem"
      tabIndex={-1}
      aria-level={row.level}
      aria-expanded={row.expanded ?? undefined}
      aria-selected={props.selected}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      className={classes.row}
      data-kind={node.type}
      data-active={props.active}
      title={node.type === 'resource' ? (node.key ?? undefined) : undefined}
      style={{
        height: props.height,
        transform: `translateY(${props.top}px)`,
        paddingLeft: 12 + Math.max(0, row.level - 2) * 12,
      }}
      onClick={props.onActivate}
      onContextMenu={(event) => {
        event.preventDefault();
        props.onMenu({ x: event.clientX, y: event.clientY });
      }}
    >
      {node.type !== 'group' && <Twist expanded={row.expanded} onToggle={props.onToggle} />}
      <span className={classes.name} data-gone={node.startLine === null && node.type !== 'group'}>
        {highlighted(node.label, node.type === 'group' ? [] : props.words).map((piece, index) =>
          piece.hit ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one label, replaced as a whole
            <mark key={index} className={classes.hit}>
              {piece.text}
            </mark>
          ) : (
            piece.text
          ),
        )}
      </span>
      <span className={classes.badge} data-tone={row.badge?.tone ?? 'muted'}>
        {row.badge?.text ?? row.found ?? (node.type === 'group' && row.expanded ? '' : node.detail)}
      </span>
    </div>
  );
}

/** For the pointer alone: the arrow keys do the same. */
function Twist(props: { readonly expanded: boolean | null; readonly onToggle: () => void }) {
  return (
    <span
      className={classes.twist}
      aria-hidden="true"
      data-open={props.expanded ?? undefined}
      onClick={(event) => {
        if (props.expanded === null) return;
        event.stopPropagation();
        props.onToggle();
      }}
    />
  );
}
