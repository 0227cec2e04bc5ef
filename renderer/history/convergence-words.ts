import type { ConvergenceSummary } from '../../core/protocol/control-plane-control.ts';
import { formatCount, formatDuration } from '../format/format.ts';

export interface ConvergenceWords {
  readonly text: string;
  readonly tone: 'done' | 'running' | 'late' | 'none';
}

type Counts = Pick<ConvergenceSummary, 'nodes' | 'reached' | 't50Ms' | 't99Ms' | 't100Ms' | 'late'>;

/** How far a revision got: its quantiles once all have it, else who is missing. */
export function describeConvergence(summary: Counts | null): ConvergenceWords {
  if (summary === null) return { text: 'not recorded', tone: 'none' };
  if (summary.nodes === 0) return { text: 'no nodes then', tone: 'none' };
  const missing = summary.nodes - summary.reached;
  if (missing > 0 && !summary.late) {
    return {
      text: `converging, ${formatCount(summary.reached)} of ${formatCount(summary.nodes)}`,
      tone: 'running',
    };
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
