import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plannedShape } from '../../../../core/rehearsal/planned-shape.ts';
import { prepareRehearsal } from '../../../../simulator/twin/rehearse/prepare-rehearsal.ts';
import { RehearsedSeed } from '../../../../simulator/twin/rehearse/rehearsed-seed.ts';
import { BASE, CORS, config, faultsText, rehearse, request, shape } from './rehearsal-fixture.ts';

const CELL = { scope: 'cell', cell: shape().nodes[0]?.cell ?? '' } as const;

test('[REH7] the same seed on the same shape comes to the same, in one piece or in many', () => {
  const { outcome } = rehearse();
  assert.deepEqual(rehearse().outcome, outcome);
  assert.deepEqual(rehearse({}, 1, 7).outcome, outcome);
  assert.notEqual(rehearse({}, 2).outcome.traceHash, outcome.traceHash);
});

test('[REH7] what seeds share of their work changes nothing of what they come to', () => {
  const prepared = prepareRehearsal(request());
  assert.ok(prepared.ok);
  const outcomes = [1, 2, 3].map((seed) => {
    const run = new RehearsedSeed(prepared.value, seed);
    while (!run.work(1_000));
    return run.outcome();
  });
  assert.deepEqual(
    outcomes,
    [1, 2, 3].map((seed) => rehearse({}, seed).outcome),
  );
});

test('[REH8] a draft reaches a fleet that serves the head as deltas, and loses nothing', () => {
  const { outcome } = rehearse();
  assert.equal(outcome.reached, 20);
  assert.equal(outcome.nodes, 20);
  assert.deepEqual([outcome.pushesFull, outcome.pushesDelta], [0, 20]);
  assert.ok(outcome.t100Ms !== null && outcome.t100Ms > 0 && outcome.t100Ms < 1_000);
  assert.deepEqual(outcome.curve.at(-1), [outcome.t100Ms, 20]);
  assert.ok(outcome.lagMsMax > 0 && outcome.lagMsMax <= outcome.t100Ms);
  assert.ok(outcome.bytes > 0);
  assert.deepEqual(outcome.requests, outcome.requestsBefore);
  assert.ok(outcome.requests.asked > 20 * 20 * 25);
});

test('[REH8] nodes begin with what they serve; those behind catch up first; those down stay down', () => {
  const old = config(['/a']);
  const nodes = shape().nodes.map((node, row) => ({
    ...node,
    serving: row === 0 ? null : row === 1 ? 0 : 1,
    isUp: row !== 2,
  }));
  const { outcome, run } = rehearse({
    shape: shape({ nodes, texts: [old, BASE], revisions: [3, 7] }),
  });
  assert.equal(outcome.reached, 19);
  assert.deepEqual([outcome.pushesFull, outcome.pushesDelta], [0, 19]);
  assert.equal(outcome.t100Ms, null);
  assert.ok(outcome.t95Ms !== null);
  assert.equal(run.world.nodes[2]?.machine.phase.kind, 'down');
  // Clients ask the node that is down all the same, with the publish and without it.
  assert.ok(outcome.requests.refused > 0);
  assert.deepEqual(outcome.requests, outcome.requestsBefore);
});

test('[REH8] a fleet that does not settle is not waited for without end', () => {
  const nodes = shape().nodes.map((node, row) => ({ ...node, serving: row === 0 ? null : 0 }));
  const [first] = nodes;
  assert.ok(first !== undefined);
  const target = { scope: 'node', nodeId: first.nodeId } as const;
  const full = faultsText([0, { kind: 'disk-full', target, durationMs: null }]);
  const { outcome, run } = rehearse({ shape: shape({ nodes, faultsText: full }) });
  assert.equal(outcome.reached, 19);
  const [published] = run.world.publishes;
  assert.ok(published !== undefined && published.at > 60_000_000 && published.at < 70_000_000);
});

test('[REH8] a fleet that serves nothing yet is pushed the draft in full', () => {
  const { outcome } = rehearse({ shape: plannedShape(20, 2, null) });
  assert.deepEqual([outcome.reached, outcome.pushesFull, outcome.pushesDelta], [20, 20, 0]);
  assert.equal(outcome.requestsBefore.asked, 0);
  assert.ok(outcome.requests.asked > 0);
  assert.equal(outcome.requests.failed + outcome.requests.refused + outcome.requests.unrouted, 0);
});

test('[REH8] a text that was published twice is one revision, with nothing between', () => {
  const nodes = shape().nodes.map((node, row) => ({ ...node, serving: row % 2 }));
  const texts = [BASE, BASE];
  const { outcome } = rehearse({ shape: shape({ nodes, texts, revisions: [3, 7] }) });
  assert.equal(outcome.reached, 20);
});

test('[REH9] requests that the draft takes the way from are lost, for as long as was asked for', () => {
  const { outcome } = rehearse({ draftText: config(['/a']) });
  assert.equal(outcome.requestsBefore.unrouted, 0);
  assert.ok(outcome.requests.unrouted > 20 * 29);
  assert.equal(outcome.requests.asked, outcome.requestsBefore.asked);
  const short = rehearse({ draftText: config(['/a']), horizonMs: 3_000 }).outcome;
  assert.ok(short.requests.unrouted * 5 < outcome.requests.unrouted);
});

test('[REH10] a fault in force holds what it covers, and nobody waits for what does not end', () => {
  const partition = (durationMs: number | null) =>
    shape({
      faultsText: faultsText([0, { kind: 'link-partition', target: CELL, durationMs }]),
    });
  const { outcome, run } = rehearse({ shape: partition(null) });
  const covered = shape().nodes.filter(({ cell }) => cell === CELL.cell).length;
  assert.equal(outcome.reached, 20 - covered);
  assert.equal(outcome.t99Ms, null);
  assert.ok(outcome.lagMsMax > 29_900 && outcome.lagMsMax <= 30_000);
  assert.ok(outcome.unverifiedMsMax >= 30_000);
  const endedUs = run.world.time.now();
  const healed = rehearse({ shape: partition(5_000) });
  assert.equal(healed.outcome.reached, 20);
  assert.ok((healed.outcome.t100Ms ?? 0) > 5_000);
  assert.ok(healed.run.world.time.now() > endedUs);
});

test('[REH20] in a quiet fleet the last word of the control plane is as old as a heartbeat is', () => {
  for (const horizonMs of [2_000, 30_000]) {
    const { unverifiedMsMax } = rehearse({ horizonMs }).outcome;
    assert.ok(unverifiedMsMax > 8_000 && unverifiedMsMax < 11_100, `${unverifiedMsMax} ms`);
  }
  const often = rehearse({ shape: shape({ heartbeatMs: 1_000 }) }).outcome;
  assert.ok(often.unverifiedMsMax > 900 && often.unverifiedMsMax < 1_200);
});

test('[REH20] who was cut off long before the publish was unverified for so long by then', () => {
  const nodes = shape().nodes.map((node) => ({
    ...node,
    unverifiedMs: node.cell === CELL.cell ? 185_000 : 4_000,
  }));
  const partition = { kind: 'link-partition', target: CELL, durationMs: null } as const;
  const cut = { nodes, faultsText: faultsText([0, partition]) };
  const { outcome } = rehearse({ shape: shape(cut) });
  const saidMs = outcome.unverifiedMsMax;
  assert.ok(saidMs >= 215_000 && saidMs <= 217_000, `${saidMs} ms`);
  // Connected again before the publish, it is as all others are.
  const healed = rehearse({ shape: shape({ nodes }) }).outcome;
  assert.ok(healed.unverifiedMsMax < 11_100);
  assert.equal(healed.reached, 20);
});

test('[REH10] chosen faults begin with the publish, and it goes on until they are over', () => {
  const kill = faultsText([1, { kind: 'control-plane-kill', downMs: 4_000 }]);
  const { outcome } = rehearse({ faultsText: kill });
  assert.equal(outcome.reached, 20);
  assert.ok((outcome.t100Ms ?? 0) > 4_000);
  assert.deepEqual(outcome.requests, outcome.requestsBefore);
  const full = { kind: 'disk-full', target: CELL, durationMs: 4_000 } as const;
  const written = rehearse({ faultsText: faultsText([0, full]) }).outcome;
  assert.deepEqual([written.reached, written.nodesRejecting], [20, 0]);
  assert.ok((written.t100Ms ?? 0) > 4_000);
  const restart = faultsText([2_000, { kind: 'node-restart', target: CELL, disk: 'keep' }]);
  const restarted = rehearse({ faultsText: restart }).outcome;
  assert.ok(restarted.t100Ms !== null && restarted.t100Ms < 2_000);
  assert.ok(restarted.requests.refused > 0);
  assert.equal(restarted.requestsBefore.refused, 0);
});

test('[UIREH25] what breaks with the publish holds its pushes already', () => {
  const target = { scope: 'fleet' } as const;
  const slow = {
    kind: 'link-latency',
    target,
    latencyMs: 200,
    jitterMs: 0,
    durationMs: null,
  } as const;
  const { outcome } = rehearse({ faultsText: faultsText([0, slow]) });
  // There and back.
  assert.ok((outcome.t50Ms ?? 0) >= 400, `half of them after ${outcome.t50Ms} ms`);
  assert.ok(outcome.lagMsMax >= 200);
});

test('[REH10] a control plane that is killed for good as it publishes hears of nobody who has it', () => {
  const kill = faultsText([0, { kind: 'control-plane-kill', downMs: null }]);
  const { outcome } = rehearse({ faultsText: kill, horizonMs: 5_000 });
  assert.deepEqual([outcome.nodes, outcome.reached, outcome.curve], [20, 0, []]);
  assert.deepEqual(outcome.requests, outcome.requestsBefore);
  assert.ok(outcome.unverifiedMsMax > 4_900);
});

test('[REH32] what a control plane sent before it was killed or restored counts with the rest', () => {
  const { outcome: ordinary, run } = rehearse();
  const [published] = run.world.publishes;
  assert.ok(published !== undefined);
  const counted = run.world.controlPlane.convergenceReport(published.revision)?.bytes;
  assert.equal(ordinary.bytes, counted);
  const kill = faultsText([0, { kind: 'control-plane-kill', downMs: null }]);
  const killed = rehearse({ faultsText: kill, horizonMs: 5_000 }).outcome;
  assert.deepEqual([killed.reached, killed.pushesDelta], [0, 20]);
  assert.equal(killed.bytes, ordinary.bytes);
  const restored = rehearse({
    faultsText: faultsText(
      [0, { kind: 'control-plane-backup' }],
      [1_000, { kind: 'control-plane-restore', downMs: 10 }],
    ),
  }).outcome;
  assert.deepEqual([restored.reached, restored.pushesDelta], [20, 20]);
  assert.equal(restored.bytes, ordinary.bytes);
});

test('[REH11] nodes that refuse the draft are counted, with what they refused and why', () => {
  const draftText = config(['/a', '/b'], CORS);
  const { outcome } = rehearse({ shape: plannedShape(200, 2, BASE), draftText });
  assert.ok(outcome.nodesRejecting > 0);
  assert.equal(outcome.reached + outcome.nodesRejecting, 200);
  // One sentence for each version of the agent.
  for (const { key, detail } of outcome.rejections) {
    assert.equal(key, 'HTTPRoute/shop/shop');
    assert.match(detail, /CORS/);
  }
  const counts = outcome.rejections.map(({ nodes }) => nodes);
  assert.deepEqual(
    counts,
    [...counts].sort((a, b) => b - a),
  );
  assert.equal(
    counts.reduce((sum, nodes) => sum + nodes),
    outcome.nodesRejecting,
  );
});

test('[REH11] who refused the draft and was started anew refuses it still, and is not waited for', () => {
  const draftText = config(['/a', '/b'], CORS);
  const restart = faultsText([
    2_000,
    { kind: 'node-restart', target: { scope: 'fleet' }, disk: 'keep' },
  ]);
  const planned = { shape: plannedShape(200, 2, BASE), draftText };
  const { outcome, run } = rehearse({ ...planned, faultsText: restart });
  const before = rehearse(planned).outcome;
  assert.equal(outcome.reached + outcome.nodesRejecting, 200);
  assert.equal(outcome.nodesRejecting, before.nodesRejecting);
  assert.deepEqual(outcome.rejections, before.rejections);
  const [published] = run.world.publishes;
  assert.ok(published !== undefined && run.world.time.now() - published.at < 15_000_000);
});

test('[REH10] answers that are long under way are waited for, and only then it is quiet', () => {
  const latencyMs = 2_200;
  const slow = {
    kind: 'link-latency',
    target: CELL,
    latencyMs,
    jitterMs: 0,
    durationMs: null,
  } as const;
  for (const changes of [
    { shape: shape({ faultsText: faultsText([0, slow]) }) },
    { faultsText: faultsText([0, slow]) },
  ]) {
    const { outcome } = rehearse(changes);
    assert.equal(outcome.reached, 20);
    assert.ok((outcome.t100Ms ?? 0) > 2 * latencyMs);
  }
});

test('[REH10] what a control plane had saved of a curve is told when it is down at the end', () => {
  const kill = faultsText([1_000, { kind: 'control-plane-kill', downMs: 30_000 }]);
  const { t50Ms, t95Ms, t99Ms, t100Ms, curve } = rehearse({ faultsText: kill }).outcome;
  assert.deepEqual(curve, [
    [0, 0],
    [t50Ms, 10],
    [t95Ms, 19],
    [t99Ms, 20],
    [t100Ms, 20],
  ]);
});
