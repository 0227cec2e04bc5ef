import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { RehearsalRequest } from '../../../core/protocol/twin-control.ts';
import { RehearsalProcess } from '../../../main/host/rehearsal-process.ts';
import type { ChildHandle } from '../../../main/host/spawner.ts';
import { ScriptedChild } from './scripted-spawner.ts';
import { scriptedOutcome } from './scripted-twin.ts';

const BUDGET_MS = 5_000;
const LATEST_MS = BUDGET_MS + 20_000;

const REQUEST: RehearsalRequest = {
  shape: {
    nodes: [],
    cells: 1,
    texts: [],
    revisions: [],
    faultsText: '[]',
    shapes: [],
    requestsPerSecond: 0,
    heartbeatMs: 10_000,
    link: { latencyUs: 100, jitterUs: 100 },
    nodesShareProcess: true,
  },
  draftText: '',
  faultsText: null,
  firstSeed: 1,
  seedsMax: 3,
  budgetMs: BUDGET_MS,
  horizonMs: 30_000,
};

/** A child that says and does nothing by itself, and time that only the test moves. */
function start(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let kills = 0;
  const child = new ScriptedChild('twin', 1, () => undefined);
  const handle: ChildHandle = Object.assign(child, {
    sigkill() {
      kills += 1;
      child.exit({ code: null, signal: 'SIGKILL', lastWords: null });
    },
  });
  const spawner = { spawn: () => handle };
  const process = new RehearsalProcess({ spawner, request: REQUEST, budgetMs: BUDGET_MS });
  const told = () => child.received.map((message) => JSON.parse(JSON.stringify(message)).type);
  return { child, process, told, kills: () => kills };
}

test('[FORE5] it is told once what to rehearse, when it is ready, and is not ended if it ends by itself', async (t) => {
  const { child, process, told, kills } = start(t);
  assert.deepEqual(told(), []);
  child.say({ type: 'ready' });
  assert.deepEqual(told(), ['rehearse']);
  for (const seed of [1, 2, 3, 4]) {
    child.say({ type: 'seed-done', outcome: scriptedOutcome(seed, 2) });
  }
  assert.equal(process.outcomes.length, 3, 'never more than were asked for');
  const last = {
    type: 'rehearsed',
    seeds: 3,
    isStopped: false,
    serviceTimes: 's',
    notes: [],
    faults: [],
    wallMs: 1,
  };
  child.say(last);
  child.exit({ code: 0, signal: null, lastWords: null });
  assert.deepEqual(await process.ended, last);
  assert.equal(kills(), 0);
});

test('[FORE7] one that has not ended in time is told to stop, and killed when it does not', async (t) => {
  const { child, process, told, kills } = start(t);
  child.say({ type: 'ready' });
  t.mock.timers.tick(LATEST_MS - 1);
  assert.deepEqual(told(), ['rehearse']);
  t.mock.timers.tick(1);
  assert.deepEqual(told(), ['rehearse', 'stop']);
  assert.equal(kills(), 0);
  t.mock.timers.tick(2_000);
  assert.equal(kills(), 1);
  assert.deepEqual(await process.ended, { type: 'cut-short' });
});

test('[FORE7] one that is never ready, and one that hangs after its last word, are ended too', async (t) => {
  const silent = start(t);
  t.mock.timers.tick(LATEST_MS);
  t.mock.timers.tick(2_000);
  assert.equal(silent.kills(), 1);
  assert.deepEqual(await silent.process.ended, { type: 'cut-short' });
  t.mock.timers.reset();
  const hanging = start(t);
  hanging.child.say({ type: 'refused', detail: 'No.' });
  t.mock.timers.tick(2_000);
  assert.equal(hanging.kills(), 1);
  assert.deepEqual(await hanging.process.ended, { type: 'refused', detail: 'No.' });
});

test('[FORE6] one that dies, that speaks otherwise, and one that cannot be started have failed, in words', async (t) => {
  const dying = start(t);
  dying.child.exit({ code: 1, signal: null, lastWords: 'Error: out of memory.' });
  assert.deepEqual(await dying.process.ended, {
    type: 'failed',
    why: 'its process ended with code 1: Error: out of memory',
  });
  t.mock.timers.reset();
  const babbling = start(t);
  babbling.child.say({ type: 'weather' });
  assert.equal(babbling.kills(), 1);
  const end = await babbling.process.ended;
  assert.match(end.type === 'failed' ? end.why : '', /^what it said was not understood/);
  t.mock.timers.reset();
  const spawner = {
    spawn: () => {
      throw new Error('EAGAIN');
    },
  };
  const unborn = new RehearsalProcess({ spawner, request: REQUEST, budgetMs: 1 });
  const why = 'no process could be started (EAGAIN)';
  assert.deepEqual(await unborn.ended, { type: 'failed', why });
});
