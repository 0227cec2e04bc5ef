import type { ConvergenceReport } from '../../core/protocol/control-plane-control.ts';
import { formatCount, formatDuration } from '../format/format.ts';

export interface ConvergencePoint {
  readonly ms: number;
  /** Percent of the target nodes. */
  readonly share: number;
}

/** Shortest time axis: a burst of acks is not stretched over the whole width. */
const AXIS_MS_MIN = 100;

/** The curve in percent, from publish to now or to a little after the last node. */
export function convergencePoints(
  report: ConvergenceReport,
  nowMs: number,
): { readonly points: readonly ConvergencePoint[]; readonly axisMs: number } {
  const toShare = (nodes: number) => (report.nodes === 0 ? 0 : (100 * nodes) / report.nodes);
  const last = report.curve.at(-1);
  const lastMs = last?.[0] ?? 0;
  const complete = report.t100Ms !== null;
  const waitedMs = Math.max(lastMs, Math.min(nowMs - report.publishedAtMs, report.deadlineMs));
  const reach = complete || report.late ? lastMs * 1.15 : Math.min(waitedMs, lastMs * 4 + 1_000);
  const axisMs = niceAxis(Math.max(AXIS_MS_MIN, reach));
  const points = [
    { ms: 0, share: 0 },
    ...report.curve.map(([ms, nodes]) => ({ ms, share: toShare(nodes) })),
    { ms: axisMs, share: toShare(report.reached) },
  ];
  return { points, axisMs };
}

/** The next of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten. */
export function niceAxis(value: number): number {
  let scale = 1;
  while (scale * 10 <= value) scale *= 10;
  for (const step of [1, 1.5, 2, 3, 4, 5, 6, 8, 10]) {
    if (value <= step * scale) return step * scale;
  }
  return 10 * scale;
}

/** `T50 0.11 s · T99 0.34 s · all but 13` */
export function describeConvergence(report: ConvergenceReport): string {
  const missing = report.nodes - report.reached;
  const who = missing > 0 ? `all but ${formatCount(missing)}` : `all ${formatCount(report.nodes)}`;
  return `T50 ${formatDuration(report.t50Ms)} · T99 ${formatDuration(report.t99Ms)} · ${who}`;
}
