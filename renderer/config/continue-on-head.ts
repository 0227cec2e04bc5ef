import { notifyDone, notifyRefusal } from '../shell/notify.ts';
import type { Divergence } from '../workers/config-worker-messages.ts';
import type { MergeChoices } from '../workers/merge-draft.ts';
import { getDraftController } from './draft-session.ts';
import { useDraft } from './draft-store.ts';
import { revisionName } from './publish-availability.ts';
import { resourceLabel } from './resource-label.ts';

/** Resources named in a sentence; the rest is counted. */
const NAMED_MAX = 4;

/** What happened on both sides, and what can be done about it. */
export function divergenceInWords(
  divergence: Divergence | null,
  baseFailure: string | null,
): string {
  if (divergence === null) {
    return baseFailure === null
      ? 'What changed on both sides is being compared.'
      : `What changed on both sides cannot be told: ${baseFailure}`;
  }
  const { overlapping, unclear } = divergence;
  if (unclear.length > 0) return `Mend ${named(unclear)} first; then it can be put onto the head.`;
  if (overlapping.length > 0) {
    return `Both changed ${named(overlapping)}: choose for each which change counts.`;
  }
  return 'Your changes touch other resources: they can be put onto it as they are.';
}

function named(keys: readonly string[]): string {
  const listed = keys.slice(0, NAMED_MAX).map(resourceLabel).join(', ');
  return keys.length > NAMED_MAX ? `${listed} and ${keys.length - NAMED_MAX} more` : listed;
}

/** Puts the draft's changes onto the head. False, having said why, when it stays where it was. */
export async function continueOnHead(choices: MergeChoices): Promise<boolean> {
  const outcome = await getDraftController().rebase(choices);
  if (outcome?.ok === true) {
    const base = revisionName(useDraft.getState().base);
    notifyDone(`The draft is now based on ${base}. Undo brings the old text back.`);
    return true;
  }
  const detail =
    outcome === null
      ? 'The text could not be compared.'
      : outcome.reason === 'no-base'
        ? 'The revision that it is based on is not at hand.'
        : outcome.reason === 'unreadable'
          ? `Mend ${named(outcome.keys)} first.`
          : `Choose for ${named(outcome.keys)} first.`;
  notifyRefusal('The draft stays where it was', { detail });
  return false;
}
