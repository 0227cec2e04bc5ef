import { NumberInput, Select } from '@mantine/core';
import { useState } from 'react';
import type { LinkFault } from '../../core/fault/fault.ts';
import type { NodeTarget } from '../../core/protocol/primitives.ts';
import { countTarget, describeLinkFault } from '../actions/describe-target.ts';
import { perform } from '../actions/perform.ts';
import { formatNodes } from '../format/format.ts';
import { useConsole } from '../state/console-store.ts';
import styles from './dialog-form.module.css';
import { DialogForm } from './dialog-form.tsx';
import { TargetSelect } from './target-select.tsx';

const DURATIONS = [
  { value: '', label: 'Until cleared' },
  { value: '30000', label: '30 s' },
  { value: '120000', label: '2 min' },
  { value: '600000', label: '10 min' },
];
const LATENCY_MS_DEFAULT = 400;
const LATENCY_MS_MAX = 60_000;

/** Puts latency on links, or cuts them. */
export function LinkFaultDialog(props: {
  readonly kind: LinkFault['kind'];
  readonly target: NodeTarget;
}) {
  const [target, setTarget] = useState(props.target);
  const [latencyMs, setLatencyMs] = useState<number | null>(LATENCY_MS_DEFAULT);
  const [jitterMs, setJitterMs] = useState<number | null>(0);
  const [duration, setDuration] = useState('');
  const nodes = useConsole((state) => countTarget(target, state.roster));
  const fault = faultOf(props.kind, target, latencyMs, jitterMs, duration);
  const isLatency = props.kind === 'link-latency';
  return (
    <DialogForm
      touches={describeLinkFault(props.kind, nodes, latencyMs ?? 0, jitterMs ?? 0)}
      confirmLabel={isLatency ? `Slow down ${formatNodes(nodes)}` : `Cut off ${formatNodes(nodes)}`}
      danger
      disabled={fault === null || nodes === 0}
      run={async () => {
        if (fault === null) return false;
        const done = await perform('start-fault', { fault }, { failed: 'The fault did not start' });
        return done !== null;
      }}
    >
      <TargetSelect
        label="Whose links"
        value={target}
        nodeId={props.target.scope === 'node' ? props.target.nodeId : null}
        onChange={setTarget}
      />
      {isLatency && (
        <div className={styles.row}>
          <NumberInput
            label="Latency each way, ms"
            min={0}
            max={LATENCY_MS_MAX}
            allowDecimal={false}
            value={latencyMs ?? ''}
            onChange={(value) => setLatencyMs(typeof value === 'number' ? value : null)}
          />
          <NumberInput
            label="Jitter on top, ms"
            min={0}
            max={LATENCY_MS_MAX}
            allowDecimal={false}
            value={jitterMs ?? ''}
            onChange={(value) => setJitterMs(typeof value === 'number' ? value : null)}
          />
        </div>
      )}
      <Select
        label="For how long"
        data={DURATIONS}
        allowDeselect={false}
        value={duration}
        onChange={(value) => setDuration(value ?? '')}
      />
    </DialogForm>
  );
}

function faultOf(
  kind: LinkFault['kind'],
  target: NodeTarget,
  latencyMs: number | null,
  jitterMs: number | null,
  duration: string,
): LinkFault | null {
  const durationMs = duration === '' ? null : Number(duration);
  if (kind === 'link-partition') return { kind, target, durationMs };
  if (latencyMs === null || jitterMs === null) return null;
  return { kind, target, latencyMs, jitterMs, durationMs };
}
