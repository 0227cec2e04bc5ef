import type { ConvergenceReport } from '../../core/protocol/control-plane-control.ts';
import { formatCount, formatDuration } from '../format/format.ts';

export interface ConvergencePoint {
  readonly ms: number;
  /** Percent of the target nodes. */
  readonly share: number;
}

/** Shortest time axis: a burst of acks is not stretched over the whole width. */
const AXIS_MS_MIN = 100;
/** Room after the last node while others are still to come. */
const WAIT_MS = 100;

/** Whether no further node is to be waited for: all have it, or have answered and said no. */
export function isSettled(report: ConvergenceReport, rejected: number): boolean {
  return report.t100Ms !== null || report.late || report.nodes - report.reached <= rejected;
}

/**
 * The curve in percent, from publish to now or to a little after the last node. `rejected`: nodes
 * that rejected this revision.
 */
export function convergencePoints(
  report: ConvergenceReport,
  nowMs: number,
  rejected = 0,
): { readonly points: readonly ConvergencePoint[]; readonly axisMs: number } {
  const toShare = (nodes: number) => (report.nodes === 0 ? 0 : (100 * nodes) / report.nodes);
  const last = report.curve.at(-1);
  const lastMs = last?.[0] ?? 0;
  const waitedMs = Math.max(lastMs, Math.min(nowMs - report.publishedAtMs, report.deadlineMs));
  // With a curve, its shape counts, not the wait for those that may never come.
  const reach =
    last === undefined
      ? waitedMs
      : isSettled(report, rejected)
        ? lastMs * 1.15
        : Math.min(waitedMs, lastMs * 4 + WAIT_MS);
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

/** `T50 0.11 · T99 0.34 · T100 0.40 s`, or `T50 0.11 s · T99 0.34 s · all but 13` */
export function describeConvergence(report: ConvergenceReport): string {
  const missing = report.nodes - report.reached;
  const last = missing > 0 ? `all but ${formatCount(missing)}` : formatDuration(report.t100Ms);
  const [t50, t99] = [formatDuration(report.t50Ms), formatDuration(report.t99Ms)];
  if (missing > 0) return `T50 ${t50} · T99 ${t99} · ${last}`;
  // The unit that all share is said once: the line is short.
  const unit = last.slice(last.indexOf(' '));
  const bare = (words: string) => (words.endsWith(unit) ? words.slice(0, -unit.length) : words);
  const short = [t50, t99].every((words) => bare(words) !== words && !bare(words).includes(' '));
  return `T50 ${short ? bare(t50) : t50} · T99 ${short ? bare(t99) : t99} · T100 ${last}`;
}

/** Every quantile, for those who point at the finding. */
export function convergenceQuantiles(report: ConvergenceReport): string {
  return [
    `T50 ${formatDuration(report.t50Ms)}`,
    `T95 ${formatDuration(report.t95Ms)}`,
    `T99 ${formatDuration(report.t99Ms)}`,
    `T100 ${formatDuration(report.t100Ms)}`,
    `${formatCount(report.reached)} of ${formatCount(report.nodes)} nodes`,
  ].join('\n');
}
