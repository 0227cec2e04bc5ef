import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { ConsoleClient } from '../../../../client/console-client.ts';
import { err, ok } from '../../../../core/lib/result.ts';
import { rehearseBlockedReason } from '../../../../renderer/config/rehearsal/rehearsal-blocked.ts';
import type { RehearsalFaultChoice } from '../../../../renderer/config/rehearsal/rehearsal-faults.ts';
import {
  outdatedReason,
  REHEARSAL_BUDGET_MS,
  type RehearsedDraft,
  useRehearsal,
} from '../../../../renderer/config/rehearsal/rehearsal-store.ts';
import {
  beginRehearsal,
  stopRehearsal,
} from '../../../../renderer/config/rehearsal/run-rehearsal.ts';
import { forecastWith } from './forecast-fixture.ts';

const DRAFT = { text: 'kind: Gateway', head: 12 } as const;

/** A console whose answers the test gives. */
function scriptedClient() {
  const asked: { method: string; params: object; answer: (answer: never) => void }[] = [];
  const request: ConsoleClient['request'] = (method, params) =>
    new Promise((resolve) => {
      asked.push({ method, params, answer: resolve });
    });
  return { asked, client: { request } };
}

beforeEach(() => {
  useRehearsal.setState({
    rehearsal: { kind: 'none' },
    choice: { id: 'none', cell: null },
    isWanted: false,
  });
});

test('[UIREH6] a rehearsal sends text, time and chosen faults, once, and shows what came of it', async () => {
  const { asked, client } = scriptedClient();
  useRehearsal.setState({ choice: { id: 'mass-restart', cell: null } });
  const running = beginRehearsal(client, DRAFT);
  await beginRehearsal(client, DRAFT);
  assert.equal(asked.length, 1);
  assert.deepEqual(
    { ...asked[0]?.params, faultsText: 'there' },
    { text: DRAFT.text, budgetMs: REHEARSAL_BUDGET_MS, faultsText: 'there' },
  );
  assert.equal(useRehearsal.getState().rehearsal.kind, 'running');
  const forecast = forecastWith();
  const record = { publishes: 3, ratioLow: 3.9, ratioHigh: 5.2 };
  asked[0]?.answer(ok({ forecast, isStopped: true, notes: ['A note.'], record }) as never);
  await running;
  const { rehearsal } = useRehearsal.getState();
  assert.ok(rehearsal.kind === 'done');
  assert.deepEqual(
    [rehearsal.forecast, rehearsal.isStopped, rehearsal.notes, rehearsal.record, rehearsal.draft],
    [forecast, true, ['A note.'], record, DRAFT],
  );
});

test('[UIREH7] a refusal is shown as it was told, and another rehearsal can be begun', async () => {
  const { asked, client } = scriptedClient();
  const refused = beginRehearsal(client, DRAFT);
  const refusal = { reason: 'already-running', detail: 'Wait for it, or stop it.' };
  asked[0]?.answer(err(refusal) as never);
  await refused;
  assert.deepEqual(useRehearsal.getState().rehearsal, { kind: 'refused', refusal });
  void beginRehearsal(client, DRAFT);
  assert.equal(useRehearsal.getState().rehearsal.kind, 'running');
});

test('[UIREH8] stopping is asked once; if that is refused, it can be asked again', async () => {
  const { asked, client } = scriptedClient();
  const isStopping = () => {
    const { rehearsal } = useRehearsal.getState();
    return rehearsal.kind === 'running' && rehearsal.isStopping;
  };
  await stopRehearsal(client);
  assert.equal(asked.length, 0);
  void beginRehearsal(client, DRAFT);
  const stopping = stopRehearsal(client);
  await stopRehearsal(client);
  assert.deepEqual(
    asked.map(({ method }) => method),
    ['rehearse', 'stop-rehearsal'],
  );
  assert.ok(isStopping());
  asked[1]?.answer(err({ reason: 'timeout', detail: 'No answer.' }) as never);
  await stopping;
  assert.ok(!isStopping());
});

test('[UIREH8] stopped before its first seed was done, a rehearsal is not told as a failure', async () => {
  const { asked, client } = scriptedClient();
  const running = beginRehearsal(client, DRAFT);
  const stopping = stopRehearsal(client);
  asked[1]?.answer(ok({ stopped: true }) as never);
  await stopping;
  asked[0]?.answer(err({ reason: 'timeout', detail: 'Not one seed.' }) as never);
  await running;
  assert.deepEqual(useRehearsal.getState().rehearsal, { kind: 'stopped' });
});

test('[UIREH9] a result is outdated as soon as the text or the head is another', () => {
  const choice = { id: 'none', cell: null } as const;
  const reason = (draft: RehearsedDraft, now: RehearsedDraft) =>
    outdatedReason({ draft, choice }, now, choice);
  assert.equal(reason(DRAFT, { ...DRAFT }), null);
  assert.match(reason(DRAFT, { ...DRAFT, text: 'kind: Gateways' }) ?? '', /draft has changed/);
  assert.match(reason(DRAFT, { ...DRAFT, head: 13 }) ?? '', /the head was r12/);
  assert.match(reason({ ...DRAFT, head: null }, DRAFT) ?? '', /nothing was published/);
});

test('[UIREH9] figures are never shown as those of another choice of what breaks', () => {
  const cut = { id: 'cell-cut', cell: 'eu-west' } as const;
  const reason = (choice: RehearsalFaultChoice) =>
    outdatedReason({ draft: DRAFT, choice: cut }, DRAFT, choice);
  assert.equal(reason({ ...cut }), null);
  assert.match(reason({ ...cut, cell: 'us-east' }) ?? '', /cut off for 30 s \(eu-west\)/);
  assert.match(reason({ id: 'none', cell: 'eu-west' }) ?? '', /of another choice/i);
  const none = { draft: DRAFT, choice: { id: 'none', cell: null } } as const;
  // Which cell was chosen last means nothing where no cell is cut off.
  assert.equal(outdatedReason(none, DRAFT, { id: 'none', cell: 'eu-west' }), null);
});

test('[UIREH10] why a draft cannot be rehearsed is said in a sentence; the control plane may be down', () => {
  const free = {
    connected: true,
    hasDraft: true,
    analyzed: true,
    errors: 0,
    runsElsewhere: false,
  };
  assert.equal(rehearseBlockedReason(free), null);
  const reasons = [
    { connected: false },
    { hasDraft: false },
    { analyzed: false },
    { errors: 1 },
    { errors: 2 },
    { runsElsewhere: true },
  ].map((change) => rehearseBlockedReason({ ...free, ...change }) ?? '');
  assert.equal(new Set(reasons).size, reasons.length);
  for (const reason of reasons) assert.match(reason, /^[A-Z].*\.$/);
});
