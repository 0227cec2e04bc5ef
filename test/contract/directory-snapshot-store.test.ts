import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import type { SnapshotRead } from '../../core/ports/snapshot-store.ts';
import { SNAPSHOT_FILE_BYTES_MAX, SNAPSHOT_FILE_NAME } from '../../core/protocol/snapshot-file.ts';
import { createSnapshotDirectoryWriter } from '../../main/control-plane/snapshot-directory-writer.ts';
import { SnapshotDirectoryReader } from '../../simulator/live/snapshot-directory-reader.ts';
import { service } from '../core/node/node-harness.ts';
import { dumpOf, snapshotStoreSuite } from './snapshot-store-suite.ts';

const POLL_MS = 1;

function scratch(): { readonly directory: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-store-'));
  return {
    directory: join(root, 'snapshot-store'),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function put(directory: string, revision: number): Promise<void> {
  const writer = createSnapshotDirectoryWriter(directory);
  return new Promise((resolve, reject) => {
    writer.write(dumpOf(revision, [service('cart')]), (written) =>
      written.ok ? resolve() : reject(new Error(written.error.detail)),
    );
  });
}

function get(reader: SnapshotDirectoryReader): Promise<SnapshotRead> {
  return new Promise((resolve) => reader.read(resolve));
}

snapshotStoreSuite({
  name: 'directory',
  open: async () => {
    const { directory, remove } = scratch();
    const path = join(directory, SNAPSHOT_FILE_NAME);
    return {
      writer: createSnapshotDirectoryWriter(directory),
      reader: new SnapshotDirectoryReader(directory),
      until: async (isDone) => {
        while (!isDone()) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      },
      // Nothing can be written aside where a directory is.
      failWrites: () => mkdirSync(`${path}.new`),
      damage: () => truncateSync(path, 700),
      dispose: async () => remove(),
    };
  },
});

test('[DUMP7] the directory is its owner’s alone, and holds one file once a dump is done', async () => {
  const { directory, remove } = scratch();
  try {
    await put(directory, 1);
    await put(directory, 2);
    assert.deepEqual(readdirSync(directory), [SNAPSHOT_FILE_NAME]);
    if (process.platform === 'win32') return;
    assert.equal(statSync(directory).mode & 0o777, 0o700);
    assert.equal(statSync(join(directory, SNAPSHOT_FILE_NAME)).mode & 0o777, 0o600);
  } finally {
    remove();
  }
});

test('[DUMP8] half of a dump that a kill left aside is neither read nor in the way of the next', async () => {
  const { directory, remove } = scratch();
  try {
    await put(directory, 1);
    const path = join(directory, SNAPSHOT_FILE_NAME);
    writeFileSync(`${path}.new`, readFileSync(path).subarray(0, 100));
    const reader = new SnapshotDirectoryReader(directory);
    const before = await get(reader);
    assert.ok(before.kind === 'found' && before.header.revision === 1);
    await put(directory, 2);
    assert.equal(existsSync(`${path}.new`), false);
    const after = await get(reader);
    assert.ok(after.kind === 'found' && after.header.revision === 2);
  } finally {
    remove();
  }
});

test('[DUMP2] a file over the bound is not even read; what is no file cannot be reached', async () => {
  const { directory, remove } = scratch();
  try {
    mkdirSync(directory);
    const path = join(directory, SNAPSHOT_FILE_NAME);
    writeFileSync(path, '');
    truncateSync(path, SNAPSHOT_FILE_BYTES_MAX + 1);
    const large = await get(new SnapshotDirectoryReader(directory));
    assert.ok(large.kind === 'damaged');
    assert.match(large.detail, /over the bound of 16777216/);
    rmSync(path);
    mkdirSync(path);
    assert.equal((await get(new SnapshotDirectoryReader(directory))).kind, 'unreachable');
  } finally {
    remove();
  }
});
