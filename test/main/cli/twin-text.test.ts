import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TwinReport } from '../../../core/protocol/twin-control.ts';
import { twinText } from '../../../main/cli/twin-text.ts';
import { run } from '../../simulator/twin/twin-fixture.ts';

const { report } = run({ nodes: 2, cells: 1, durationUs: 70_000_000 });

function lineOf(changed: Partial<TwinReport>, name: string): string {
  const lines = twinText({ ...report, ...changed }, null, []).split('\n');
  return lines.find((line) => line.startsWith(name)) ?? '';
}

test('[TWIN37] what is unusual stands in the report only where there was any', () => {
  const requests = { ...report.requests, unrouted: 0, limited: 0, shed: 0, denied: 0 };
  assert.doesNotMatch(lineOf({ requests }, 'requests'), /limited|shed|denied|route/);
  const line = lineOf(
    { requests: { ...requests, unrouted: 4, limited: 1_200, shed: 3, denied: 7 } },
    'requests',
  );
  assert.match(line, /refused, 4 without a route, 1,200 limited, 3 shed, 7 denied$/);
  assert.doesNotMatch(lineOf({}, 'pushes'), /later/);
  const pushes = { ...report.pushes, retryLaters: 9 };
  assert.match(lineOf({ pushes }, 'pushes'), /nacks, 9 told to retry later$/);
});

test('[TWIN37] what had no effect, and what was set, stand there too', () => {
  const notes = ['2 faults lie after the end of the run.'];
  assert.match(
    twinText({ ...report, notes }, null, []),
    /\n\n2 faults lie after the end of the run\.$/,
  );
  assert.doesNotMatch(twinText(report, null, []), /Under/);
  assert.match(
    twinText(report, null, ['heartbeatMs', 'linkJitterUs']),
    /^Ran [^\n]*\nUnder heartbeat=10s, link-jitter=500us\nTrace hash/,
  );
});

test('[TWIN37] a publish of a few milliseconds is told in tenths of them', () => {
  assert.match(twinText(report, null, []), /\nr2 +1:00 min +2 of 2 +\d+\.\d ms /);
});

test('[TWIN40] a publish that was undone is told so, and one revision is not “1 revisions”', () => {
  const [first, second] = report.publishes;
  assert.ok(first !== undefined && second !== undefined);
  const undone = { ...second, reached: null, t50Ms: null, undoneAtMs: 65_000 };
  const text = twinText({ ...report, publishes: [first, undone] }, null, []);
  assert.match(text, /\nr2 +1:00 min +undone +– /);
  const staleness = { ...report.staleness, lagRevisionsMax: 1 };
  assert.match(lineOf({ staleness }, 'worst lag'), /, one revision$/);
  assert.match(
    lineOf({ staleness: { ...staleness, lagRevisionsMax: 2 } }, 'worst lag'),
    /, 2 revisions$/,
  );
});
