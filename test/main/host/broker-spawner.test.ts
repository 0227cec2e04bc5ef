import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBrokerSpawner } from '../../../main/host/broker-spawner.ts';

function fakeBroker() {
  const posted: unknown[] = [];
  let deliver: (message: unknown) => void = () => {};
  const spawner = createBrokerSpawner({
    postMessage: (message) => posted.push(message),
    onMessage(listener) {
      deliver = listener;
    },
  });
  return { posted, spawner, deliver: (message: unknown) => deliver(message) };
}

test('[SPAWN1] messages wait for the process to exist and then arrive in order', () => {
  const { posted, spawner, deliver } = fakeBroker();
  const child = spawner.spawn('simulator');
  child.send('one');
  child.send('two');
  assert.deepEqual(posted, [{ type: 'spawn', childId: 1, module: 'simulator' }]);
  deliver({ type: 'spawned', childId: 1, pid: 77 });
  assert.equal(child.pid, 77);
  assert.deepEqual(posted.slice(1), [
    { type: 'to-child', childId: 1, message: 'one' },
    { type: 'to-child', childId: 1, message: 'two' },
  ]);
});

test('[SPAWN2] each child hears what is its own, and its exit once', () => {
  const { spawner, deliver } = fakeBroker();
  const [first, second] = [spawner.spawn('control-plane'), spawner.spawn('simulator')];
  const heard: unknown[] = [];
  first.onMessage((message) => heard.push(['first', message]));
  second.onMessage((message) => heard.push(['second', message]));
  first.onExit((exit) => heard.push(['exit', exit.code]));
  deliver({ type: 'from-child', childId: 2, message: 'hello' });
  deliver({ type: 'nonsense' });
  deliver({ type: 'exited', childId: 1, code: 3, signal: null });
  deliver({ type: 'exited', childId: 1, code: 3, signal: null });
  assert.deepEqual(heard, [
    ['second', 'hello'],
    ['exit', 3],
  ]);
});
