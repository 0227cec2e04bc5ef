import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, cell, FLEET, run } from './twin-fixture.ts';

const COPIED = at(100, { kind: 'control-plane-backup' });
const PUT_BACK = at(200, { kind: 'control-plane-restore', downMs: 2_000 });
const WIPED = at(200, { kind: 'node-restart', target: FLEET, disk: 'lose' });

test('[TWIN40] a publish that a restore undid has no figures but when it was undone', () => {
  const { report } = run({ faults: [COPIED, PUT_BACK, WIPED] });
  assert.deepEqual(
    report.publishes.map(({ revision, reached, undoneAtMs }) => [revision, reached, undoneAtMs]),
    [
      [1, 20, null],
      [2, 20, null],
      [3, null, 200_000],
      [4, null, 200_000],
      [3, 20, null],
    ],
  );
  const [, , undone, , again] = report.publishes;
  assert.deepEqual([undone?.t99Ms, undone?.bytes], [null, 0]);
  assert.ok((again?.t99Ms ?? 0) > 0);
});

test('[TWIN40] nobody lacks what was undone; what was lacked before it was undone counts', () => {
  const { staleness } = run({ faults: [COPIED, PUT_BACK, WIPED] }).report;
  assert.ok(staleness.lagMsMax < 1_000, String(staleness.lagMsMax));
  assert.equal(staleness.lagRevisionsMax, 1);
  const cut = { kind: 'link-partition', target: cell('eu-west'), durationMs: null } as const;
  const faults = [COPIED, at(110, cut), PUT_BACK];
  const settings = { snapshotIntervalUs: null };
  const lagging = run({ faults, settings, durationUs: 235_000_000 }).report;
  // From r3 at 120 s on, and no longer than to the restore at 200 s.
  assert.equal(lagging.staleness.lagRevisionsMax, 2);
  assert.ok(Math.abs(lagging.staleness.lagMsMax - 80_000) < 5, String(lagging.staleness.lagMsMax));
});
