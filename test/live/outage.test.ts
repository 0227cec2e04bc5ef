import assert from 'node:assert/strict';
import { copyFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createSeededRandom } from '../../core/lib/seeded-random.ts';
import type { ConsoleStatus, TrafficSample } from '../../core/protocol/console-model.ts';
import { type ConsoleProcess, readExample, startConsole } from '../support/console-process.ts';

const NODES = 300;
const PUBLISHES = 20;
const KILLS = 5;
const seed = Number(process.env.HOLDFAST_TEST_SEED ?? Date.now() % 1_000_000);

const allOnHead = (s: ConsoleStatus) =>
  s.head !== null &&
  s.fleet.inventory === NODES &&
  s.fleet.acknowledged + s.fleet.rejected === NODES &&
  s.fleet.behind === 0 &&
  s.fleet.connected === NODES;

describe(`live outage, ${NODES} nodes, seed ${seed} (HOLDFAST_TEST_SEED replays it)`, () => {
  let console: ConsoleProcess;
  const samples: TrafficSample[] = [];

  before(async () => {
    console = await startConsole({ args: ['--nodes', String(NODES), '--cells', '4'] });
    await console.until('every node serves the first revision', allOnHead, 60_000);
    console.client.onItem('traffic', (steps) => {
      for (const step of steps) if (step.atMs > (samples.at(-1)?.atMs ?? 0)) samples.push(step);
    });
    console.client.subscribe(['traffic']);
  });
  after(() => console.stop());

  /** Traffic of the steps since `sinceMs`, at least one, with the service never dipping. */
  const assertServedThroughout = async (sinceMs: number) => {
    const untilMs = Date.now();
    await console.until('the traffic steps have been reported', () =>
      samples.some((s) => s.atMs > untilMs),
    );
    const during = samples.filter((s) => s.atMs > sinceMs + 1_000);
    assert.ok(during.length > 0, 'no traffic was measured');
    for (const step of during) {
      assert.ok(step.requests > 0, `no requests were asked at ${step.atMs}`);
      assert.equal(step.answered, step.requests, `unanswered requests: ${JSON.stringify(step)}`);
    }
  };

  test('[OUTAGE1] publishes and five SIGKILLs at random points: nothing reported is lost, nobody stops serving', async () => {
    const random = createSeededRandom(seed).split('kills');
    const killAt = new Set<number>();
    while (killAt.size < KILLS) killAt.add(random.below(PUBLISHES));
    const startedAtMs = Date.now();
    const reported = new Map<number, string>();
    const text = readExample('shop.yaml');
    for (let i = 0; i < PUBLISHES; i += 1) {
      const message = `publish ${i} of seed ${seed}`;
      const publishing = console.client.request('publish', { text: withMarker(text, i), message });
      if (killAt.has(i)) {
        // Somewhere between before the publish has arrived and after all nodes have acked it.
        await spin(random.below(40));
        await console.must('kill-control-plane', {});
      }
      const result = await publishing;
      if (result.ok) reported.set(result.value.revision, message);
      else assert.ok(killAt.has(i), `refused without a kill: ${JSON.stringify(result.error)}`);
      if (killAt.has(i)) {
        await console.until('the control plane is down', (s) => s.controlPlane.state === 'down');
        await console.must('start-control-plane', {});
        await console.until('the control plane is up', (s) => s.controlPlane.state === 'up');
      }
    }
    await console.until('every node serves the head', allOnHead, 60_000);
    const { revisions } = await console.must('list-revisions', { limit: 100 });
    for (const [revision, message] of reported) {
      assert.equal(revisions.find((r) => r.revision === revision)?.message, message);
    }
    assert.ok(reported.size >= PUBLISHES - KILLS);
    await assertServedThroughout(startedAtMs);
  });

  test('[OUTAGE2] a restarted control plane sends no full push to a node that is current', async () => {
    await console.until('every node serves the head', allOnHead, 60_000);
    const startedAtMs = Date.now();
    await console.must('kill-control-plane', {});
    const down = await console.until('every link is lost', (s) => s.fleet.connected === 0);
    assert.equal(down.controlPlane.state, 'down');
    assert.equal(down.fleet.serving, NODES);
    const refused = await console.client.request('publish', {
      text: readExample('shop.yaml'),
      message: 'while it is down',
    });
    assert.equal(refused.ok ? 'published' : refused.error.reason, 'control-plane-down');
    await console.must('start-control-plane', {});
    const up = await console.until('the fleet is back', allOnHead, 60_000);
    assert.equal(up.controlPlaneLoad?.pushesFull, 0);
    await assertServedThroughout(startedAtMs);
  });

  test('[OUTAGE3] a killed simulator is started again and its nodes serve from their disks', async () => {
    await console.must('kill-control-plane', {});
    await console.until('the control plane is down', (s) => s.controlPlane.state === 'down');
    const before = await console.status();
    await console.must('kill-simulator', {});
    const back = await console.until(
      'all nodes serve from disk with no control plane',
      (s) =>
        s.simulator.state === 'up' &&
        s.simulator.pid !== before.simulator.pid &&
        s.fleet.serving === NODES &&
        s.fleet.bySource.disk === NODES,
      60_000,
    );
    assert.equal(back.controlPlane.state, 'down');
    assert.equal(back.fleet.behind, 0);
    await console.must('start-control-plane', {});
    const up = await console.until('the fleet is back', allOnHead, 60_000);
    assert.equal(up.controlPlaneLoad?.pushesFull, 0);
  });

  test('[OUTAGE4] an old backup put back: nodes keep serving, are called ahead, adopting brings all to one state', async () => {
    const backup = join(console.dataDir, 'old-backup.sqlite');
    await console.must('backup', { path: backup });
    const old = await console.status();
    const text = withMarker(readExample('shop.yaml'), 4_711);
    await console.must('publish', { text, message: 'after the backup was taken' });
    const newest = await console.until('every node serves the head', allOnHead, 60_000);
    const startedAtMs = Date.now();
    await console.must('kill-control-plane', {});
    await console.until('the control plane is down', (s) => s.controlPlane.state === 'down');
    for (const suffix of ['-wal', '-shm']) removeIfThere(databasePath() + suffix);
    copyFileSync(backup, databasePath());
    await console.must('start-control-plane', {});
    const ahead = await console.until('the nodes are ahead', (s) => s.fleet.ahead > 0, 60_000);
    assert.equal(ahead.head?.revision, old.head?.revision);
    assert.equal(ahead.fleet.serving, NODES);
    const all = await console.until(
      'all nodes that took the newer revision are ahead',
      (s) => s.fleet.ahead + s.fleet.rejected === NODES,
      60_000,
    );
    assert.ok(all.alerts.some((alert) => alert.kind === 'nodes-ahead'));
    const refused = await console.client.request('publish', { text, message: 'must be refused' });
    assert.equal(refused.ok ? 'published' : refused.error.reason, 'fleet-ahead');
    const adopted = await console.must('adopt-fleet', {});
    assert.equal(adopted.rootHash, newest.head?.rootHash);
    const one = await console.until('all are in one state', allOnHead, 60_000);
    assert.equal(one.fleet.ahead, 0);
    assert.equal(one.head?.revision, adopted.revision);
    assert.ok(adopted.revision > (newest.head?.revision ?? 0));
    const { text: headText } = await console.must('get-config', {});
    assert.equal(headText, text, 'comments and order are kept');
    await assertServedThroughout(startedAtMs);
  });

  const databasePath = () => join(console.dataDir, 'control-plane', 'control-plane.sqlite');
});

/** The sample with one marked route, so that every publish differs in content. */
function withMarker(text: string, marker: number): string {
  const marked = text.replace(
    /(kind: HTTPRoute\nmetadata:\n)/,
    `$1  annotations: {marker: "${marker}"}\n`,
  );
  assert.notEqual(marked, text, 'the sample has no HTTPRoute in block style to mark');
  return marked;
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Lets `ms` milliseconds pass on this side, to aim a kill. */
function spin(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
