import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeDetail } from '../../../core/protocol/console-model.ts';
import { explainStaleness } from '../../../renderer/fleet/explain-staleness.ts';
import { rosterOf } from './fleet-support.ts';

function detailOf(row: Partial<NodeDetail['row']>, over: Partial<NodeDetail> = {}): NodeDetail {
  const [nodeId] = rosterOf({ eu: 1 }).nodeIds;
  assert.ok(nodeId !== undefined);
  return {
    row: {
      nodeId,
      cell: 'eu',
      servingRevision: 3,
      source: 'control-plane',
      link: 'connected',
      health: 'healthy',
      syncStatus: 'SYNCED',
      lagRevisions: 0,
      lagMs: 0,
      unverifiedMs: 100,
      requestsPerSecond: 1,
      failuresPerSecond: 0,
      ...row,
    },
    inspection: null,
    sync: null,
    difference: null,
    ...over,
  };
}

test('[UIWHY1] a node that is current and linked needs no explanation', () => {
  assert.deepEqual(explainStaleness(detailOf({}), null, [], 0), []);
});

test('[UIWHY2] the reasons go from the node down to the cause', () => {
  const active = {
    id: 'f',
    fault: { kind: 'link-partition', target: { scope: 'fleet' }, durationMs: null },
    startedAtMs: 0,
    endsAtMs: null,
    nodes: 1,
  } as const;
  const reasons = explainStaleness(detailOf({ lagRevisions: 2, link: 'lost' }), null, [active], 0);
  assert.equal(reasons.length, 3);
  assert.match(reasons[0] ?? '', /serves r3, 2 behind/);
  assert.match(reasons[1] ?? '', /control link is not up/);
  assert.match(reasons[2] ?? '', /fault cuts its links/);
});

test('[SOURCE4] of a node without a link it is said that it lives on the snapshot store', () => {
  const why = (link: 'lost' | 'connected') =>
    explainStaleness(detailOf({ link, source: 'snapshot-store' }), null, [], 0).join(' ');
  assert.match(
    why('lost'),
    /serves what it found in the snapshot store, and looks there now and then\.$/,
  );
  assert.equal(why('connected'), '');
});
