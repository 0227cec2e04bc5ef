import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NEVER_MS, packNodeFlags } from '../../../core/fleet/frame.ts';
import type { ControlPlaneCommand } from '../../../core/protocol/control-plane-control.ts';
import type { SimulatorCommand } from '../../../core/protocol/simulator-control.ts';
import { fleetShapeSchema } from '../../../core/rehearsal/fleet-shape.ts';
import { type HostFixture, startHost } from './host-fixture.ts';
import {
  type ScriptedStore,
  scriptedBelief,
  scriptedControlPlane,
} from './scripted-control-plane.ts';
import { createScriptedSpawner, type ScriptedChild, sampleFrame } from './scripted-spawner.ts';
import { scriptedTwin } from './scripted-twin.ts';

const DRAFT = 'kind: Namespace\napiVersion: v1\nmetadata: {name: a}\n';

function nodeFlags(health: 'healthy' | 'down', isAhead = false): number {
  const link = health === 'down' ? 'lost' : 'connected';
  return packNodeFlags({ link, health, source: 'control-plane', ahead: isAhead, rejected: false });
}

interface Told {
  readonly serving: readonly number[];
  readonly flags?: readonly number[];
  readonly unverifiedMs?: readonly number[];
  /** Texts are told once so many are asked for. */
  readonly textsTogether?: number;
}

/** Nodes that serve what they are told to, on a control plane whose head is r9. */
async function start(
  t: Parameters<typeof startHost>[0],
  told: Told,
  head = 9,
): Promise<HostFixture & { store: ScriptedStore }> {
  const store: ScriptedStore = { head, nodes: told.serving.length, asked: [] };
  const controlPlane = scriptedControlPlane(store);
  const asked: (() => void)[] = [];
  let wasStarted = false;
  const simulator = (child: ScriptedChild, command: SimulatorCommand) => {
    if (command.type === 'shut-down') child.exit({ code: 0, signal: null, lastWords: null });
    // One that is started again is not heard of any more.
    if (command.type === 'init' && !wasStarted) {
      wasStarted = true;
      child.say({ type: 'ready' });
      const frame = sampleFrame(command.rosterVersion, command.roster.length);
      frame.servingRevision.set(told.serving);
      if (told.flags !== undefined) frame.flags.set(told.flags);
      if (told.unverifiedMs !== undefined) frame.unverifiedMs.set(told.unverifiedMs);
      child.say({ type: 'frame', frame });
    }
    if (command.type === 'start-fault') {
      const result = { ok: true, value: { kind: 'fault-started', nodes: 1 } };
      child.say({ type: 'result', requestId: command.requestId, result });
    }
  };
  const spawner = createScriptedSpawner({
    'control-plane': (child: ScriptedChild, command: ControlPlaneCommand) => {
      const isRead = command.type === 'request' && command.request.method === 'get-revision';
      if (!isRead) {
        controlPlane(child, command);
        return;
      }
      asked.push(() => controlPlane(child, command));
      if (asked.length < (told.textsTogether ?? 1)) return;
      for (const tell of asked.splice(0)) tell();
    },
    simulator,
    twin: scriptedTwin({ seeds: 3 }),
  });
  return { ...(await startHost(t, { spawner })), store };
}

test('[FORE1] the shape has every node with what it serves, the head, and at most three older texts', async (t) => {
  const serving = [9, 7, 0, 4, 3, 2, 9];
  const flags = serving.map((_, row) => nodeFlags(row === 1 ? 'down' : 'healthy'));
  const { must } = await start(t, { serving, flags });
  const read = await must('get-fleet-shape', {});
  const shape = fleetShapeSchema.parse(read.shape);
  assert.deepEqual(shape.revisions, [3, 4, 7, 9], 'oldest first, the head last');
  assert.deepEqual(shape.texts, ['text of r3', 'text of r4', 'text of r7', 'text of r9']);
  assert.deepEqual(
    shape.nodes.map((node) => node.serving),
    [3, 2, null, 1, 0, 0, 3],
    'r2 counts as the oldest',
  );
  assert.deepEqual(
    shape.nodes.map(({ isUp }) => isUp),
    [true, false, true, true, true, true, true],
  );
  assert.equal(shape.cells, 1);
  assert.equal(shape.nodes[0]?.nodeId, 'cell-a/edge-0');
  assert.deepEqual(
    [shape.requestsPerSecond, shape.heartbeatMs, shape.faultsText, shape.nodesShareProcess],
    [20, 10_000, '[]', true],
  );
  const { notes } = await must('rehearse', { text: DRAFT });
  assert.deepEqual(read.notes, notes);
  assert.deepEqual(notes, [
    '1 node serves a revision whose text the copy does not have: taken to serve the next older one that it has, or the oldest.',
  ]);
});

test('[FORE1] the shape has for how long no node was told what is current', async (t) => {
  const { must } = await start(t, { serving: [9, 9], unverifiedMs: [185_000, NEVER_MS] });
  const [cut, never] = fleetShapeSchema.parse((await must('get-fleet-shape', {})).shape).nodes;
  const saidMs = cut?.unverifiedMs ?? 0;
  assert.ok(saidMs >= 185_000 && saidMs < 245_000, `${saidMs} ms`);
  assert.ok(never !== undefined && !('unverifiedMs' in never));
});

test('[FORE1] older texts are asked for at once, so that a control plane that hangs is waited for once', async (t) => {
  const { must } = await start(t, { serving: [9, 8, 7, 6], textsTogether: 3 });
  const { shape } = await must('get-fleet-shape', {});
  assert.deepEqual(shape.revisions, [6, 7, 8, 9]);
});

test('[FORE1] texts beyond 16 MiB are left out, the oldest first', async (t) => {
  const { must, store } = await start(t, { serving: [9, 8, 7, 6] });
  const large = 'x'.repeat(6 * 1024 * 1024);
  store.textOf = (revision) => (revision === 9 ? 'head' : `${revision}${large}`);
  const { shape } = await must('get-fleet-shape', {});
  assert.deepEqual(shape.revisions, [7, 8, 9]);
  assert.deepEqual(
    shape.nodes.map((node) => node.serving),
    [2, 1, 0, 0],
  );
});

test('[FORE2] faults in force are in the shape with what is left of them', async (t) => {
  const { must } = await start(t, { serving: [9] });
  const target = { scope: 'cell', cell: 'cell-a' } as const;
  await must('start-fault', { fault: { kind: 'link-partition', target, durationMs: 60_000 } });
  const { faultsText } = (await must('get-fleet-shape', {})).shape;
  const [scheduled] = JSON.parse(faultsText);
  assert.equal(scheduled.atMs, 0);
  assert.deepEqual(scheduled.fault.target, target);
  assert.ok(scheduled.fault.durationMs <= 60_000 && scheduled.fault.durationMs > 0);
});

test('[FORE3] while the control plane is down, what is remembered is rehearsed on, and that is said', async (t) => {
  const { must } = await start(t, { serving: [9, 8] });
  await must('get-fleet-shape', {});
  await must('kill-control-plane', {});
  const { shape, notes: noted } = await must('get-fleet-shape', {});
  assert.deepEqual(shape.texts, ['text of r8', 'text of r9'], 'r8 was read before');
  const { forecast, notes } = await must('rehearse', { text: DRAFT });
  assert.equal(forecast.nodes, 2);
  assert.match(notes.join(' '), /^The control plane is down: .*as the console knows it\.$/);
  assert.deepEqual(noted, notes, 'to whoever rehearses by the command, too');
});

test('[FORE3] a text that nobody can tell counts as the head there is, and that is said', async (t) => {
  const { must } = await start(t, { serving: [9, 8] });
  await must('kill-control-plane', {});
  const { shape } = await must('get-fleet-shape', {});
  assert.deepEqual(shape.texts, ['text of r9']);
  const { notes } = await must('rehearse', { text: DRAFT });
  assert.match(notes.join(' '), /1 node serves a revision whose text the copy does not have/);
});

test('[FORE4] without nodes, without the simulator, or with nodes ahead nothing can be rehearsed', async (t) => {
  const none = await start(t, { serving: [] });
  const refusal = async ({ client }: HostFixture) => {
    const answer = await client.request('rehearse', { text: DRAFT });
    assert.ok(!answer.ok);
    return `${answer.error.reason}: ${answer.error.detail}`;
  };
  assert.match(await refusal(none), /^unknown-node: The fleet has no nodes/);
  const ahead = await start(t, {
    serving: [9, 9],
    flags: [nodeFlags('healthy', true), nodeFlags('healthy')],
  });
  assert.match(await refusal(ahead), /^fleet-ahead: 1 node is ahead of the control plane, which/);
  const down = await start(t, { serving: [9] });
  down.spawner.last('simulator').sigkill();
  await new Promise<void>((resolve) => {
    down.client.onItem('status', ({ simulator }) => {
      if (simulator.state === 'down') resolve();
    });
    down.client.subscribe(['status']);
  });
  assert.match(await refusal(down), /^simulator-down: The simulator is down/);
});

test('[FORE4] a belief of nodes ahead counts too', async (t) => {
  const fixture = await start(t, { serving: [9, 9] });
  const belief = scriptedBelief(9, ['SYNCED', 'SYNCED']);
  const counts = { ...belief.counts, ahead: 2 };
  fixture.spawner.last('control-plane').say({ type: 'belief', belief: { ...belief, counts } });
  const answer = await fixture.client.request('get-fleet-shape', {});
  assert.equal(!answer.ok && answer.error.reason, 'fleet-ahead');
});
