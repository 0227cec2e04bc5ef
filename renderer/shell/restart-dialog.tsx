import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { NodeTarget } from '../../core/protocol/primitives.ts';
import { countTarget, describeRestart } from '../actions/describe-target.ts';
import { perform } from '../actions/perform.ts';
import { formatNodes } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import { DialogForm } from './dialog-form.tsx';
import { TargetSelect } from './target-select.tsx';

/** Restarts nodes with their disks kept or wiped. */
export function RestartDialog(props: { readonly target: NodeTarget }) {
  const [target, setTarget] = useState(props.target);
  const [disk, setDisk] = useState<'keep' | 'wipe'>('keep');
  const nodes = useConsole((state) => countTarget(target, state.roster));
  return (
    <DialogForm
      touches={describeRestart(nodes, disk)}
      confirmLabel={`Restart ${formatNodes(nodes)}`}
      danger
      disabled={nodes === 0}
      run={async () => {
        const done = await perform(
          'restart-nodes',
          { target, disk },
          {
            failed: 'Nothing was restarted',
            done: (result) => `Restarting ${formatNodes(result.nodes)}`,
          },
        );
        return done !== null;
      }}
    >
      <TargetSelect
        label="What to restart"
        value={target}
        nodeId={props.target.scope === 'node' ? props.target.nodeId : null}
        onChange={setTarget}
      />
      <SegmentedControl
        aria-label="Disk"
        value={disk}
        onChange={(value) => setDisk(value === 'wipe' ? 'wipe' : 'keep')}
        data={[
          { value: 'keep', label: 'Keep the disks' },
          { value: 'wipe', label: 'Wipe the disks' },
        ]}
      />
    </DialogForm>
  );
}
