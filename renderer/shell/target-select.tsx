import { Select } from '@mantine/core';
import type { NodeId } from '../../core/config/ids.ts';
import type { NodeTarget } from '../../core/protocol/primitives.ts';
import { useConsole } from '../state/console-store.ts';

/** Picks the whole fleet, one cell, or the node that the dialog was opened for. */
export function TargetSelect(props: {
  readonly label: string;
  readonly value: NodeTarget;
  /** The node offered besides, if any. */
  readonly nodeId: NodeId | null;
  onChange(target: NodeTarget): void;
}) {
  const cells = useConsole((state) => state.roster?.cells) ?? [];
  const options = [
    { value: 'fleet', label: 'The whole fleet' },
    ...cells.map((cell) => ({ value: `cell:${cell}`, label: `Cell ${cell}` })),
    ...(props.nodeId === null ? [] : [{ value: 'node', label: `Node ${props.nodeId}` }]),
  ];
  return (
    <Select
      label={props.label}
      data={options}
      allowDeselect={false}
      value={keyOf(props.value)}
      onChange={(key) => props.onChange(targetOf(key, props.nodeId))}
    />
  );
}

function keyOf(target: NodeTarget): string {
  return target.scope === 'cell' ? `cell:${target.cell}` : target.scope;
}

function targetOf(key: string | null, nodeId: NodeId | null): NodeTarget {
  if (key === 'node' && nodeId !== null) return { scope: 'node', nodeId };
  if (key?.startsWith('cell:') === true) return { scope: 'cell', cell: key.slice(5) };
  return { scope: 'fleet' };
}
