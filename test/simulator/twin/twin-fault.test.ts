import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  coversNobody,
  describeTwinFault,
  readFaultSchedule,
  SCHEDULED_FAULTS_MAX,
} from '../../../simulator/twin/twin-fault.ts';
import { FLEET } from './twin-fixture.ts';

test('[TWIN19] a faults file is read whole or refused with the place of what is wrong', () => {
  const read = readFaultSchedule(
    '[{"atMs": 5, "fault": {"kind": "link-partition", "target": {"scope": "fleet"}, "durationMs": 500}},' +
      '{"atMs": 9, "fault": {"kind": "control-plane-kill", "downMs": null}}]',
  );
  assert.ok(read.ok);
  assert.deepEqual(
    read.value.map(({ fault }) => describeTwinFault(fault)),
    ['links cut, the whole fleet', 'control plane killed'],
  );
  const many = JSON.stringify(Array.from({ length: SCHEDULED_FAULTS_MAX + 1 }, () => ({})));
  for (const [text, why] of [
    ['{', /not JSON/],
    ['{}', /expected array/],
    ['[{"atMs": -1}]', /^0\.atMs: /],
    ['[{"atMs": 1, "fault": {"kind": "bang"}}]', /^0\.fault\.kind: /],
    [
      '[{"atMs": 1, "fault": {"kind": "link-reset", "target": {"scope": "cell"}}}]',
      /^0\.fault\.target/,
    ],
    [many, /too big/i],
  ] as const) {
    const refused = readFaultSchedule(text);
    assert.ok(!refused.ok, text.slice(0, 40));
    assert.match(refused.error, why);
  }
});

test('[TWIN19] a fault for a node or cell that is not there is found before the run', () => {
  const fleet = [{ nodeId: 'a/b' as never, cell: 'a' }];
  const reset = (
    target: Parameters<typeof describeTwinFault>[0] extends infer F
      ? F extends { target: infer T }
        ? T
        : never
      : never,
  ) => coversNobody({ kind: 'link-reset', target }, fleet);
  assert.equal(reset(FLEET), false);
  assert.equal(reset({ scope: 'cell', cell: 'a' }), false);
  assert.equal(reset({ scope: 'cell', cell: 'b' }), true);
  assert.equal(reset({ scope: 'node', nodeId: 'a/c' as never }), true);
});
