import type { ConsoleClient } from '../../../client/console-client.ts';
import { describeFault } from '../../../core/fault/describe-fault.ts';
import type { ConsoleRefusal } from '../../../core/protocol/console-api.ts';
import { useConsole } from '../../state/console-store.ts';
import { rehearsalFaultsText, rehearsalHorizonMs } from './rehearsal-faults.ts';
import {
  REHEARSAL_BUDGET_MS,
  type Rehearsal,
  type RehearsedDraft,
  useRehearsal,
} from './rehearsal-store.ts';

/** Rehearses a draft with the chosen faults; one at a time. Never rejects. */
export async function beginRehearsal(
  client: Pick<ConsoleClient, 'request'>,
  draft: RehearsedDraft,
): Promise<void> {
  const { rehearsal, choice } = useRehearsal.getState();
  if (rehearsal.kind === 'running') return;
  useRehearsal.setState({
    rehearsal: { kind: 'running', draft, startedAtMs: Date.now(), isStopping: false },
  });
  const inForce = (useConsole.getState().status?.faults ?? []).map(({ fault }) =>
    describeFault(fault),
  );
  const faultsText = rehearsalFaultsText(choice);
  const horizonMs = rehearsalHorizonMs(choice);
  const done = await client.request('rehearse', {
    text: draft.text,
    budgetMs: REHEARSAL_BUDGET_MS,
    ...(faultsText === null ? {} : { faultsText }),
    ...(horizonMs === null ? {} : { horizonMs }),
  });
  useRehearsal.setState({
    rehearsal: done.ok
      ? {
          kind: 'done',
          draft,
          choice,
          forecast: done.value.forecast,
          isStopped: done.value.isStopped,
          atMs: Date.now(),
          inForce,
          notes: done.value.notes,
          record: done.value.record,
        }
      : withoutResult(done.error),
  });
}

/** Who stops it before its first seed is done is not told as of a failure. */
function withoutResult(refusal: ConsoleRefusal): Rehearsal {
  const { rehearsal } = useRehearsal.getState();
  const wasStopped = rehearsal.kind === 'running' && rehearsal.isStopping;
  return wasStopped && refusal.reason === 'timeout'
    ? { kind: 'stopped' }
    : { kind: 'refused', refusal };
}

/** Ends the rehearsal; what is done by then is its result. */
export async function stopRehearsal(client: Pick<ConsoleClient, 'request'>): Promise<void> {
  const { rehearsal } = useRehearsal.getState();
  if (rehearsal.kind !== 'running' || rehearsal.isStopping) return;
  useRehearsal.setState({ rehearsal: { ...rehearsal, isStopping: true } });
  // Its answer says nothing that the answer to the rehearsal does not say.
  const stopped = await client.request('stop-rehearsal', {});
  const { rehearsal: after } = useRehearsal.getState();
  if (!stopped.ok && after.kind === 'running') {
    useRehearsal.setState({ rehearsal: { ...after, isStopping: false } });
  }
}
