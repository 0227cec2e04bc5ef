import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeId } from '../../../core/config/ids.ts';
import type { ActiveFault, LinkFault } from '../../../core/fault/fault.ts';
import { twinFaultsText } from '../../../main/host/twin-faults.ts';
import { coversNobody, readFaultSchedule } from '../../../simulator/twin/twin-fault.ts';

const FLEET = [
  { nodeId: 'eu-west/edge-0001' as NodeId, cell: 'eu-west' },
  { nodeId: 'us-east/edge-0001' as NodeId, cell: 'us-east' },
];
const NOW_MS = 1_000_000;

function active(id: string, fault: LinkFault, endsAtMs: number | null): ActiveFault {
  return { id, fault, startedAtMs: NOW_MS - 5_000, endsAtMs, nodes: 1 };
}

test('[FORE2] live faults become a faults file that the twin reads, with what is left of each', () => {
  const fleet = { scope: 'fleet' } as const;
  const node = { scope: 'node', nodeId: 'us-east/edge-0001' as NodeId } as const;
  const cell = { scope: 'cell', cell: 'eu-west' } as const;
  const latency = {
    kind: 'link-latency',
    latencyMs: 400,
    jitterMs: 100,
    durationMs: null,
  } as const;
  const text = twinFaultsText(
    [
      active('a', { ...latency, target: fleet }, null),
      active('b', { kind: 'link-partition', target: cell, durationMs: 60_000 }, NOW_MS + 30_000.4),
      active('c', { kind: 'link-partition', target: node, durationMs: 5_100 }, NOW_MS + 3),
    ],
    FLEET,
    NOW_MS,
  );
  const read = readFaultSchedule(text);
  assert.ok(read.ok, read.ok ? '' : read.error);
  assert.deepEqual(read.value, [
    { atMs: 0, fault: { ...latency, target: fleet } },
    { atMs: 0, fault: { kind: 'link-partition', target: cell, durationMs: 30_001 } },
    { atMs: 0, fault: { kind: 'link-partition', target: node, durationMs: 100 } },
  ]);
});

test('[FORE2] what has ended, and what was aimed at nodes that are retired, is left out', () => {
  const gone = { scope: 'node', nodeId: 'us-east/edge-0009' as NodeId } as const;
  const goneCell = { scope: 'cell', cell: 'ap-south' } as const;
  const cut = { kind: 'link-partition', durationMs: null } as const;
  const text = twinFaultsText(
    [
      active('a', { ...cut, target: gone }, null),
      active('b', { ...cut, target: goneCell }, null),
      active('c', { ...cut, target: { scope: 'fleet' } }, NOW_MS),
      active('d', { ...cut, target: { scope: 'cell', cell: 'us-east' } }, null),
    ],
    FLEET,
    NOW_MS,
  );
  const read = readFaultSchedule(text);
  assert.ok(read.ok);
  assert.equal(read.value.length, 1);
  assert.ok(read.value.every(({ fault }) => !coversNobody(fault, FLEET)));
});
