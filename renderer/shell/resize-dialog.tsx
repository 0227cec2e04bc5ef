import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import { INVENTORY_NODES_MAX } from '../../core/protocol/limits.ts';
import { perform } from '../actions/perform.ts';
import { formatCount, formatNodes } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import { DialogForm } from './dialog-form.tsx';

/** Provisions or retires nodes until the fleet has as many as asked for. */
export function ResizeDialog() {
  const now = useConsole((state) => state.status?.fleet.inventory ?? 0);
  const cells = useConsole((state) => state.roster?.cells.length ?? 0);
  const [nodes, setNodes] = useState<number | null>(now);
  return (
    <DialogForm
      touches={describe(now, nodes, cells)}
      confirmLabel="Resize fleet"
      danger={nodes !== null && nodes < now}
      disabled={nodes === null || nodes === now}
      run={async () => {
        if (nodes === null) return false;
        const done = await perform(
          'resize-fleet',
          { nodes },
          {
            failed: 'The fleet was not resized',
            done: (result) => `The fleet has ${formatNodes(result.nodes)}`,
          },
        );
        return done !== null;
      }}
    >
      <NumberInput
        label="Nodes"
        description={`0 to ${formatCount(INVENTORY_NODES_MAX)}`}
        min={0}
        max={INVENTORY_NODES_MAX}
        allowDecimal={false}
        value={nodes ?? ''}
        onChange={(value) => setNodes(typeof value === 'number' ? value : null)}
        data-autofocus
      />
    </DialogForm>
  );
}

function describe(now: number, nodes: number | null, cells: number): string {
  if (nodes === null) return 'Say how many nodes the fleet should have.';
  if (nodes === now) return `The fleet has ${formatNodes(now)} now.`;
  if (nodes > now) {
    return `Provisions ${formatNodes(nodes - now)}, spread over ${cells === 1 ? 'the cell' : `the ${cells} cells`}. They fetch the config from the control plane.`;
  }
  return `Retires ${formatNodes(now - nodes)}: they stop serving and leave the inventory.`;
}
