import type { ConsoleStatus } from '../../core/protocol/console-model.ts';
import { useConsole } from '../state/console-store.ts';
import { countErrors } from './config-words.ts';
import { useDraft } from './draft-store.ts';
import { type PublishFacts, publishBlockedReason } from './publish-availability.ts';

/** Why the draft cannot be published now; null when it can. For components. */
export function usePublishBlocked(): string | null {
  const connected = useConsole((state) => state.connection === 'open');
  const controlPlane = useConsole((state) => state.status?.controlPlane ?? null);
  const ahead = useConsole((state) => state.status?.fleet.ahead ?? 0);
  const unforced = useConsole((state) => isUnforced(state.status));
  const draft = useDraft();
  return publishBlockedReason(factsOf({ connected, controlPlane, ahead, unforced }, draft));
}

/** The same, once. For actions. */
export function publishBlocked(): string | null {
  const { connection, status } = useConsole.getState();
  return publishBlockedReason(
    factsOf(
      {
        connected: connection === 'open',
        controlPlane: status?.controlPlane ?? null,
        ahead: status?.fleet.ahead ?? 0,
        unforced: isUnforced(status),
      },
      useDraft.getState(),
    ),
  );
}

function isUnforced(status: ConsoleStatus | null): boolean {
  return status?.alerts.some(({ kind }) => kind === 'head-not-in-force') === true;
}

function factsOf(
  now: Pick<PublishFacts, 'connected' | 'controlPlane' | 'ahead' | 'unforced'>,
  draft: ReturnType<typeof useDraft.getState>,
): PublishFacts {
  return {
    ...now,
    hasDraft: draft.hasDraft,
    analyzed: draft.analysis !== null && !draft.analyzing,
    errors: countErrors(draft.analysis?.problems ?? []),
    sameAsHead: draft.analysis?.sameAsHead ?? false,
    base: draft.base,
    head: draft.head?.revision ?? null,
  };
}
