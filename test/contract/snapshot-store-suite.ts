import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from '../../core/config/canonical.ts';
import type { Generation, Lineage, Revision } from '../../core/config/ids.ts';
import { snapshotFromBodies } from '../../core/config/snapshot.ts';
import type { JsonObject } from '../../core/gateway/json.ts';
import type {
  SnapshotRead,
  SnapshotReader,
  SnapshotWriter,
  SnapshotWritten,
} from '../../core/ports/snapshot-store.ts';
import {
  encodeSnapshotBodies,
  encodeSnapshotHeader,
  type SnapshotDump,
} from '../../core/protocol/snapshot-file.ts';
import { service } from '../core/node/node-harness.ts';

/** A store with both its ends; empty. */
export interface OpenedSnapshotStore {
  readonly writer: SnapshotWriter;
  readonly reader: SnapshotReader;
  /** Settles when `isDone` holds; lets time pass in whatever way this kind of store needs. */
  until(isDone: () => boolean): Promise<void>;
  /** From now on writes fail. */
  failWrites(): void;
  /** What lies in it is harmed. */
  damage(): void;
  dispose(): Promise<void>;
}

export interface SnapshotStoreKind {
  readonly name: string;
  open(): Promise<OpenedSnapshotStore>;
}

export function dumpOf(
  revision: number,
  bodies: readonly JsonObject[],
  dumpedAtMs = 0,
): SnapshotDump {
  const built = snapshotFromBodies(bodies);
  assert.ok(built.ok);
  const encoded = encodeSnapshotBodies(bodies.map(canonicalJson));
  const header = {
    lineage: 'a'.repeat(32) as Lineage,
    supersedes: [],
    generation: revision as Generation,
    revision: revision as Revision,
    hash: built.value.hash,
    dumpedAtMs,
    resources: bodies.length,
    bytes: encoded.length,
  };
  return { header, line: encodeSnapshotHeader(header), bodies: encoded };
}

async function read(store: OpenedSnapshotStore): Promise<SnapshotRead> {
  const answers: SnapshotRead[] = [];
  store.reader.read((answer) => answers.push(answer));
  assert.deepEqual(answers, [], 'it answers later');
  await store.until(() => answers.length > 0);
  const [answer] = answers;
  assert.ok(answer !== undefined);
  return answer;
}

async function write(store: OpenedSnapshotStore, dump: SnapshotDump): Promise<SnapshotWritten> {
  const answers: SnapshotWritten[] = [];
  store.writer.write(dump, (answer) => answers.push(answer));
  assert.deepEqual(answers, [], 'it answers later');
  await store.until(() => answers.length > 0);
  const [answer] = answers;
  assert.ok(answer !== undefined);
  return answer;
}

/** What every implementation of the snapshot store's port holds. */
export function snapshotStoreSuite(kind: SnapshotStoreKind): void {
  const storeTest = (name: string, run: (store: OpenedSnapshotStore) => Promise<void>) =>
    test(`${name} (${kind.name})`, async () => {
      const store = await kind.open();
      try {
        await run(store);
      } finally {
        await store.dispose();
      }
    });
  const one = dumpOf(1, [service('cart')]);
  const two = dumpOf(2, [service('cart'), service('Straße – 世界')]);

  storeTest('[DUMP7] what was never written to is empty', async (store) => {
    assert.deepEqual(await read(store), { kind: 'empty' });
  });

  storeTest(
    '[DUMP7] what is written is read, and takes the place of what was there',
    async (store) => {
      for (const dump of [one, two, one]) {
        assert.deepEqual(await write(store, dump), { ok: true, value: undefined });
        const found = await read(store);
        assert.ok(found.kind === 'found');
        assert.deepEqual(found.header, dump.header);
        assert.deepEqual(found.resources, JSON.parse(Buffer.from(dump.bodies).toString('utf8')));
      }
    },
  );

  storeTest(
    '[DUMP7] whoever reads during a write finds the one before or the new one, whole',
    async (store) => {
      await write(store, one);
      const revisions: number[] = [];
      let isWritten = false;
      store.writer.write(two, () => {
        isWritten = true;
      });
      for (let i = 0; i < 50; i += 1) {
        store.reader.read((found) => {
          assert.ok(found.kind === 'found');
          revisions.push(found.header.revision);
        });
      }
      await store.until(() => isWritten && revisions.length === 50);
      assert.ok(revisions.every((revision) => revision === 1 || revision === 2));
      const found = await read(store);
      assert.ok(found.kind === 'found' && found.header.revision === 2);
    },
  );

  storeTest(
    '[DUMP7] a write that fails says why in a clause and leaves what was there',
    async (store) => {
      await write(store, one);
      store.failWrites();
      const written = await write(store, two);
      assert.ok(!written.ok && written.error.detail !== '');
      const found = await read(store);
      assert.ok(found.kind === 'found' && found.header.revision === 1);
    },
  );

  storeTest(
    '[DUMP7] what was harmed is said to be damaged, and the next dump is whole',
    async (store) => {
      await write(store, one);
      await read(store);
      store.damage();
      assert.equal((await read(store)).kind, 'damaged');
      await write(store, two);
      assert.equal((await read(store)).kind, 'found');
    },
  );

  storeTest(
    '[DUMP4] dumps of the same head give the same bodies to all who read',
    async (store) => {
      await write(store, one);
      const first = await read(store);
      await write(store, dumpOf(1, [service('cart')], 5_000));
      const second = await read(store);
      assert.ok(first.kind === 'found' && second.kind === 'found');
      assert.equal(second.header.dumpedAtMs, 5_000);
      assert.equal(second.resources, first.resources);
    },
  );
}
