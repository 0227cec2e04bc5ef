import { isRejecting } from '../../core/fleet/aggregate.ts';
import { type FleetFrame, NEVER_MS } from '../../core/fleet/frame.ts';
import type { RosterMessage } from '../../core/protocol/console-model.ts';
import { formatClock, formatCount, formatPercent } from '../format/format.ts';

/** What a cell's caption is made of. */
export interface CellSummary {
  readonly cell: string;
  readonly nodes: number;
  readonly serving: number;
  readonly rejected: number;
  readonly behind: number;
  readonly lagRevisionsMax: number;
  readonly ahead: number;
  readonly lost: number;
  /** Run, but without any config: the built-in default routes nothing. */
  readonly bare: number;
  readonly unverifiedMsMax: number;
}

type Counts = { -readonly [K in keyof CellSummary]: CellSummary[K] };

/** Sums a frame up by cell, in the roster's order. */
export function summariseCells(roster: RosterMessage, frame: FleetFrame | null): CellSummary[] {
  const sums: Counts[] = roster.cells.map((cell) => ({
    cell,
    nodes: 0,
    serving: 0,
    rejected: 0,
    behind: 0,
    lagRevisionsMax: 0,
    ahead: 0,
    lost: 0,
    bare: 0,
    unverifiedMsMax: 0,
  }));
  const known = frame !== null && frame.rosterVersion === roster.rosterVersion ? frame : null;
  roster.cellOf.forEach((cell, i) => {
    const sum = sums[cell];
    if (sum === undefined) return;
    sum.nodes += 1;
    if (known !== null) addNode(sum, known, i);
  });
  return sums;
}

function addNode(sum: Counts, frame: FleetFrame, i: number): void {
  const flags = frame.flags[i] ?? 0;
  const lag = frame.lagRevisions[i] ?? 0;
  // As `summariseFleet` counts: the built-in default routes nothing.
  if (((flags >> 2) & 3) < 2) {
    if ((frame.servingRevision[i] ?? 0) !== 0) sum.serving += 1;
    else sum.bare += 1;
  }
  if ((flags & 3) !== 0) sum.lost += 1;
  if ((flags & 64) !== 0) sum.ahead += 1;
  if (isRejecting(flags, frame.syncStatus[i] ?? 0)) sum.rejected += 1;
  if (lag > 0) sum.behind += 1;
  sum.lagRevisionsMax = Math.max(sum.lagRevisionsMax, lag);
  sum.unverifiedMsMax = Math.max(sum.unverifiedMsMax, frame.unverifiedMs[i] ?? 0);
}

/**
 * `100 % serving`, and the worst that can be said of the cell. `hasHead`: something is published;
 * `isTight`: the end may be cut off, so that figures stand first.
 */
export function describeCell(
  sum: CellSummary,
  hasHead = true,
  isTight = false,
): { readonly serving: string; readonly worst: string } {
  const serving = `${formatPercent(sum.nodes === 0 ? null : sum.serving / sum.nodes)} serving`;
  return { serving, worst: worstOf(sum, hasHead, isTight) };
}

/** The worst first; while links are lost, what is behind or rejected says since when it may be so. */
function worstOf(sum: CellSummary, hasHead: boolean, isTight: boolean): string {
  const down = sum.nodes - sum.serving - sum.bare;
  if (sum.nodes === 0) return 'empty';
  const words: string[] = [];
  if (down > 0) words.push(`${formatCount(down)} not serving`);
  else if (sum.rejected > 0) words.push(`${formatCount(sum.rejected)} rejected`);
  else if (sum.ahead > 0) words.push(`${formatCount(sum.ahead)} ahead`);
  if (!hasHead) words.push('no config');
  else if (sum.bare > 0) words.push(`${formatCount(sum.bare)} without config`);
  else if (words.length === 0 && sum.behind > 0) words.push(`${formatCount(sum.behind)} behind`);
  if (hasHead && sum.lost > 0 && sum.serving > 0) words.push(unverifiedWords(sum, isTight));
  return words.length === 0 ? 'all current' : words.slice(0, 2).join(' · ');
}

function unverifiedWords(sum: CellSummary, isTight: boolean): string {
  if (sum.unverifiedMsMax >= NEVER_MS) return 'never verified';
  const clock = formatClock(sum.unverifiedMsMax);
  return isTight ? `${clock} unverified` : `unverified ${clock}`;
}
