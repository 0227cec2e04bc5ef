import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lineage, SourceHash } from '../../../core/config/ids.ts';
import { createMemoryConfigStore } from '../../../core/config/memory-config-store.ts';
import { snapshotFromBodies } from '../../../core/config/snapshot.ts';
import type { ControlPlaneEffect } from '../../../core/control-plane/events.ts';
import { sha256Hex } from '../../../core/lib/sha256.ts';
import { micros } from '../../../core/ports/clock.ts';
import type { ConfigStore } from '../../../core/ports/store.ts';
import { SnapshotDecoder } from '../../../core/protocol/snapshot-decoder.ts';
import {
  SNAPSHOT_FILE_BYTES_MAX,
  type SnapshotDump,
} from '../../../core/protocol/snapshot-file.ts';
import { configText, FOREIGN_LINEAGE, LINEAGE, World } from './world.ts';

const INTERVAL_MS = 10_000;

/** A control plane whose snapshot store is in the hand of the test. */
class DumpWorld extends World {
  readonly dumps: SnapshotDump[] = [];

  constructor(store?: ConfigStore) {
    const settings = { snapshotIntervalUs: INTERVAL_MS * 1_000 };
    super(store === undefined ? { settings } : { settings, store });
  }

  override event(event: Parameters<World['event']>[0]): ControlPlaneEffect[] {
    const effects = super.event(event);
    for (const effect of effects) if (effect.type === 'dump') this.dumps.push(effect.dump);
    return effects;
  }

  get last(): SnapshotDump {
    const last = this.dumps.at(-1);
    assert.ok(last !== undefined, 'nothing was dumped');
    return last;
  }

  get told() {
    const { snapshotStore } = this.belief().load;
    assert.ok(snapshotStore !== null);
    return snapshotStore;
  }

  take(): void {
    this.event({ type: 'dumped', written: { ok: true, value: undefined } });
  }

  fail(detail: string): void {
    this.event({ type: 'dumped', written: { ok: false, error: { detail } } });
  }
}

test('[DUMP3] the head is dumped right after the start, then at a fixed period, changed or not', () => {
  const world = new DumpWorld();
  world.publish(configText([80, 81]));
  world.advanceMs(0);
  assert.equal(world.dumps.length, 1);
  const { line, bodies, header } = world.last;
  const head = world.store.head();
  assert.deepEqual(new SnapshotDecoder().decode(line, bodies), {
    kind: 'found',
    header: {
      lineage: LINEAGE,
      supersedes: [],
      generation: head?.generation,
      revision: head?.revision,
      hash: head?.rootHash,
      dumpedAtMs: world.now / 1_000,
      resources: 2,
      bytes: bodies.length,
    },
    resources: [...(world.store.manifest(header.revision)?.values() ?? [])].map((hash) =>
      JSON.parse(world.store.canonical(hash) ?? ''),
    ),
  });
  world.take();
  for (let period = 2; period <= 5; period += 1) {
    world.advanceMs(INTERVAL_MS - 1);
    assert.equal(world.dumps.length, period - 1);
    world.advanceMs(1);
    assert.equal(world.dumps.length, period);
    world.take();
  }
});

test('[DUMP3] a publish changes nothing of when the next dump is, and is in it', () => {
  const world = new DumpWorld();
  world.publish(configText([80]));
  world.advanceMs(0);
  world.take();
  world.advanceMs(4_000);
  world.publish(configText([90]));
  world.advanceMs(INTERVAL_MS - 4_001);
  assert.equal(world.dumps.length, 1);
  world.advanceMs(1);
  assert.equal(world.last.header.revision, 2);
});

test('[DUMP3] before the first publish there is nothing to dump, and nothing amiss', () => {
  const world = new DumpWorld();
  world.advanceMs(3 * INTERVAL_MS);
  assert.deepEqual(world.dumps, []);
  assert.deepEqual(world.told, {
    last: null,
    lastError: null,
    dumps: 0,
    failures: 0,
    intervalMs: INTERVAL_MS,
  });
  world.publish(configText([80]));
  world.advanceMs(INTERVAL_MS);
  assert.equal(world.last.header.revision, 1);
});

test('[DUMP3] periods that were slept through are not made up for', () => {
  const world = new DumpWorld();
  world.publish(configText([80]));
  world.advanceMs(0);
  world.take();
  const asleepMs = 7 * INTERVAL_MS + 3_000;
  world.now = (world.now + asleepMs * 1_000) as typeof world.now;
  world.event({ type: 'tick' });
  world.take();
  assert.equal(world.dumps.length, 2);
  world.advanceMs(INTERVAL_MS - 3_000 - 1);
  assert.equal(world.dumps.length, 2);
  world.advanceMs(1);
  assert.equal(world.dumps.length, 3);
});

test('[DUMP3] a restarted control plane dumps at once; without a store it never does', () => {
  const world = new DumpWorld();
  world.publish(configText([80]));
  world.advanceMs(0);
  world.restart();
  assert.equal(world.told.last, null);
  world.advanceMs(0);
  assert.equal(world.dumps.length, 2);
  const without = new World();
  without.publish(configText([80]));
  without.advanceMs(60_000);
  assert.equal(without.belief().load.snapshotStore, null);
});

test('[DUMP4] a dump of the same head encodes nothing but its header', () => {
  const world = new DumpWorld();
  world.publish(configText([80]));
  world.advanceMs(0);
  world.take();
  const first = world.last;
  world.advanceMs(INTERVAL_MS);
  world.take();
  assert.equal(world.last.bodies, first.bodies);
  assert.equal(world.last.header.dumpedAtMs, first.header.dumpedAtMs + INTERVAL_MS);
  world.publish(configText([81]));
  world.advanceMs(INTERVAL_MS);
  assert.notEqual(world.last.bodies, first.bodies);
});

test('[DUMP1] a snapshot names the lineages that an operator has told its store to take over', () => {
  const world = new DumpWorld();
  world.publish(configText([80]));
  assert.ok(world.store.supersede(FOREIGN_LINEAGE, 'tester', world.now).ok);
  world.advanceMs(0);
  assert.deepEqual(world.last.header.supersedes, [FOREIGN_LINEAGE]);
});

test('[DUMP1] of more lineages than a header has room for it names the newest', () => {
  const world = new DumpWorld();
  world.publish(configText([80]));
  const lineages = Array.from({ length: 20 }, (_, i) => `${10 + i}`.repeat(16) as Lineage);
  for (const lineage of lineages) {
    assert.ok(world.store.supersede(lineage, 'tester', world.now).ok);
  }
  world.advanceMs(0);
  assert.deepEqual(world.last.header.supersedes, lineages.slice(4));
  const { line, bodies } = world.last;
  assert.equal(new SnapshotDecoder().decode(line, bodies).kind, 'found');
});

test('[DUMP5] one write at a time: what is due meanwhile is counted, not queued', () => {
  const world = new DumpWorld();
  world.publish(configText([80]));
  world.advanceMs(3 * INTERVAL_MS);
  assert.equal(world.dumps.length, 1);
  assert.equal(world.told.failures, 3);
  assert.match(world.told.lastError?.detail ?? '', /the write before this one has not ended/);
  world.take();
  assert.deepEqual(world.told.lastError, null);
  world.advanceMs(INTERVAL_MS);
  assert.equal(world.dumps.length, 2);
});

test('[DUMP5] a dump that fails is counted and told, and holds up neither a publish nor a push', () => {
  const world = new DumpWorld();
  const node = world.connect();
  world.publish(configText([80]));
  world.advanceMs(0);
  world.fail('no space left on device');
  assert.deepEqual(world.told, {
    last: null,
    lastError: { atMs: world.now / 1_000, detail: 'no space left on device' },
    dumps: 0,
    failures: 1,
    intervalMs: INTERVAL_MS,
  });
  node.ack();
  world.publish(configText([81]));
  world.advanceMs(200);
  assert.equal(node.lastPush.body.revision, 2);
  world.advanceMs(INTERVAL_MS);
  world.take();
  assert.equal(world.told.lastError, null);
  assert.equal(world.told.failures, 1);
});

test('[DUMP6] it is told what was dumped last, when, and how large it was', () => {
  const world = new DumpWorld();
  world.publish(configText([80]));
  world.advanceMs(0);
  const atMs = world.now / 1_000;
  world.advanceMs(5);
  world.take();
  const bytes = world.last.line.length + world.last.bodies.length;
  assert.deepEqual(world.told.last, { revision: 1, generation: 1, atMs, bytes });
  assert.equal(world.told.dumps, 1);
  // An answer that nobody waits for means nothing.
  world.fail('said twice');
  assert.equal(world.told.failures, 0);
});

test('[DUMP2] a head over the bound is not dumped, and it is said why', () => {
  const store = createMemoryConfigStore({ lineage: LINEAGE });
  const body = {
    kind: 'Service',
    metadata: { name: 'a' },
    spec: 'x'.repeat(SNAPSHOT_FILE_BYTES_MAX),
  };
  const built = snapshotFromBodies([body]);
  assert.ok(built.ok);
  const documents = [...built.value.resources.values()].map(({ key, contentHash, canonical }) => {
    return { key, contentHash, canonical, source: '', sourceHash: sha256Hex('') as SourceHash };
  });
  const rootHash = built.value.hash;
  const by = {
    author: 'tester',
    message: 'm',
    at: micros(0),
    origin: { kind: 'publish' },
  } as const;
  assert.ok(store.publish({ base: null, documents, rootHash, ...by }).ok);
  const world = new DumpWorld(store);
  world.advanceMs(0);
  assert.deepEqual(world.dumps, []);
  assert.match(
    world.told.lastError?.detail ?? '',
    /^r1 has \d+ bytes, and a snapshot may have 16777216$/,
  );
});
