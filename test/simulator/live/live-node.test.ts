import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Generation, Lineage, NodeId, Revision } from '../../../core/config/ids.ts';
import { scrubSnapshot, snapshotFromBodies } from '../../../core/config/snapshot.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { NODE_SCRUB_PERIOD_MS } from '../../../core/node/node-limits.ts';
import { createSharedWork } from '../../../core/node/shared-work.ts';
import { addMicros, micros } from '../../../core/ports/clock.ts';
import { ConnectGate } from '../../../simulator/live/connect-gate.ts';
import { FleetDisk } from '../../../simulator/live/disk/fleet-disk.ts';
import { LiveNode } from '../../../simulator/live/live-node.ts';
import { SharedFrames } from '../../../simulator/live/shared-frames.ts';
import { corruptSnapshot } from '../../../simulator/twin/corrupt-snapshot.ts';
import { VirtualTime } from '../../../simulator/twin/virtual-time.ts';

const NODE_ID = 'cell/a' as NodeId;
const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'cart', namespace: 'shop' },
  spec: { ports: [{ port: 80 }] },
};

test('[SCRUB2] a live node reads its own disk file anew for what its memory lost', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-live-node-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const opened = FleetDisk.open({ dir, note: () => undefined });
  const built = snapshotFromBodies([SERVICE]);
  assert.ok(opened.ok && built.ok);
  const [disk, snapshot] = [opened.value, built.value];
  const [generation, revision] = [3 as Generation, 3 as Revision];
  const lineage = 'a'.repeat(32) as Lineage;
  const record = { lineage, generation, revision, hash: snapshot.hash, verifiedAt: micros(0) };
  await new Promise((resolve) => disk.persist(NODE_ID, record, snapshot, resolve));
  const afterDisk = () => new Promise<void>((resolve) => disk.afterPending(resolve));

  const time = new VirtualTime();
  const notes: string[] = [];
  const services = {
    clock: time,
    scheduler: time,
    disk,
    // Nobody gets through: it serves by itself.
    gate: new ConnectGate(0),
    frames: new SharedFrames(),
    work: createSharedWork(),
    snapshots: null,
    controlPlaneUrl: 'ws://127.0.0.1:1/node',
    fleetToken: 'token',
    note: (_nodeId: NodeId, text: string) => void notes.push(text),
  };
  const node = new LiveNode(services, NODE_ID, 'cell', createSeededRandom(1));
  t.after(() => node.stop());
  node.start(0);
  time.runUntil(micros(1_000));
  await afterDisk();
  const { phase } = node.machine;
  assert.ok(phase.kind === 'running' && phase.serving !== null);
  const harmed = corruptSnapshot(phase.serving.snapshot);
  phase.serving = { ...phase.serving, snapshot: harmed };
  assert.equal(node.answersWith, harmed);
  time.runUntil(addMicros(time.now(), NODE_SCRUB_PERIOD_MS * 1_000));
  await afterDisk();
  assert.deepEqual(
    notes.map((text) => text.split(':')[0]),
    ['memory is damaged'],
  );
  assert.equal(node.answeredWith, harmed, 'what began on it ends on it');
  const { answersWith } = node;
  assert.equal(scrubSnapshot(answersWith), null);
  assert.equal(answersWith.hash, snapshot.hash);
});
