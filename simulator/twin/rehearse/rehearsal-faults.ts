import { delayWords } from '../../../core/fault/describe-fault.ts';
import { err, ok, type Result } from '../../../core/lib/result.ts';
import type { RehearsalRequest } from '../../../core/protocol/twin-control.ts';
import {
  coversNobody,
  describeTwinFault,
  readFaultSchedule,
  type ScheduledFault,
  standingMsOf,
} from '../twin-fault.ts';
import { restoresNothing } from '../twin-notes.ts';
import type { RehearsalRefusal } from './rehearsal-refusal.ts';

export interface RehearsalFaults {
  /** Those in force first, which have no end of their own here; then those that were chosen. */
  readonly schedule: readonly ScheduledFault[];
  /** How long each of those in force still stands after the publish, milliseconds; null: for good. */
  readonly leftMs: readonly (number | null)[];
  /** When the last of the chosen ones is over, milliseconds after the publish; those for good apart. */
  readonly chosenOverMs: number;
  /** The chosen ones in words, as forecasts name them. */
  readonly chosenWords: readonly string[];
}

export function readRehearsalFaults(
  request: RehearsalRequest,
): Result<RehearsalFaults, RehearsalRefusal> {
  const { shape, faultsText, horizonMs } = request;
  const inForce = readFaultSchedule(shape.faultsText === '' ? '[]' : shape.faultsText);
  if (!inForce.ok) {
    const detail = `The faults in force cannot be read: ${inForce.error}.`;
    return err({ detail, reason: 'unusable-shape' });
  }
  const chosen = readFaultSchedule(faultsText ?? '[]');
  if (!chosen.ok) return err(badFaults(`The faults cannot be read: ${chosen.error}.`));
  const nobody = chosen.value.findIndex(({ fault }) => coversNobody(fault, shape.nodes));
  if (nobody >= 0) {
    const detail = `Fault ${nobody + 1} is for a node or cell that this fleet does not have.`;
    return err(badFaults(detail));
  }
  const late = chosen.value.findIndex(({ atMs }) => atMs >= horizonMs);
  if (late >= 0) {
    const detail = `Fault ${late + 1} begins when the rehearsal is over, ${horizonMs} ms after the publish.`;
    return err(badFaults(detail));
  }
  const empty = chosen.value.findIndex((_, index) => restoresNothing(chosen.value, index));
  if (empty >= 0) {
    const detail = `Fault ${empty + 1} puts back a copy of the store that nobody made; put a control-plane-backup before it.`;
    return err(badFaults(detail));
  }
  const standing = inForce.value.map((one) => ({ ...one, fault: withoutEnd(one.fault) }));
  return ok({
    schedule: [...standing, ...chosen.value],
    leftMs: inForce.value.map(({ fault }) => standingMsOf(fault)),
    chosenOverMs: Math.max(0, ...chosen.value.map(overMs)),
    chosenWords: chosen.value.map(describeChosen),
  });
}

/** `control plane killed 2 s after the publish, for 30 s`; `links cut, cell eu-west, with the publish, to the end` */
function describeChosen({ atMs, fault }: ScheduledFault): string {
  const lastsMs = lastsMsOf(fault);
  const begins = atMs > 0 ? `${delayWords(atMs)} after the publish` : 'with the publish';
  const lasts =
    lastsMs === null ? ', to the end' : lastsMs > 0 ? `, for ${delayWords(lastsMs)}` : '';
  return `${describeTwinFault(fault)}${'target' in fault ? ',' : ''} ${begins}${lasts}`;
}

/** Null: to the end; 0: it only happens. */
function lastsMsOf(fault: ScheduledFault['fault']): number | null {
  return 'downMs' in fault ? fault.downMs : standingMsOf(fault);
}

function badFaults(detail: string): RehearsalRefusal {
  return { detail, reason: 'unusable-faults' };
}

/** It stood before the publish for as long as the fleet took to settle: its end is told by hand. */
function withoutEnd(fault: ScheduledFault['fault']): ScheduledFault['fault'] {
  return 'durationMs' in fault ? { ...fault, durationMs: null } : fault;
}

function overMs({ atMs, fault }: ScheduledFault): number {
  return atMs + (lastsMsOf(fault) ?? 0);
}
