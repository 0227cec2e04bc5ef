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
    ['{}', /^this is not a list of faults, which stand in brackets$/],
    ['[7]', /^Fault 1: it must be an object in braces, not “7”$/],
    ['[{"atMs": -1}]', /^Fault 1, atMs: it must be at least 0, not “-1”$/],
    ['[{"atMs": 1.5}]', /^Fault 1, atMs: it must be a whole number, not “1\.5”$/],
    ['[{"atMs": 1}]', /^Fault 1 has no fault$/],
    [
      '[{"atMs": 1, "fault": {"kind": "bang"}}]',
      /^Fault 1, fault\.kind: it must be one of link-latency, .*, control-plane-restore, not “bang”$/,
    ],
    ['[{"atMs": 1, "fault": {}}]', /^Fault 1 has no fault\.kind$/],
    [
      '[{"atMs":1,"fault":{"kind":"store-lost"}},{"atMs":1,"fault":{"kind":"store-lost","x":1}}]',
      /^Fault 2, fault: nothing is known of “x”$/,
    ],
    [
      '[{"atMs": 1, "fault": {"kind": "link-reset", "target": {"scope": "cell", "cell": "A b"}}}]',
      /^Fault 1, fault\.target\.cell: it must be a name that a node or cell can have, not “A b”$/,
    ],
    [
      '[{"atMs": 1, "fault": {"kind": "link-reset", "target": {"scope": "cell"}}}]',
      /^Fault 1 has no fault\.target\.cell$/,
    ],
    [many, /^there are more than 1,000 faults in one file$/],
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
