import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JitteredDeadlines } from '../../../core/control-plane/jittered-deadlines.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { micros } from '../../../core/ports/clock.ts';

const MEAN_US = 1_000_000;

test('[AGE1] each deadline lies within the percentage of the mean, and they fill it', () => {
  const deadlines = new JitteredDeadlines<number>(MEAN_US, 10, createSeededRandom(1));
  for (let key = 0; key < 2_000; key += 1) deadlines.start(key, micros(0));
  const dueAt: number[] = [];
  while (deadlines.size > 0) {
    const at = deadlines.nextAt();
    assert.ok(at !== null);
    assert.deepEqual(deadlines.takeDue(micros(at - 1)), []);
    for (const _key of deadlines.takeDue(at)) dueAt.push(at);
  }
  assert.equal(dueAt.length, 2_000);
  assert.equal(deadlines.nextAt(), null);
  assert.ok(dueAt.every((at) => at >= 900_000 && at <= 1_100_000));
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const from = 900_000 + tenth * 20_000;
    const share = dueAt.filter((at) => at >= from && at < from + 20_000).length;
    assert.ok(share > 120 && share < 280, `${share} of 2000 fall in tenth ${tenth}`);
  }
});

const steps = fc.array(
  fc.record({ key: fc.nat(5), act: fc.constantFrom('start', 'stop', 'take'), later: fc.nat(400) }),
);

test('[AGE1] whatever is started and ended, each deadline falls due once, and the next one is told', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const deadlines = new JitteredDeadlines<number>(1_000, 10, createSeededRandom(2));
      const running = new Map<number, number>();
      let now = 0;
      for (const { key, act, later } of list) {
        now += later;
        if (act === 'start' && !running.has(key)) {
          deadlines.start(key, micros(now));
          running.set(key, now);
        } else if (act === 'stop') {
          deadlines.stop(key);
          running.delete(key);
        } else if (act === 'take') {
          for (const due of deadlines.takeDue(micros(now))) {
            const since = running.get(due);
            assert.ok(since !== undefined && now - since >= 900);
            running.delete(due);
          }
          assert.ok([...running.values()].every((since) => now - since < 1_100));
        }
        assert.equal(deadlines.size, running.size);
        assert.equal(deadlines.nextAt() === null, running.size === 0);
      }
    }),
  );
});
