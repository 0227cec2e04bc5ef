import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NodeMachine } from '../../../core/node/node-machine.ts';
import { micros } from '../../../core/ports/clock.ts';
import { explainStaleness } from '../../../simulator/twin/explain-staleness.ts';
import type { ScheduledFault } from '../../../simulator/twin/twin-fault.ts';
import type { TwinNode } from '../../../simulator/twin/twin-node.ts';
import { reportOf } from '../../../simulator/twin/twin-report.ts';
import { TwinWorld } from '../../../simulator/twin/twin-world.ts';
import { at, cell, FLEET, twinOptions } from './twin-fixture.ts';

const WEST = cell('eu-west');
const BACKUP = at(100, { kind: 'control-plane-backup' });
const RESTORE = at(200, { kind: 'control-plane-restore', downMs: 2_000 });
const LOSE = { kind: 'node-restart', target: FLEET, disk: 'lose' } as const;
const STALE = { kind: 'node-restart', target: WEST, disk: 'stale' } as const;
const CUT = { kind: 'link-partition', target: WEST } as const;

const SCHEDULES: readonly (readonly ScheduledFault[])[] = [
  [],
  [BACKUP, RESTORE],
  [BACKUP, RESTORE, at(200, LOSE)],
  // What is cut off keeps what was undone, while its number is given anew.
  [
    BACKUP,
    at(150, { kind: 'store-cut', target: WEST, durationMs: null }),
    at(185, { ...CUT, durationMs: 150_000 }),
    at(190, STALE),
    RESTORE,
    at(202, { ...LOSE, target: cell('us-east') }),
  ],
  [at(0, { kind: 'control-plane-backup' }), at(150, { kind: 'control-plane-restore', downMs: 0 })],
  [at(100, { kind: 'control-plane-kill', downMs: 60_000 }), at(120, LOSE), at(130, STALE)],
  [at(110, { kind: 'disk-full', target: WEST, durationMs: 30_000 }), at(125, STALE)],
  [
    at(110, { kind: 'disk-lies', target: FLEET, durationMs: null }),
    at(190, { ...LOSE, disk: 'keep' }),
  ],
  // What is built on a damaged memory finds it, and the disk has nothing newer.
  [
    at(110, { kind: 'disk-lies', target: FLEET, durationMs: null }),
    at(130, { kind: 'memory-corrupted', target: WEST }),
    at(140, { kind: 'push-corrupted', target: FLEET, durationMs: 100_100 }),
  ],
  [at(119, { kind: 'push-corrupted', target: FLEET, durationMs: 61_100 })],
  [
    at(60, {
      kind: 'link-latency',
      target: FLEET,
      latencyMs: 3_000,
      jitterMs: 900,
      durationMs: null,
    }),
    at(119, { kind: 'link-reset', target: WEST }),
    at(179, { kind: 'link-half-open', target: FLEET }),
    at(181, { kind: 'store-lost' }),
  ],
  [
    at(61, { ...CUT, durationMs: null }),
    at(70, LOSE),
    at(80, { kind: 'store-writes-fail', durationMs: null }),
  ],
  [at(59.9, { kind: 'memory-corrupted', target: WEST }), at(121, { ...LOSE, disk: 'corrupt' })],
];

/** Seconds. Some right at what happens, the rest in between. */
const INSTANTS = [
  0, 0.01, 0.5, 1, 30, 60.002, 60.05, 99, 101, 120.002, 120.01, 121.5, 124, 126, 150.001, 153,
  180.004, 183, 191.2, 200, 200.5, 203, 204, 210, 239, 240.02, 245, 262, 290, 300.1, 304, 334, 350,
];

const DEFAULT = { revision: 0, generation: 0, hash: null };

/** What a node and its control plane really were, when the world was stopped. */
function realityOf(world: TwinWorld, { machine }: TwinNode) {
  const head = world.controlPlane.store.head();
  const { phase, serving } = machine;
  if (phase.kind === 'down') return { kind: 'down' } as const;
  const { revision, generation, hash } = serving?.statement ?? DEFAULT;
  assert.ok(head !== null);
  if (generation === head.generation && hash === head.rootHash) {
    return { kind: 'newest', revision } as const;
  }
  if (serving?.statement.damaged === true) return { kind: 'damaged', revision } as const;
  if (generation >= head.generation) return { kind: 'ahead', revision } as const;
  const { store } = world.controlPlane;
  const isKept = serving === null || store.revision(serving.statement.revision)?.rootHash === hash;
  const kind = isKept ? 'behind' : 'behind, undone';
  return { kind, revision, head: head.revision } as const;
}

function expectedOpening(reality: ReturnType<typeof realityOf>): RegExp {
  const served = reality.kind === 'down' || reality.revision > 0 ? '' : 'its built-in default';
  switch (reality.kind) {
    case 'down':
      return / was down and served nothing\.$/;
    case 'newest':
      return new RegExp(` served r${reality.revision}, which was the newest\\.$`);
    case 'damaged':
      return new RegExp(` served r${reality.revision} with damage in it that it had found,`);
    case 'ahead':
      return new RegExp(
        ` served r${reality.revision}, which the control plane did not know: an older`,
      );
    case 'behind': {
      const { head, revision } = reality;
      const count = head - revision === 1 ? 'one revision' : `${head - revision} revisions`;
      return new RegExp(` served ${served || `r${revision}`}, ${count} behind r${head};`);
    }
    case 'behind, undone':
      return new RegExp(
        ` served r${reality.revision} of before [^,]*, 2 revisions behind r${reality.head};`,
      );
  }
}

test('[TWIN39] what `why` says a node served is what it served in the world stopped at that instant', () => {
  const seen = new Set<string>();
  for (const [index, faults] of SCHEDULES.entries()) {
    for (const seed of [3, 4]) {
      const options = twinOptions({ nodes: 4, cells: 2, seed, faults, traceEntriesMax: 200_000 });
      const world = new TwinWorld({ ...options, durationUs: 360_000_000, requestsPerSecond: 0 });
      const known: { readonly check: () => void }[] = [];
      for (const seconds of INSTANTS) {
        const instant = micros(Math.round(seconds * 1_000_000));
        world.runUntil(instant);
        const isUp = world.controlPlane.isUp;
        for (const node of world.nodes) {
          const reality = realityOf(world, node);
          seen.add(reality.kind);
          const check = () => {
            const why = explainStaleness(world, node.machine.nodeId, instant);
            const where = `schedule ${index}, seed ${seed}: ${why.join(' ')}`;
            assert.match(why[0] ?? '', expectedOpening(reality), where);
            const control = /The control plane was (up|down) since/.exec(why.join(' '));
            if (control !== null) assert.equal(control[1], isUp ? 'up' : 'down', where);
            assert.doesNotMatch(why.join(' '), /undefined|null|NaN/, where);
            for (const told of why.join(' ').matchAll(/(\d+):(\d\d\.\d{3})/g)) {
              assert.ok(Number(told[1]) * 60 + Number(told[2]) <= seconds + 0.001, where);
            }
            if (reality.kind === 'behind' || reality.kind === 'down')
              assert.ok(why.length > 1, where);
          };
          known.push({ check });
        }
      }
      // Asked at the end, as the command does.
      for (const { check } of known) check();
    }
  }
  assert.deepEqual([...seen].sort(), [
    'ahead',
    'behind',
    'behind, undone',
    'damaged',
    'down',
    'newest',
  ]);
});

test('[TWIN39] damage is told: unfound, and found where nothing mends it; the report counts it as behind', () => {
  const faults = [
    at(0, { kind: 'disk-lies', target: FLEET, durationMs: null }),
    at(30, { kind: 'push-corrupted', target: FLEET, durationMs: null }),
    at(60, { kind: 'memory-corrupted', target: FLEET }),
  ];
  const options = twinOptions({ nodes: 4, cells: 2, faults, traceEntriesMax: 50_000 });
  const world = new TwinWorld(
    { ...options, publishes: null, requestsPerSecond: 0 },
    { createNode: (input) => new NodeMachine({ ...input, scrubPeriodMs: 20_000 }) },
  );
  world.runUntil(micros(100_000_000));
  const why = (seconds: number) =>
    explainStaleness(world, 'eu-west/edge-0001', micros(seconds * 1_000_000)).join('\n');
  assert.match(
    why(60.001),
    /served r1, which was the newest\.\nOne resource of it was damaged, unfound yet, by the fault “memory damaged, the whole fleet”, which began at 1:00\.000\.$/,
  );
  assert.match(
    why(100),
    /served r1 with damage in it that it had found, else the newest\.\nWhat damaged its memory was the fault “memory damaged, .*\nA full push of r1 .*\(hash-mismatch\)\.\nThen stood the fault “pushes arrive damaged/,
  );
  const { end } = reportOf(world, 0);
  assert.deepEqual([end.behind, end.ahead, end.refusing], [4, 0, 4]);
});
