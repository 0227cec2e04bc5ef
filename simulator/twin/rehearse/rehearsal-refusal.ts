import type { Revision } from '../../../core/config/ids.ts';
import { withoutFullStop } from '../../../core/lib/sentence.ts';
import type { ControlPlaneRefusal } from '../../../core/protocol/control-plane-control.ts';

/** The draft, the shape or the faults cannot be rehearsed; in one sentence. */
export interface RehearsalRefusal {
  readonly detail: string;
  /** Why the control plane would refuse the draft, or that the fleet or the chosen faults are none. */
  readonly reason?: ControlPlaneRefusal['reason'] | 'unusable-shape' | 'unusable-faults';
}

/** A draft that leaves nodes without anything where they serve nothing yet: a control plane would take it. */
export const NOTHING_TO_SERVE: RehearsalRefusal = {
  reason: 'removes-everything',
  detail:
    'The draft has no resource that nodes serve, and they serve nothing yet, so publishing it would change nothing.',
};

/**
 * The control plane's own words on a draft.
 *
 * @param copied the number that the head has in the copy; null: there is none
 * @param own the number that it has in the history that was copied
 */
export function refusedDraft(
  { reason, detail }: ControlPlaneRefusal,
  copied: Revision | null,
  own: number,
): RehearsalRefusal {
  // The words of others are those of the draft itself, which may well speak of an r1.
  const namesHead = reason === 'removes-everything' || reason === 'nothing-to-publish';
  const words = namesHead ? detail.replace(` r${copied} `, ` r${own} `) : detail;
  return { reason, detail: `The draft would be refused: ${withoutFullStop(words)}.` };
}
