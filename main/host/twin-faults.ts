import type { ActiveFault, LinkFault } from '../../core/fault/fault.ts';
import type { RosterNode } from '../../core/fleet/roster.ts';

/** Shortest that a standing fault may last: what is left of one may be less. */
const FAULT_MS_MIN = 100;

/**
 * Faults in force as a faults file of the twin (docs/TWIN.md): each begins at once and lasts for what is left of it. Those
 * whose nodes have been retired hold nobody, and are left out.
 */
export function twinFaultsText(
  faults: Iterable<ActiveFault>,
  fleet: readonly RosterNode[],
  nowMs: number,
): string {
  const scheduled = [...faults]
    .filter(({ endsAtMs }) => endsAtMs === null || endsAtMs > nowMs)
    .filter(({ fault }) => holdsSomebody(fault, fleet))
    .map(({ fault, endsAtMs }) => ({
      atMs: 0,
      fault: { ...fault, durationMs: leftMs(endsAtMs, nowMs) },
    }));
  return JSON.stringify(scheduled);
}

function leftMs(endsAtMs: number | null, nowMs: number): number | null {
  return endsAtMs === null ? null : Math.max(FAULT_MS_MIN, Math.ceil(endsAtMs - nowMs));
}

function holdsSomebody({ target }: LinkFault, fleet: readonly RosterNode[]): boolean {
  if (target.scope === 'fleet') return true;
  if (target.scope === 'cell') return fleet.some(({ cell }) => cell === target.cell);
  return fleet.some(({ nodeId }) => nodeId === target.nodeId);
}
