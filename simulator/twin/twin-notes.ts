import { MICROS_PER_MS } from '../../core/ports/clock.ts';
import { settingsOf } from './apply-settings.ts';
import { coversNobody, type ScheduledFault, type TwinFault } from './twin-fault.ts';
import type { TwinWorld } from './twin-world.ts';

const STORE_FAULTS: ReadonlySet<TwinFault['kind']> = new Set([
  'store-cut',
  'store-writes-fail',
  'store-corrupted',
  'store-lost',
]);

/** What of a run's options came to nothing, in sentences: it should not be taken for harmless. */
export function notesOf({ options, nodes }: TwinWorld): string[] {
  const { faults, durationUs, publishes } = options;
  const notes: string[] = [];
  const late = faults.filter(({ atMs }) => atMs * MICROS_PER_MS >= durationUs).length;
  if (late > 0) {
    notes.push(`${late === 1 ? 'One fault lies' : `${late} faults lie`} after the end of the run.`);
  }
  const fleet = nodes.map(({ machine, cell }) => ({ nodeId: machine.nodeId, cell }));
  const nobody = faults.filter(({ fault }) => coversNobody(fault, fleet)).length;
  if (nobody > 0) {
    const are = nobody === 1 ? 'One fault is' : `${nobody} faults are`;
    notes.push(`${are} for nodes or cells that this fleet does not have.`);
  }
  const empty = faults.filter((_, index) => restoresNothing(faults, index)).length;
  if (empty > 0) {
    const found = empty === 1 ? 'One restore found' : `${empty} restores found`;
    notes.push(`${found} no copy of the store, and only restarted the control plane.`);
  }
  const stored = faults.filter(({ fault }) => STORE_FAULTS.has(fault.kind)).length;
  if (stored > 0 && settingsOf(options).snapshotIntervalMs === 0) {
    const are = stored === 1 ? 'One fault is' : `${stored} faults are`;
    notes.push(`${are} of the snapshot store, and there is none.`);
  }
  if (publishes !== null && publishes.everyUs >= durationUs) {
    notes.push('The run ends before its first further publish.');
  }
  return notes;
}

/** Whether a restore finds no copy. Of two faults at one instant the first in the list comes first. */
export function restoresNothing(faults: readonly ScheduledFault[], index: number): boolean {
  const restore = faults[index];
  if (restore?.fault.kind !== 'control-plane-restore') return false;
  return !faults.some(
    ({ atMs, fault }, other) =>
      fault.kind === 'control-plane-backup' &&
      (atMs < restore.atMs || (atMs === restore.atMs && other < index)),
  );
}
