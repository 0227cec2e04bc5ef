import type { NodeTarget } from '../protocol/primitives.ts';
import type { LinkFault } from './fault.ts';

const MS_PER_SECOND = 1_000;

/** `eu-west/edge-0001`, `cell eu-west`, `the whole fleet` */
export function describeTarget(target: NodeTarget): string {
  if (target.scope === 'node') return target.nodeId;
  if (target.scope === 'cell') return `cell ${target.cell}`;
  return 'the whole fleet';
}

/** `latency 400 ms to 500 ms, cell eu-west`: the same words in the log, the strip and the menus. */
export function describeFault(fault: LinkFault): string {
  const where = describeTarget(fault.target);
  if (fault.kind === 'link-partition') return `links cut, ${where}`;
  // Jitter is a draw on top, never less than the latency.
  const { latencyMs, jitterMs } = fault;
  const most = jitterMs > 0 ? ` to ${delayWords(latencyMs + jitterMs)}` : '';
  return `latency ${delayWords(latencyMs)}${most}, ${where}`;
}

/** `400 ms`, `2 s`, `2.05 s`: whole milliseconds, so that two delays never read the same */
export function delayWords(ms: number): string {
  return ms < MS_PER_SECOND ? `${ms} ms` : `${ms / MS_PER_SECOND} s`;
}
