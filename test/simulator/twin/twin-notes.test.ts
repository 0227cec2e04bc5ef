import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at, cell, FLEET, run } from './twin-fixture.ts';

function notes(changes: Parameters<typeof run>[0]) {
  return run({ durationUs: 30_000_000, publishes: null, requestsPerSecond: 0, ...changes }).report
    .notes;
}

test('[TWIN32] what of the options came to nothing is told in the report', () => {
  assert.deepEqual(notes({}), []);
  const reset = { kind: 'link-reset', target: FLEET } as const;
  assert.deepEqual(notes({ faults: [at(29, reset)] }), []);
  assert.deepEqual(notes({ faults: [at(10, reset), at(30, reset)] }), [
    'One fault lies after the end of the run.',
  ]);
  assert.deepEqual(notes({ faults: [at(31, reset), at(999, reset)] }), [
    '2 faults lie after the end of the run.',
  ]);
  assert.deepEqual(notes({ faults: [at(5, { kind: 'link-reset', target: cell('nowhere') })] }), [
    'One fault is for nodes or cells that this fleet does not have.',
  ]);
  const faults = [at(5, { kind: 'store-lost' })];
  assert.deepEqual(notes({ faults }), []);
  assert.deepEqual(notes({ faults, settings: { snapshotIntervalUs: null } }), [
    'One fault is of the snapshot store, and there is none.',
  ]);
  const { publishes } = run({ durationUs: 1 }).world.options;
  assert.deepEqual(notes({ publishes }), ['The run ends before its first further publish.']);
});

test('[TWIN32] so is a restore before any copy of the store was made', () => {
  const backup = { kind: 'control-plane-backup' } as const;
  const restore = { kind: 'control-plane-restore', downMs: 100 } as const;
  assert.deepEqual(notes({ faults: [at(10, backup), at(10, restore)] }), []);
  assert.deepEqual(notes({ faults: [at(20, backup), at(10, restore)] }), [
    'One restore found no copy of the store, and only restarted the control plane.',
  ]);
});
