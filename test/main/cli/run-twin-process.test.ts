import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import type { TwinRequest } from '../../../core/protocol/twin-control.ts';
import { runTwinProcess } from '../../../main/cli/run-twin-process.ts';
import { createForkSpawner } from '../../../main/host/fork-spawner.ts';
import type { ChildExit } from '../../../main/host/spawner.ts';
import { createScriptedSpawner } from '../host/scripted-spawner.ts';

const REQUEST: TwinRequest = {
  nodes: 2,
  cells: 1,
  seed: 1,
  durationMs: 300 * 86_400_000,
  configText: '',
  publishEveryMs: null,
  faultsText: null,
  settings: {},
  why: null,
};

/** What is made of a child that ends so before it has said anything. */
function endOf(exit: ChildExit, isStopAsked: boolean) {
  const spawner = createScriptedSpawner();
  const outcome = runTwinProcess(REQUEST, () => undefined, spawner);
  // As a terminal does to the whole group; nobody else in this process listens to it.
  if (isStopAsked) process.emit('SIGHUP');
  spawner.last('twin').exit(exit);
  return outcome;
}

test('[TWIN42] a twin that ends of the signal to stop before it can hear it was stopped, and did not fail', async () => {
  const killed = { code: null, signal: 'SIGHUP', lastWords: null };
  assert.deepEqual(await endOf(killed, true), { type: 'stopped' });
  assert.deepEqual(await endOf({ code: 1, signal: null, lastWords: null }, true), {
    type: 'stopped',
  });
});

test('[TWIN42] a twin that ends by itself failed, with its last words or the signal that ended it', async () => {
  for (const [exit, detail] of [
    [{ code: null, signal: 'SIGKILL', lastWords: null }, 'its process was ended by SIGKILL.'],
    [{ code: 1, signal: null, lastWords: 'Error: no' }, 'Error: no'],
    [
      { code: 9, signal: null, lastWords: null },
      'its process ended with exit code 9 and gave no reason.',
    ],
  ] as const) {
    assert.deepEqual(await endOf(exit, false), { type: 'failed', detail });
  }
});

test('[TWIN42] so it is with a real process that is told to stop as soon as it is there', async () => {
  const real = createForkSpawner();
  const outcome = await runTwinProcess(REQUEST, () => undefined, {
    spawn(module) {
      const child = real.spawn(module);
      setImmediate(() => {
        process.kill(child.pid ?? 0, 'SIGINT');
        process.emit('SIGHUP');
      });
      return child;
    },
  });
  assert.ok(outcome.type === 'stopped' || outcome.type === 'refused', outcome.type);
});
