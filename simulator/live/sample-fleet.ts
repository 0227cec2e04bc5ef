import { NEVER_MS } from '../../core/fleet/frame.ts';
import { nodeFlagsOf } from '../../core/node/inspect-node.ts';
import { MICROS_PER_MS, type Micros, toMs } from '../../core/ports/clock.ts';
import type { SimulatorFrame, TrafficStepTotals } from '../../core/protocol/simulator-control.ts';
import type { LiveNode } from './live-node.ts';

const COUNT_MAX = 0xffff;

/** One sample of what all nodes really do; row i is `nodes[i]`. */
export function sampleFleet(
  nodes: readonly LiveNode[],
  rosterVersion: number,
  now: Micros,
  traffic: readonly TrafficStepTotals[],
): SimulatorFrame {
  const servingRevision = new Uint32Array(nodes.length);
  const flags = new Uint8Array(nodes.length);
  const unverifiedMs = new Uint32Array(nodes.length);
  const requests = new Uint16Array(nodes.length);
  const failures = new Uint16Array(nodes.length);
  for (const [row, node] of nodes.entries()) {
    const { machine } = node;
    servingRevision[row] = machine.serving?.statement.revision ?? 0;
    flags[row] = nodeFlagsOf(machine);
    unverifiedMs[row] = unverified(machine.verifiedAt, now);
    requests[row] = Math.min(node.requests, COUNT_MAX);
    failures[row] = Math.min(node.failures, COUNT_MAX);
  }
  const atMs = toMs(now);
  return { rosterVersion, atMs, servingRevision, flags, unverifiedMs, requests, failures, traffic };
}

function unverified(verifiedAt: Micros | null, now: Micros): number {
  if (verifiedAt === null) return NEVER_MS;
  const elapsedMs = Math.floor((now - verifiedAt) / MICROS_PER_MS);
  return Math.min(Math.max(0, elapsedMs), NEVER_MS - 1);
}
