import type { PublishFacts } from '../publish-availability.ts';

/** Why the draft cannot be rehearsed now, as one sentence; null when it can. */
export function rehearseBlockedReason(
  facts: Pick<PublishFacts, 'connected' | 'hasDraft' | 'analyzed' | 'errors'> & {
    /** Whether a rehearsal runs that was not begun here. */
    readonly runsElsewhere: boolean;
  },
): string | null {
  if (!facts.connected) return 'The console is not connected to its host.';
  if (!facts.hasDraft) return 'There is no draft: edit the text first.';
  if (!facts.analyzed) return 'The text is being checked.';
  if (facts.errors > 0) {
    return facts.errors === 1
      ? 'A text with a problem cannot be rehearsed.'
      : `A text with ${facts.errors} problems cannot be rehearsed.`;
  }
  if (facts.runsElsewhere) return 'A rehearsal that was begun elsewhere is running.';
  return null;
}
