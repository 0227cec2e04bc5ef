import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { rootHashOf } from '../../../../core/config/root-hash.ts';
import { createSeededRandom } from '../../../../core/lib/seeded-random.ts';
import type { ConfigStore } from '../../../../core/ports/store.ts';
import { documentsOfRound } from './publish-loop-documents.ts';
import { openStore, temporaryFolder } from './temporary-store.ts';

const KILLS = 8;
const LINES_BEFORE_KILL_MAX = 30;
/** A few publishes long, so that a kill meets any part of one. */
const KILL_LATER_US_MAX = 4_000;

/** Runs the publish loop until it has reported `lines` publishes, then kills it wherever it is. */
async function publishUntilKilled(path: string, lines: number, laterUs: number): Promise<string[]> {
  const script = new URL('publish-loop-child.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const reported: string[] = [];
  const ended = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    reported.push(line);
    if (reported.length !== lines) continue;
    // The line itself comes at one point of the loop: from there to the kill is drawn.
    const killAt = process.hrtime.bigint() + BigInt(laterUs) * 1_000n;
    while (process.hrtime.bigint() < killAt);
    child.kill('SIGKILL');
  }
  const [, signal] = await ended;
  assert.equal(signal, 'SIGKILL');
  return reported;
}

function assertWhole(store: ConfigStore): void {
  const head = store.head();
  assert.ok(head !== null);
  assert.equal(store.revisions({ limit: 10_000 }).length, head.revision);
  assert.equal(store.auditTail(10_000).length, head.revision);
  assert.equal(store.generation(), head.generation);
  for (const { revision, rootHash } of store.revisions({ limit: 10_000 })) {
    const expected = documentsOfRound(revision);
    const manifest = store.manifest(revision);
    assert.ok(manifest !== null);
    assert.equal(rootHashOf(manifest), rootHash);
    assert.deepEqual(
      store.documents(revision)?.map(({ key, sourceHash }) => [key, sourceHash]),
      expected.map(({ key, sourceHash }) => [key, sourceHash]),
    );
    for (const { contentHash, canonical, sourceHash, source } of expected) {
      assert.equal(store.source(sourceHash), source);
      if (contentHash !== null) assert.equal(store.canonical(contentHash), canonical);
    }
  }
}

test('[SQL16] after SIGKILL amid publishes, what was reported is there and the rest whole or not at all', async () => {
  const folder = temporaryFolder();
  const random = createSeededRandom(16);
  const path = folder.file('store.sqlite');
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const lines = await publishUntilKilled(
        path,
        1 + random.below(LINES_BEFORE_KILL_MAX),
        random.below(KILL_LATER_US_MAX),
      );
      const store = openStore(path);
      for (const line of lines) {
        const [revision, rootHash] = line.split(' ');
        const record = store
          .revisions({ limit: 10_000 })
          .find((r) => String(r.revision) === revision);
        assert.equal(record?.rootHash, rootHash);
      }
      assertWhole(store);
      store.close();
    }
  } finally {
    folder.remove();
  }
});
