import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isRehearsalFaultId,
  REHEARSAL_FAULT_IDS,
  rehearsalFaultLabel,
  rehearsalFaultsText,
  rehearsalHorizonMs,
} from '../../../../renderer/config/rehearsal/rehearsal-faults.ts';
import { readFaultSchedule } from '../../../../simulator/twin/twin-fault.ts';

test('[UIREH24] a rehearsal with an outage goes on for longer, so that the way back is in it', () => {
  const horizons = REHEARSAL_FAULT_IDS.map((id) => rehearsalHorizonMs({ id, cell: null }));
  assert.deepEqual(horizons, [null, 75_000, 75_000, null, null]);
});

test('[UIREH5] what can be chosen to break is a faults file that the twin reads', () => {
  const kinds = REHEARSAL_FAULT_IDS.map((id) => {
    const text = rehearsalFaultsText({ id, cell: 'eu-west' });
    if (text === null) return null;
    const schedule = readFaultSchedule(text);
    assert.ok(schedule.ok, `${id}: ${schedule.ok ? '' : schedule.error}`);
    return schedule.value.map(({ atMs, fault }) => `${atMs} ${fault.kind}`).join();
  });
  assert.deepEqual(kinds, [
    null,
    '2000 control-plane-kill',
    '0 link-partition',
    '0 link-latency',
    '2000 node-restart',
  ]);
  assert.match(rehearsalFaultsText({ id: 'cell-cut', cell: 'eu-west' }) ?? '', /"cell":"eu-west"/);
  assert.equal(rehearsalFaultsText({ id: 'cell-cut', cell: null }), null);
  assert.equal(new Set(REHEARSAL_FAULT_IDS.map(rehearsalFaultLabel)).size, 5);
  assert.ok(isRehearsalFaultId('none') && !isRehearsalFaultId('all') && !isRehearsalFaultId(null));
});
