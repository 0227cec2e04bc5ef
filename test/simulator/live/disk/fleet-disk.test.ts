import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, test } from 'node:test';
import type { Generation, Lineage, NodeId, Revision } from '../../../../core/config/ids.ts';
import { type ConfigSnapshot, snapshotFromBodies } from '../../../../core/config/snapshot.ts';
import type { DiskLoad, NodeDiskRecord } from '../../../../core/node/node-events.ts';
import { micros } from '../../../../core/ports/clock.ts';
import type { ResourceBody } from '../../../../core/protocol/node-link.ts';
import { FLEET_DISK_FILE, FleetDisk } from '../../../../simulator/live/disk/fleet-disk.ts';

const A = 'cell/a' as NodeId;
const B = 'cell/b' as NodeId;
const dirs: string[] = [];

afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-disk-'));
  dirs.push(dir);
  return dir;
}

function bodies(count: number, text = ''): ResourceBody[] {
  return Array.from({ length: count }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `s${i}`, namespace: 'shop', annotations: { text } },
    spec: { ports: [{ port: 80 }] },
  }));
}

function snapshotOf(resources: readonly ResourceBody[]): ConfigSnapshot {
  const built = snapshotFromBodies(resources);
  assert.ok(built.ok);
  return built.value;
}

function recordOf(revision: number, snapshot: ConfigSnapshot): NodeDiskRecord {
  return {
    lineage: 'd'.repeat(32) as Lineage,
    generation: revision as Generation,
    revision: revision as Revision,
    hash: snapshot.hash,
    verifiedAt: micros(revision * 1_000),
  };
}

function open(dir: string, compactionBytesMin?: number): { disk: FleetDisk; notes: string[] } {
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const opened = FleetDisk.open({
    dir,
    note,
    ...(compactionBytesMin === undefined ? {} : { compactionBytesMin }),
  });
  assert.ok(opened.ok);
  return { disk: opened.value, notes };
}

function persist(disk: FleetDisk, nodeId: NodeId, revision: number, snapshot: ConfigSnapshot) {
  return new Promise<boolean>((resolve) =>
    disk.persist(nodeId, recordOf(revision, snapshot), snapshot, resolve),
  );
}

function wipe(disk: FleetDisk, nodeIds: readonly NodeId[]): Promise<boolean> {
  return new Promise((resolve) => disk.wipe(nodeIds, resolve));
}

/** The revision on disk, having built it and found that it hashes to its record. */
function revisionOf(load: DiskLoad): number | string {
  if (load.kind !== 'found') return load.kind;
  assert.equal(snapshotOf(load.resources).hash, load.record.hash);
  return load.record.revision;
}

test('[DISK-KEEP] what was reported as persisted is read back by the next process', async () => {
  const dir = scratch();
  const { disk } = open(dir);
  const first = snapshotOf(bodies(20));
  const second = snapshotOf([
    ...bodies(20),
    ...bodies(1, 'x').map((b) => ({ ...b, kind: 'Backend' })),
  ]);
  assert.deepEqual(await Promise.all([persist(disk, A, 1, first), persist(disk, B, 2, second)]), [
    true,
    true,
  ]);
  assert.equal(revisionOf(disk.read(A)), 1);
  // Not closed: a SIGKILL does not close either.
  const again = open(dir);
  assert.equal(revisionOf(again.disk.read(A)), 1);
  assert.equal(revisionOf(again.disk.read(B)), 2);
  assert.deepEqual(again.notes, []);
  disk.close();
  again.disk.close();
});

test('[DISK-SHARE] the same content is written once for all nodes', async () => {
  const dir = scratch();
  const { disk } = open(dir);
  const snapshot = snapshotOf(bodies(50, 'y'.repeat(500)));
  await persist(disk, A, 1, snapshot);
  const once = disk.fileBytes;
  const nodes = Array.from({ length: 500 }, (_, i) => `cell/n${i}` as NodeId);
  await Promise.all(nodes.map((node) => persist(disk, node, 1, snapshot)));
  assert.ok(disk.fileBytes - once < 40 * nodes.length, `${disk.fileBytes - once}`);
  const changed = snapshotOf([...bodies(49, 'y'.repeat(500)), ...bodies(50, 'z').slice(49)]);
  const before = disk.fileBytes;
  await persist(disk, A, 2, changed);
  assert.ok(disk.fileBytes - before < 1_500, `${disk.fileBytes - before}`);
  disk.close();
});

test('[DISK-TORN] a torn tail is cut, whatever its length, and what was before it is kept', async () => {
  const dir = scratch();
  const { disk } = open(dir);
  await persist(disk, A, 1, snapshotOf(bodies(3)));
  const whole = disk.fileBytes;
  await persist(disk, A, 2, snapshotOf(bodies(4)));
  disk.close();
  const path = join(dir, FLEET_DISK_FILE);
  const file = readFileSync(path);
  for (let length = file.length - 1; length >= whole; length -= 7) {
    writeFileSync(path, file.subarray(0, length));
    const torn = open(dir);
    assert.equal(revisionOf(torn.disk.read(A)), 1, `cut at ${length}`);
    assert.equal(await persist(torn.disk, A, 3, snapshotOf(bodies(5))), true);
    torn.disk.close();
    const after = open(dir);
    assert.equal(revisionOf(after.disk.read(A)), 3);
    after.disk.close();
  }
});

test('[DISK-TORN] a file cut down to nothing is an empty disk', () => {
  const dir = scratch();
  open(dir).disk.close();
  truncateSync(join(dir, FLEET_DISK_FILE), 3);
  const { disk } = open(dir);
  assert.equal(revisionOf(disk.read(A)), 'empty');
  disk.close();
});

test('[DISK-DAMAGE] a damaged record is skipped with a note, and costs only who needs it', async () => {
  const dir = scratch();
  const { disk } = open(dir);
  await persist(disk, A, 1, snapshotOf(bodies(1, 'only of a')));
  await persist(disk, B, 2, snapshotOf(bodies(1, 'only of b')));
  disk.close();
  const path = join(dir, FLEET_DISK_FILE);
  const file = readFileSync(path);
  const at = file.indexOf('only of a');
  file[at] = 0;
  writeFileSync(path, file);
  const damaged = open(dir);
  assert.equal(damaged.notes.length, 1);
  assert.equal(revisionOf(damaged.disk.read(A)), 'damaged');
  assert.equal(revisionOf(damaged.disk.read(B)), 2);
  // The next push writes what is missing again.
  await persist(damaged.disk, A, 1, snapshotOf(bodies(1, 'only of a')));
  assert.equal(revisionOf(damaged.disk.read(A)), 1);
  damaged.disk.close();
});

test('[DISK-DAMAGE] flipping any byte never yields a config that was not written', async () => {
  const dir = scratch();
  const { disk } = open(dir);
  const first = snapshotOf(bodies(2, 'first'));
  const second = snapshotOf(bodies(2, 'second'));
  await persist(disk, A, 1, first);
  await persist(disk, A, 2, second);
  disk.close();
  const path = join(dir, FLEET_DISK_FILE);
  const file = readFileSync(path);
  for (let at = 0; at < file.length; at += 5) {
    const flipped = Buffer.from(file);
    flipped[at] = (flipped[at] ?? 0) ^ 0x41;
    writeFileSync(path, flipped);
    const opened = open(dir);
    const load = opened.disk.read(A);
    if (load.kind === 'found') {
      const { hash } = load.record;
      assert.ok(hash === first.hash || hash === second.hash);
      assert.equal(snapshotOf(load.resources).hash, hash);
    }
    opened.disk.close();
  }
});

test('[DISK-DAMAGE] a file of something else is put aside', () => {
  const dir = scratch();
  writeFileSync(join(dir, FLEET_DISK_FILE), 'SQLite format 3 and more of it');
  const { disk, notes } = open(dir);
  assert.equal(revisionOf(disk.read(A)), 'empty');
  assert.equal(notes.length, 1);
  assert.ok(statSync(join(dir, `${FLEET_DISK_FILE}.unreadable`)).size > 0);
  disk.close();
});

test('[DISK-WIPE] a wiped disk is empty at once, for others it changes nothing', async () => {
  const dir = scratch();
  const { disk } = open(dir);
  const snapshot = snapshotOf(bodies(3));
  const persisted = [persist(disk, A, 1, snapshot), persist(disk, B, 1, snapshot)];
  // Asked while the persists are under way: they come first, and do not come back.
  const wiped = wipe(disk, [A]);
  await Promise.all([...persisted, wiped]);
  assert.equal(revisionOf(disk.read(A)), 'empty');
  disk.close();
  const again = open(dir);
  assert.equal(revisionOf(again.disk.read(A)), 'empty');
  assert.equal(revisionOf(again.disk.read(B)), 1);
  again.disk.close();
});

test('[DISK-WIPE] reading after the wipe that was asked before sees it', async () => {
  const { disk } = open(scratch());
  await persist(disk, A, 1, snapshotOf(bodies(3)));
  disk.wipe([A], () => undefined);
  await new Promise<void>((resolve) => disk.afterPending(resolve));
  assert.equal(revisionOf(disk.read(A)), 'empty');
  disk.close();
});

test('[DISK-STRAYS] the disks of nodes that are no longer provisioned are emptied for good', async () => {
  const dir = scratch();
  const { disk } = open(dir);
  const snapshot = snapshotOf(bodies(3));
  await Promise.all([persist(disk, A, 1, snapshot), persist(disk, B, 1, snapshot)]);
  assert.equal(await new Promise((resolve) => disk.keepOnly(new Set([B]), resolve)), true);
  assert.equal(revisionOf(disk.read(A)), 'empty');
  assert.equal(revisionOf(disk.read(B)), 1);
  const bytes = disk.fileBytes;
  assert.equal(await new Promise((resolve) => disk.keepOnly(new Set([A, B]), resolve)), true);
  assert.equal(disk.fileBytes, bytes, 'nothing is written when there is nobody to forget');
  disk.close();
  const again = open(dir);
  assert.equal(revisionOf(again.disk.read(A)), 'empty');
  assert.equal(revisionOf(again.disk.read(B)), 1);
  again.disk.close();
});

test('[DISK-MODE] the file and its directories are its owner’s alone', async (t) => {
  if (process.platform === 'win32') return t.skip('modes mean nothing here');
  const umask = process.umask(0);
  try {
    const dir = join(scratch(), 'data', 'fleet');
    const modeOf = (path: string) => statSync(path).mode & 0o777;
    const { disk } = open(dir, 1);
    assert.equal(modeOf(dir), 0o700);
    assert.equal(modeOf(join(dir, '..')), 0o700);
    assert.equal(modeOf(join(dir, FLEET_DISK_FILE)), 0o600);
    let rewrites = 0;
    for (let revision = 1; revision < 10; revision += 1) {
      const before = disk.fileBytes;
      await persist(disk, A, revision, snapshotOf(bodies(4, `${revision}`.repeat(500))));
      if (disk.fileBytes < before) rewrites += 1;
    }
    assert.ok(rewrites > 0, 'it was rewritten');
    assert.equal(modeOf(join(dir, FLEET_DISK_FILE)), 0o600);
    disk.close();
  } finally {
    process.umask(umask);
  }
});

test('[DISK-COMPACT] the file stays within four times what is needed, and keeps all of it', async () => {
  const dir = scratch();
  const bytesMin = 64 * 1024;
  const { disk } = open(dir, bytesMin);
  let largest = 0;
  let last = snapshotOf(bodies(10));
  await persist(disk, B, 1, last);
  for (let revision = 2; revision < 80; revision += 1) {
    last = snapshotOf(bodies(10, `${revision}-`.repeat(200)));
    assert.equal(await persist(disk, A, revision, last), true);
    largest = Math.max(largest, disk.fileBytes);
  }
  assert.ok(largest < bytesMin * 2, `${largest}`);
  assert.equal(revisionOf(disk.read(A)), 79);
  assert.equal(revisionOf(disk.read(B)), 1);
  disk.close();
  const again = open(dir);
  assert.deepEqual(again.notes, []);
  assert.equal(revisionOf(again.disk.read(A)), 79);
  assert.equal(revisionOf(again.disk.read(B)), 1);
  again.disk.close();
});

test('[DISK-COMPACT] opening a file that is mostly waste rewrites it', async () => {
  const dir = scratch();
  const { disk } = open(dir);
  for (let revision = 1; revision <= 12; revision += 1) {
    await persist(disk, A, revision, snapshotOf(bodies(4, `${revision}-`.repeat(20_000))));
  }
  const before = disk.fileBytes;
  disk.close();
  const again = open(dir);
  assert.ok(again.disk.fileBytes < before / 4, `${again.disk.fileBytes} of ${before}`);
  assert.equal(statSync(join(dir, FLEET_DISK_FILE)).size, again.disk.fileBytes);
  assert.equal(revisionOf(again.disk.read(A)), 12);
  assert.equal(await persist(again.disk, B, 13, snapshotOf(bodies(1, 'new'))), true);
  assert.equal(revisionOf(again.disk.read(B)), 13);
  again.disk.close();
});

test('[DISK-COMPACT] a new file that a crash left half written is of no consequence', async () => {
  const dir = scratch();
  const { disk } = open(dir);
  await persist(disk, A, 1, snapshotOf(bodies(3)));
  disk.close();
  writeFileSync(join(dir, `${FLEET_DISK_FILE}.new`), 'half');
  const again = open(dir);
  assert.equal(revisionOf(again.disk.read(A)), 1);
  again.disk.close();
});

test('[DISK-FAIL] a directory that cannot be written is a refusal, not an exception', () => {
  const file = join(scratch(), 'a-file');
  writeFileSync(file, '');
  const opened = FleetDisk.open({ dir: file, note: () => undefined });
  assert.equal(!opened.ok && opened.error.reason, 'open-failed');
});

test('[DISK-FAIL] a persist on a closed disk reports that it failed', async () => {
  const { disk } = open(scratch());
  disk.close();
  assert.equal(await persist(disk, A, 1, snapshotOf(bodies(1))), false);
});
