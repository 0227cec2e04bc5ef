import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createProcessBroker } from '../../main/electron/process-broker.ts';
import { createBrokerSpawner } from '../../main/host/broker-spawner.ts';
import { ElectronStandIn, type UtilityChildStandIn } from './electron-stand-in.ts';

const MODULE_PATHS = {
  'control-plane': 'control-plane.js',
  simulator: 'simulator.js',
  twin: 'twin.js',
};

interface Pair {
  readonly electron: ElectronStandIn;
  readonly replies: unknown[];
  receive(message: unknown): boolean;
  killAll(): void;
}

function startBroker(): Pair {
  const electron = new ElectronStandIn();
  const replies: unknown[] = [];
  const broker = createProcessBroker({
    utilityProcess: electron.asApi().utilityProcess,
    modulePaths: MODULE_PATHS,
    reply: (message) => replies.push(message),
  });
  return { electron, replies, receive: broker.receive, killAll: broker.killAll };
}

function childOf(pair: Pair, index: number): UtilityChildStandIn {
  const child = pair.electron.processes[index];
  assert.ok(child !== undefined);
  return child;
}

describe('process broker, on a stand-in for electron', () => {
  it('[BROKER1] a child is announced with its pid once it exists, and not before', () => {
    const pair = startBroker();
    assert.ok(pair.receive({ type: 'spawn', childId: 1, module: 'control-plane' }));
    assert.deepEqual(pair.replies, []);
    childOf(pair, 0).spawned(4321);
    assert.deepEqual(pair.replies, [{ type: 'spawned', childId: 1, pid: 4321 }]);
    assert.equal(childOf(pair, 0).modulePath, 'control-plane.js');
  });

  it('[BROKER2] messages reach the child they are for, and come back under its number', () => {
    const pair = startBroker();
    pair.receive({ type: 'spawn', childId: 1, module: 'control-plane' });
    pair.receive({ type: 'spawn', childId: 2, module: 'simulator' });
    pair.receive({ type: 'to-child', childId: 2, message: { type: 'start' } });
    assert.deepEqual(childOf(pair, 0).received, []);
    assert.deepEqual(childOf(pair, 1).received, [{ type: 'start' }]);
    childOf(pair, 1).emit('message', { type: 'ready' });
    assert.deepEqual(pair.replies, [
      { type: 'from-child', childId: 2, message: { type: 'ready' } },
    ]);
  });

  it('[BROKER3] an exit is reported once, and the child is forgotten', () => {
    const pair = startBroker();
    pair.receive({ type: 'spawn', childId: 1, module: 'simulator' });
    childOf(pair, 0).emit('exit', 9);
    pair.receive({ type: 'to-child', childId: 1, message: 'late' });
    pair.killAll();
    assert.deepEqual(pair.replies, [{ type: 'exited', childId: 1, code: 9, signal: null }]);
    assert.deepEqual(childOf(pair, 0).received, []);
    assert.equal(childOf(pair, 0).killed, false);
  });

  it('[BROKER4] only the planes and the twin are made, never twice under one number, never without bound', () => {
    const pair = startBroker();
    assert.equal(pair.receive({ type: 'spawn', childId: 1, module: '/bin/sh' }), false);
    assert.equal(pair.receive({ type: 'listening' }), false);
    assert.equal(pair.receive('garbage'), false);
    for (let childId = 1; childId <= 20; childId += 1) {
      pair.receive({ type: 'spawn', childId, module: 'simulator' });
    }
    pair.receive({ type: 'spawn', childId: 1, module: 'simulator' });
    assert.equal(pair.electron.processes.length, 8);
    assert.equal(pair.replies.length, 13);
  });

  it('[BROKER5] when the app ends, no child is left', () => {
    const pair = startBroker();
    pair.receive({ type: 'spawn', childId: 1, module: 'control-plane' });
    pair.receive({ type: 'spawn', childId: 2, module: 'simulator' });
    pair.killAll();
    assert.deepEqual(
      pair.electron.processes.map(({ killed }) => killed),
      [true, true],
    );
  });

  it("[BROKER6] it speaks with the console host's own spawner", () => {
    const electron = new ElectronStandIn();
    const listeners: ((message: unknown) => void)[] = [];
    const broker = createProcessBroker({
      utilityProcess: electron.asApi().utilityProcess,
      modulePaths: MODULE_PATHS,
      reply: (message) => {
        for (const listener of listeners) listener(structuredClone(message));
      },
    });
    const spawner = createBrokerSpawner({
      postMessage: (message) => assert.ok(broker.receive(structuredClone(message))),
      onMessage: (listener) => listeners.push(listener),
    });
    const handle = spawner.spawn('simulator');
    const heard: unknown[] = [];
    handle.onMessage((message) => heard.push(message));
    handle.onExit((exit) => heard.push(exit.code));
    handle.send({ type: 'start', nodes: 3 });
    const [child] = electron.processes;
    assert.ok(child !== undefined);
    assert.deepEqual(child.received, []);
    child.spawned(4321);
    assert.equal(handle.pid, 4321);
    assert.deepEqual(child.received, [{ type: 'start', nodes: 3 }]);
    child.emit('message', { type: 'ready' });
    child.emit('exit', 0);
    assert.deepEqual(heard, [{ type: 'ready' }, 0]);
  });
});
