/**
 * What may be broken in a rehearsal, as a person chooses it. Times run from the publish. What is in
 * force in the fleet is in force in the rehearsal anyway.
 */

export const REHEARSAL_FAULT_IDS = [
  'none',
  'control-plane-kill',
  'cell-cut',
  'slow-links',
  'mass-restart',
] as const;
export type RehearsalFaultId = (typeof REHEARSAL_FAULT_IDS)[number];

export interface RehearsalFaultChoice {
  readonly id: RehearsalFaultId;
  /** For `cell-cut`; null: none is chosen. */
  readonly cell: string | null;
}

const OUTAGE_MS = 30_000;
/**
 * When what happens once does so. Acks are saved once a second: a control plane that is killed before
 * hears them anew when it is back, and they would be told as of then.
 */
const BREAKS_AFTER_MS = 2_000;
/** Time to come back after an outage: nodes try again with growing waits, 30 s at most. */
const RECOVERY_MS = 45_000;
/** Slow links: this and up to twice as much on top, 200 ms in the middle. */
const SLOW_LEAST_MS = 100;
const SLOW_DRAW_MS = 200;

const LABELS: Readonly<Record<RehearsalFaultId, string>> = {
  none: 'Nothing further',
  'control-plane-kill': 'Control plane killed after 2 s, for 30 s',
  'cell-cut': 'One cell cut off for 30 s',
  'slow-links': 'Links slower by 100 to 300 ms',
  'mass-restart': 'All nodes restarted after 2 s',
};

/** `Control plane killed after 2 s, for 30 s` */
export function rehearsalFaultLabel(id: RehearsalFaultId): string {
  return LABELS[id];
}

/** The same of a choice, with its cell: `One cell cut off for 30 s (eu-west)` */
export function chosenFaultLabel({ id, cell }: RehearsalFaultChoice): string {
  const label = rehearsalFaultLabel(id);
  return id === 'cell-cut' && cell !== null ? `${label} (${cell})` : label;
}

export function isRehearsalFaultId(value: string | null): value is RehearsalFaultId {
  return REHEARSAL_FAULT_IDS.some((id) => id === value);
}

/** As a faults file of the twin; null: no further fault, or no cell to cut off. */
export function rehearsalFaultsText(choice: RehearsalFaultChoice): string | null {
  const scheduled = scheduledFault(choice);
  return scheduled === null ? null : JSON.stringify([scheduled]);
}

/** How long a rehearsal with it goes on, milliseconds; null: as long as one without. */
export function rehearsalHorizonMs({ id }: RehearsalFaultChoice): number | null {
  const hasOutage = id === 'control-plane-kill' || id === 'cell-cut';
  return hasOutage ? OUTAGE_MS + RECOVERY_MS : null;
}

function scheduledFault({ id, cell }: RehearsalFaultChoice): object | null {
  const target = { scope: 'fleet' };
  switch (id) {
    case 'none':
      return null;
    case 'control-plane-kill':
      return {
        atMs: BREAKS_AFTER_MS,
        fault: { kind: 'control-plane-kill', downMs: OUTAGE_MS },
      };
    case 'cell-cut':
      if (cell === null) return null;
      return {
        atMs: 0,
        fault: { kind: 'link-partition', target: { scope: 'cell', cell }, durationMs: OUTAGE_MS },
      };
    case 'slow-links':
      return {
        atMs: 0,
        fault: {
          kind: 'link-latency',
          target,
          latencyMs: SLOW_LEAST_MS,
          jitterMs: SLOW_DRAW_MS,
          durationMs: null,
        },
      };
    case 'mass-restart':
      return { atMs: BREAKS_AFTER_MS, fault: { kind: 'node-restart', target, disk: 'keep' } };
  }
}
