import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Deadline, DeadlineQueue } from '../../../core/control-plane/deadline-queue.ts';
import { type Micros, micros } from '../../../core/ports/clock.ts';

const steps = fc.array(
  fc.record({
    key: fc.nat(5),
    act: fc.constantFrom('start', 'start', 'restart', 'stop', 'take'),
    later: fc.nat(40),
  }),
);

test('[TWIN20] deadlines fall due in the order in which they were last started, each once', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const queue = new DeadlineQueue<number>(100);
      const model = new Map<number, number>();
      const started = new Map<number, Deadline<number>>();
      let now = 0;
      for (const { key, act, later } of list) {
        now += later;
        const isRunning = act !== 'take' && model.delete(key);
        const deadline = started.get(key);
        if (act === 'start') {
          started.set(key, queue.start(key, micros(now)));
          model.set(key, now + 100);
        } else if (act === 'restart') {
          if (deadline !== undefined) queue.restart(deadline, micros(now));
          if (isRunning) model.set(key, now + 100);
        } else if (act === 'stop') queue.stop(key);
        else assert.deepEqual(queue.takeDue(micros(now)), takeDue(model, now));
        assert.equal(queue.size, model.size);
        assert.equal(queue.nextAt(), (model.values().next().value ?? null) as Micros | null);
      }
    }),
  );
});

test('[TWIN20] what is started over and over falls due by its last start', () => {
  const queue = new DeadlineQueue<string>(1_000_000);
  queue.start('quiet', micros(0));
  for (let now = 1; now <= 100_000; now += 1) queue.start('noisy', micros(now));
  queue.start('late', micros(100_000));
  assert.equal(queue.nextAt(), 1_000_000);
  assert.deepEqual(queue.takeDue(micros(1_000_000)), ['quiet']);
  assert.equal(queue.nextAt(), 1_100_000);
  assert.deepEqual(queue.takeDue(micros(1_100_000)), ['noisy', 'late']);
  assert.equal(queue.nextAt(), null);
});

function takeDue(model: Map<number, number>, now: number): number[] {
  const due = [...model].filter(([, at]) => at <= now).map(([key]) => key);
  for (const key of due) model.delete(key);
  return due;
}
