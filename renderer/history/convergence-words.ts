import type { ConvergenceSummary } from '../../core/protocol/control-plane-control.ts';
import { formatCount, formatDuration } from '../format/format.ts';

export interface ConvergenceWords {
  readonly text: string;
  readonly tone: 'done' | 'running' | 'late' | 'none';
}

type Counts = Pick<ConvergenceSummary, 'nodes' | 'reached' | 't50Ms' | 't99Ms' | 't100Ms' | 'late'>;

/**
 * How far a revision got: its quantiles once all have it, else who is missing. `controlPlaneUp` is
 * false while nobody can be asked: what is missing then may be known to the control plane.
 */
export function describeConvergence(
  summary: Counts | null,
  controlPlaneUp: boolean,
): ConvergenceWords {
  if (summary === null) {
    const text = controlPlaneUp ? 'not recorded' : 'not known while the control plane is down';
    return { text, tone: 'none' };
  }
  if (summary.nodes === 0) return { text: 'no nodes then', tone: 'none' };
  const missing = summary.nodes - summary.reached;
  if (missing > 0 && !summary.late) {
    const count = `${formatCount(summary.reached)} of ${formatCount(summary.nodes)}`;
    return controlPlaneUp
      ? { text: `converging, ${count}`, tone: 'running' }
      : { text: `${count} when last heard`, tone: 'none' };
  }
  const times = [
    ['T50', summary.t50Ms],
    ['T99', summary.t99Ms],
    ['T100', summary.t100Ms],
  ] as const;
  const known = times
    .filter(([, ms]) => ms !== null)
    .map(([name, ms]) => `${name} ${formatDuration(ms)}`);
  if (missing > 0) known.push(`all but ${formatCount(missing)}`);
  return { text: known.join(' · '), tone: missing > 0 ? 'late' : 'done' };
}
