import { useConsole } from '../../state/console-store.ts';
import { countErrors } from '../config-words.ts';
import { useDraft } from '../draft-store.ts';
import { rehearseBlockedReason } from './rehearsal-blocked.ts';
import { useRehearsal } from './rehearsal-store.ts';

/** Why the draft cannot be rehearsed now; null when it can. */
export function useRehearseBlocked(): string | null {
  const connected = useConsole((state) => state.connection === 'open');
  const runs = useConsole((state) => state.rehearsal !== null);
  const runsHere = useRehearsal((state) => state.rehearsal.kind === 'running');
  const hasDraft = useDraft((state) => state.hasDraft);
  const analyzed = useDraft((state) => state.analysis !== null && !state.analyzing);
  const errors = useDraft((state) => countErrors(state.analysis?.problems ?? []));
  return rehearseBlockedReason({
    connected,
    hasDraft,
    analyzed,
    errors,
    runsElsewhere: runs && !runsHere,
  });
}
