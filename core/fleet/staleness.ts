import type { StalenessBudget } from '../protocol/console-model.ts';
import { type FleetFrame, NEVER_MS } from './frame.ts';

/** What a fleet may lag and how long it may go unverified before there is an alert. */
export const STALENESS_BUDGET_DEFAULT: StalenessBudget = {
  lagRevisions: 5,
  lagMs: 60_000,
  unverifiedMs: 300_000,
};

const LAG_REVISIONS_MAX = 0xffff;
/** One below `NEVER_MS`, which means something else. */
const LAG_MS_MAX = NEVER_MS - 1;

export interface PublishedRevision {
  readonly revision: number;
  readonly publishedAtMs: number;
}

/** What has been published, oldest first. */
export interface PublishedLine {
  readonly revisions: readonly PublishedRevision[];
  /** False when revisions before the first one exist and are not listed. */
  readonly complete: boolean;
}

export interface Lag {
  /** Published revisions that the node lacks. */
  readonly revisions: number;
  /** Since the first of them was published; 0 when it lacks none. */
  readonly ms: number;
}

/**
 * How far `servingRevision` is behind the last published one. Numbers may skip, so published
 * revisions are counted, not subtracted. A node that serves more than was published lags nothing.
 */
export function lagOf(line: PublishedLine, servingRevision: number, nowMs: number): Lag {
  const { revisions } = line;
  const lacking = revisions.length - firstAfter(revisions, servingRevision);
  const firstLacking = revisions[revisions.length - lacking];
  if (firstLacking === undefined) return { revisions: 0, ms: 0 };
  const before =
    line.complete || lacking < revisions.length ? 0 : firstLacking.revision - servingRevision - 1;
  return {
    revisions: Math.min(LAG_REVISIONS_MAX, lacking + Math.max(0, before)),
    ms: Math.min(LAG_MS_MAX, Math.max(0, Math.floor(nowMs - firstLacking.publishedAtMs))),
  };
}

/** Writes the lag columns of a frame from its serving column, as of the frame's own instant. */
export function fillLag(frame: FleetFrame, line: PublishedLine): void {
  const known = new Map<number, Lag>();
  for (let i = 0; i < frame.nodes; i += 1) {
    const serving = frame.servingRevision[i] ?? 0;
    let lag = known.get(serving);
    if (lag === undefined) {
      lag = lagOf(line, serving, frame.atMs);
      known.set(serving, lag);
    }
    frame.lagRevisions[i] = lag.revisions;
    frame.lagMs[i] = lag.ms;
  }
}

/** Whether any of the three bounds is passed. A node that was never verified is over budget. */
export function isOverBudget(
  budget: StalenessBudget,
  node: { readonly lagRevisions: number; readonly lagMs: number; readonly unverifiedMs: number },
): boolean {
  return (
    node.lagRevisions > budget.lagRevisions ||
    node.lagMs > budget.lagMs ||
    node.unverifiedMs > budget.unverifiedMs
  );
}

/** Index of the first revision greater than `serving`. */
function firstAfter(revisions: readonly PublishedRevision[], serving: number): number {
  let low = 0;
  let high = revisions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((revisions[middle]?.revision ?? 0) > serving) high = middle;
    else low = middle + 1;
  }
  return low;
}
