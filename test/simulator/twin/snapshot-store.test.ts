import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAhead } from '../../../core/node/inspect-node.ts';
import { micros } from '../../../core/ports/clock.ts';
import { explainStaleness } from '../../../simulator/twin/explain-staleness.ts';
import type { ScheduledFault } from '../../../simulator/twin/twin-fault.ts';
import type { TwinOptions } from '../../../simulator/twin/twin-options.ts';
import { TwinWorld } from '../../../simulator/twin/twin-world.ts';
import { at, cell, FLEET, run, twinOptions } from './twin-fixture.ts';

const CELL = cell('eu-west');
const CUT = { kind: 'link-partition', target: CELL, durationMs: null } as const;
const KILLED = { kind: 'control-plane-kill', downMs: null } as const;
const WIPED = { kind: 'node-restart', target: FLEET, disk: 'lose' } as const;

/** Nobody asks for anything, and the trace is kept. */
const QUIET = { requestsPerSecond: 0, traceEntriesMax: 50_000 };

/** A world at so many seconds; a publish a minute, dumps every ten seconds. */
function worldAt(
  seconds: number,
  faults: readonly ScheduledFault[],
  changes: Partial<TwinOptions> = {},
): TwinWorld {
  const world = new TwinWorld(twinOptions({ faults, ...changes, ...QUIET }));
  world.runUntil(micros(seconds * 1_000_000));
  return world;
}

/** How many nodes serve what: `r3 disk` → 10. */
function served(world: TwinWorld, cellName?: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { machine } of world.nodes) {
    if (cellName !== undefined && machine.cell !== cellName) continue;
    const statement = machine.serving?.statement;
    const words =
      statement === undefined ? 'default' : `r${statement.revision} ${statement.source}`;
    counts[words] = (counts[words] ?? 0) + 1;
  }
  return counts;
}

function readsIn(world: TwinWorld): number {
  return [...world.trace.backwards()].filter(({ kind }) => kind === 'snapshot-read').length;
}

test('[SOURCE1] while the control plane is there nobody reads the store', () => {
  const world = worldAt(300, []);
  assert.equal(readsIn(world), 0);
  assert.equal(world.snapshots.held?.header.revision, 5);
});

test('[SOURCE9] cold start: a whole fleet without disks, the control plane dead, comes back from the store', () => {
  const faults = [at(100, KILLED), at(110, WIPED)];
  assert.deepEqual(served(worldAt(111, faults)), { default: 20 });
  const world = worldAt(118, faults);
  assert.deepEqual(served(world), { 'r2 snapshot-store': 20 });
  assert.ok(world.nodes.every(({ machine }) => machine.verifiedAt === null && !isAhead(machine)));
  // Another restart, and the disk has it.
  const again = worldAt(125, [...faults, at(120, { ...WIPED, disk: 'keep' })]);
  assert.deepEqual(served(again), { 'r2 disk': 20 });
});

test('[SOURCE9] nodes that are cut from the control plane get r+1 from the store within its period and theirs', () => {
  const faults = [at(70, CUT)];
  const before = worldAt(119, faults);
  assert.deepEqual(served(before, 'eu-west'), { 'r2 control-plane': 11 });
  const after = worldAt(166, faults);
  assert.deepEqual(served(after, 'eu-west'), { 'r3 snapshot-store': 11 });
  // It is not verified by that.
  for (const { machine } of after.nodes) {
    if (machine.cell !== 'eu-west') continue;
    assert.ok(machine.verifiedAt !== null && machine.verifiedAt < 75_000_000);
  }
  const healed = worldAt(230, [at(70, { ...CUT, durationMs: 100_000 })]);
  assert.deepEqual(served(healed, 'eu-west'), { 'r4 control-plane': 11 });
  assert.equal(healed.controlPlane.sentCounts.nacks, 0);
});

test('[DUMP8] a kill leaves the store as it was, and what was being written is not there', () => {
  // Dumps are due at 0, 10, 20 … s and take 30 ms; the publish of r2, at 60 s, comes first.
  const [dumped] = [...worldAt(65, []).trace.backwards()].filter(
    ({ kind }) => kind === 'snapshot-dumped',
  );
  assert.ok(dumped !== undefined && dumped.at > 60_030_000);
  const killedAfterUs = (us: number) => worldAt(80, [at((dumped.at + us) / 1_000_000, KILLED)]);
  const { held } = killedAfterUs(-10_000).snapshots;
  assert.equal(held?.header.revision, 1);
  assert.equal(held?.header.dumpedAtMs, 50_000);
  assert.equal(killedAfterUs(10_000).snapshots.held?.header.revision, 2);
});

test('[TWIN11] what a node was writing when its process ended is not on its disk', () => {
  const writes = [...worldAt(65, []).trace.backwards()].filter(({ kind }) => kind === 'written');
  const first = writes.filter(({ at: us }) => us > 60_000_000).at(-1);
  assert.ok(first !== undefined);
  const seconds = (first.at - 100) / 1_000_000;
  const kept = { ...WIPED, disk: 'keep' } as const;
  const world = worldAt(63, [at(seconds, KILLED), at(seconds, kept)]);
  assert.deepEqual(served(world), { 'r1 disk': 20 });
});

test('[TWIN11] a disk that was corrupt is whole again once something was written to it', () => {
  const [corrupt, kept] = [
    { ...WIPED, disk: 'corrupt' } as const,
    { ...WIPED, disk: 'keep' } as const,
  ];
  assert.deepEqual(served(worldAt(83, [at(70, KILLED), at(80, corrupt)])), { default: 20 });
  const world = worldAt(83, [at(70, corrupt), at(80, KILLED), at(80, kept)]);
  assert.deepEqual(served(world), { 'r2 disk': 20 });
});

test('[DUMP8] putting a backup back leaves the store until the next dump, which is of what was put back', () => {
  const restore = { kind: 'control-plane-restore', downMs: 20_000 } as const;
  const faults = [at(50, { kind: 'control-plane-backup' }), at(100, restore)];
  assert.equal(worldAt(119, faults).snapshots.held?.header.revision, 2);
  assert.equal(worldAt(121, faults).snapshots.held?.header.revision, 1);
});

test('[SOURCE8] a store that is ahead of a restored control plane: who takes from it is ahead, too', () => {
  const faults = [
    at(50, { kind: 'control-plane-backup' }),
    at(95, { kind: 'store-writes-fail', durationMs: null }),
    at(100, { kind: 'control-plane-restore', downMs: 30_000 }),
    at(101, WIPED),
  ];
  const down = worldAt(129, faults);
  assert.deepEqual(served(down), { 'r2 snapshot-store': 20 });
  const world = worldAt(170, faults);
  assert.equal(world.controlPlane.store.head()?.revision, 1);
  assert.equal(world.controlPlane.belief()?.counts.ahead, 20);
  assert.ok(world.nodes.every(({ machine }) => isAhead(machine)));
  const later = worldAt(190, faults);
  assert.equal(later.refusals.at(-1)?.refusal.reason, 'fleet-ahead');
  assert.deepEqual(served(later), { 'r2 snapshot-store': 20 });
});

test('[SOURCE3] a store out of reach, damaged, emptied or full of old news: nodes keep what they serve', () => {
  const down = at(110, KILLED);
  const wiped = at(112, { ...WIPED, target: CELL });
  for (const [fault, seconds] of [
    [{ kind: 'store-cut', target: FLEET, durationMs: null }, 105],
    [{ kind: 'store-corrupted', durationMs: null }, 105],
    [{ kind: 'store-lost' }, 111],
  ] as const) {
    const world = worldAt(200, [at(seconds, fault), down, wiped]);
    assert.deepEqual(served(world), { default: 11, 'r2 control-plane': 9 }, fault.kind);
    assert.ok(readsIn(world) >= 40);
    for (const { machine } of world.nodes) {
      const said = machine.log.entries().filter(({ text }) => text.includes('snapshot store'));
      assert.ok(said.length <= 1, `${fault.kind}: ${said.map(({ text }) => text).join('; ')}`);
    }
  }
  const stale = worldAt(200, [
    at(55, { kind: 'store-writes-fail', durationMs: null }),
    down,
    wiped,
  ]);
  assert.deepEqual(served(stale), { 'r1 snapshot-store': 11, 'r2 control-plane': 9 });
  assert.ok(stale.snapshots.held?.header.dumpedAtMs === 50_000);
});

test('[SOURCE9] a store that comes back is read with the next turn', () => {
  const cut = { kind: 'store-cut', target: FLEET, durationMs: 20_000 } as const;
  const world = worldAt(170, [at(110, KILLED), at(111, WIPED), at(111, cut)]);
  assert.deepEqual(served(world), { 'r2 snapshot-store': 20 });
});

test('[SOURCE9] a world without a snapshot store dumps nothing and reads nothing', () => {
  const settings = { snapshotIntervalUs: null };
  const world = worldAt(150, [at(100, KILLED), at(110, WIPED)], { settings });
  assert.equal(world.snapshots.held, null);
  assert.equal(readsIn(world), 0);
  assert.deepEqual(served(world), { default: 20 });
});

test('[TWIN17] why: what the snapshot store had for a node without a link', () => {
  const node = 'eu-west/edge-0001';
  const why = (seconds: number, faults: readonly ScheduledFault[]) =>
    explainStaleness(worldAt(seconds, faults), node, micros(seconds * 1_000_000)).join('\n');
  const cut = at(70, CUT);
  assert.match(why(122, [cut]), /It read the snapshot store at 1:\d\d\.\d{3}, which had r2\.$/);
  assert.match(
    why(170, [cut, at(100, { kind: 'store-writes-fail', durationMs: null })]),
    /which had r2\.\nIt had taken no dump at 2:40\.\d{3}\.\nWhat kept it from that was the fault “snapshot store takes no dump”, which began at 1:40\.000\.$/,
  );
  assert.match(
    why(170, [cut, at(100, { kind: 'store-corrupted', durationMs: null })]),
    /What it read from the snapshot store at 2:\d\d\.\d{3} was damaged\.\nWhat damaged it was the fault “snapshot store damaged”, which began at 1:40\.000\.$/,
  );
  const storeCut = { kind: 'store-cut', target: FLEET, durationMs: null } as const;
  assert.match(
    why(170, [cut, at(100, storeCut)]),
    /could not reach the snapshot store at 2:\d\d\.\d{3}\.\nIts reading was held by the fault “snapshot store out of reach, the whole fleet”, which began at 1:40\.000\.$/,
  );
  assert.match(
    why(125, [
      at(90, { kind: 'store-writes-fail', durationMs: null }),
      at(92, { kind: 'store-lost' }),
      at(93, CUT),
    ]),
    /The snapshot store was empty when it read it at 1:\d\d\.\d{3}\.\nWhat emptied it was the fault “snapshot store emptied”, which began at 1:32\.000\.\nIt had taken no dump at 2:00\.\d{3}\.\nWhat kept it from that was the fault “snapshot store takes no dump”, which began at 1:30\.000\.$/,
  );
});

test('[DUMP8] the same seed gives the same run, with the store’s faults among the rest', () => {
  const faults = [
    at(70, CUT),
    at(80, { kind: 'store-corrupted', durationMs: 20_000 } as const),
    at(110, KILLED),
    at(115, WIPED),
  ];
  const first = run({ faults });
  assert.equal(first.report.traceHash, run({ faults }).report.traceHash);
  assert.notEqual(first.report.traceHash, run({ faults: faults.slice(0, 3) }).report.traceHash);
});
