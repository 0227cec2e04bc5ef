import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Revision } from '../../core/config/ids.ts';
import type { ConsoleStatus } from '../../core/protocol/console-model.ts';
import { type ConsoleProcess, readExample, startConsole } from '../support/console-process.ts';

const NODES = 20;
/** With time for a machine that has much else to do. */
const FEW_SEEDS = { budgetMs: 60_000, seedsMax: 2 };
const ARGS = ['--nodes', String(NODES), '--cells', '2'];

const consoles: ConsoleProcess[] = [];
after(() => Promise.all(consoles.map((one) => one.stop())));

async function start(dataDir?: string): Promise<ConsoleProcess> {
  const started = await startConsole({ args: ARGS, ...(dataDir === undefined ? {} : { dataDir }) });
  consoles.push(started);
  return started;
}

/** Every node acknowledged `revision`, and the control plane has said so. */
const settledOn = (revision: number) => (status: ConsoleStatus) =>
  status.head?.revision === revision && status.fleet.acknowledged === NODES;

test('[FORE9] a publish is rehearsed, published, and told beside its band; both outlive control plane and console', async () => {
  const first = await start();
  await first.until('every node serves the first revision', settledOn(1), 60_000);
  const text = readExample('shop.yaml').replace('weight: 95', 'weight: 90');
  const wish = { text, ...FEW_SEEDS };
  const { forecast, isStopped, notes, record } = await first.must('rehearse', wish);
  assert.equal(record, null, 'nothing that was rehearsed was published yet');
  assert.deepEqual([forecast.nodes, forecast.firstSeed, isStopped, notes], [NODES, 1, false, []]);
  assert.equal(forecast.seeds, FEW_SEEDS.seedsMax);
  assert.equal(
    (await first.must('get-fleet-shape', {})).shape.nodes.filter(({ isUp }) => isUp).length,
    NODES,
  );
  const broken = await first.client.request('rehearse', { text: 'kind: [\n' });
  assert.equal(!broken.ok && broken.error.reason, 'invalid-config');
  const { revision } = await first.must('publish', { text, message: 'as rehearsed' });
  await first.until('every node serves it', settledOn(revision), 60_000);
  const told = await first.must('get-forecast', { revision });
  assert.equal(told?.kept.revision, revision);
  assert.deepEqual(told.kept.changedSince, []);
  assert.equal(await first.must('get-forecast', { revision: 1 as typeof revision }), null);
  assert.equal(told.comparison?.figures.find(({ name }) => name === 'reached')?.actual, NODES);
  const same = await first.client.request('rehearse', { text });
  assert.equal(!same.ok && same.error.reason, 'nothing-to-publish');
  await first.must('kill-control-plane', {});
  const down = await first.must('rehearse', { ...FEW_SEEDS, text: `${text}\n# again\n` });
  assert.match(down.notes.join(' '), /^The control plane is down/);
  assert.equal(down.record?.publishes, 1);
  assert.ok(down.record.ratioLow > 0 && down.record.ratioLow === down.record.ratioHigh);
  const kept = await first.must('get-forecast', { revision });
  assert.deepEqual(kept?.kept, told.kept);
  await first.stop({ keepData: true });
  const second = await start(first.dataDir);
  assert.deepEqual((await second.must('get-forecast', { revision }))?.kept, told.kept);
  // What was acknowledged is remembered; who is connected is seen.
  await second.until('every node is back', ({ fleet }) => fleet.connected === NODES, 60_000);
  assert.deepEqual((await second.must('get-fleet-shape', {})).record, down.record);
  const { revisions } = await second.must('list-revisions', { limit: 10 });
  const row = revisions.find((one) => one.revision === revision);
  assert.deepEqual(row?.forecast?.t99, told.kept.forecast.t99);
});

test('[FORE2] what is broken now is broken in the rehearsal, and so is what is chosen', async () => {
  const console = await start();
  await console.until('every node serves the first revision', settledOn(1), 60_000);
  const wish = { text: readExample('shop.yaml').replace('weight: 95', 'weight: 90'), ...FEW_SEEDS };
  const cell = { scope: 'cell', cell: 'eu-west' } as const;
  const cut = { kind: 'link-partition', target: cell, durationMs: null } as const;
  const chosen = await console.must('rehearse', {
    ...wish,
    faultsText: JSON.stringify([{ atMs: 0, fault: cut }]),
  });
  assert.deepEqual(chosen.forecast.faults, [
    'links cut, cell eu-west, with the publish, to the end',
  ]);
  assert.equal(chosen.forecast.t100.high, null);
  const { id } = await console.must('start-fault', {
    fault: { kind: 'link-latency', target: cell, latencyMs: 700, jitterMs: 0, durationMs: null },
  });
  const slow = await console.must('rehearse', wish);
  assert.deepEqual(slow.forecast.faults, []);
  assert.ok((slow.forecast.t100.low ?? 0) >= 1_400, `T100 ${slow.forecast.t100.low} ms`);
  await console.must('clear-fault', { faultId: id });
  await console.must('publish', { text: wish.text, message: 'without the fault' });
  const told = await console.must('get-forecast', { revision: 2 as Revision });
  assert.deepEqual(told?.kept.changedSince, ['A fault ended since: latency 700 ms, cell eu-west.']);
});
