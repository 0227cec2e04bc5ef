import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RESTART_BACKOFF_MS } from '../../../main/host/limits.ts';
import { Supervisor } from '../../../main/host/supervisor.ts';
import { createScriptedSpawner } from './scripted-spawner.ts';

test('[SUP-FORGIVE] each early death delays the next restart more, until deaths are forgiven', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const spawner = createScriptedSpawner();
  const supervisor = new Supervisor({
    module: 'simulator',
    spawner,
    nowMs: () => 0,
    restartsItself: true,
    onSpawn: () => {},
    onMessage: () => {},
    onStatus: () => {},
  });
  void supervisor.start();
  const waitsFor = (waitMs: number) => {
    const before = spawner.children.length;
    spawner.last('simulator').exit({ code: 1, signal: null, lastWords: null });
    t.mock.timers.tick(waitMs - 1);
    assert.equal(spawner.children.length, before, `not before ${waitMs} ms`);
    t.mock.timers.tick(1);
    assert.equal(spawner.children.length, before + 1, `after ${waitMs} ms`);
  };
  for (const waitMs of RESTART_BACKOFF_MS) waitsFor(waitMs);
  supervisor.forgiveDeaths();
  waitsFor(RESTART_BACKOFF_MS[0] ?? 0);
  await supervisor.kill('over');
});

test('[SUP-WORDS] a reason that is a sentence is not given a second full stop', async () => {
  const spawner = createScriptedSpawner();
  const supervisor = new Supervisor({
    module: 'control-plane',
    spawner,
    nowMs: () => 0,
    restartsItself: false,
    onSpawn: () => {
      setImmediate(() => {
        supervisor.markFatal('The file is damaged.');
        spawner.last('control-plane').exit({ code: 1, signal: null, lastWords: null });
      });
    },
    onMessage: () => {},
    onStatus: () => {},
  });
  supervisor.markDown('The place is taken.');
  assert.equal(supervisor.status.state, 'down');
  const started = await supervisor.start();
  assert.equal(started.ok, false);
  assert.match(started.ok ? '' : started.error.detail, /file is damaged\.$/);
});
