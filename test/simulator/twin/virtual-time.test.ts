import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Disposable } from '../../../core/lib/disposable.ts';
import { type Micros, micros } from '../../../core/ports/clock.ts';
import { VirtualTime } from '../../../simulator/twin/virtual-time.ts';
import { VirtualTimer } from '../../../simulator/twin/virtual-timer.ts';

/** Sets that lie in the slot under way, in the wheel, and beyond it. */
const delays = fc.oneof(
  fc.integer({ min: 0, max: 2_000 }),
  fc.integer({ min: 0, max: 20_000_000 }),
  fc.integer({ min: 15_000_000, max: 200_000_000 }),
);

test('[TWIN1] what is due runs by instant and then by the order of setting, near or far', () => {
  fc.assert(
    fc.property(fc.array(delays, { maxLength: 80 }), fc.array(fc.nat(79)), (due, disposed) => {
      const time = new VirtualTime();
      const ran: number[] = [];
      const entries = due.map((us, index) =>
        time.at(micros(us), () => {
          assert.equal(time.now(), us);
          ran.push(index);
        }),
      );
      const gone = new Set(disposed.filter((index) => index < due.length));
      for (const index of gone) entries[index]?.dispose();
      time.runUntil(micros(300_000_000));
      const wanted = due
        .map((us, index) => ({ us, index }))
        .filter(({ index }) => !gone.has(index))
        .sort((a, b) => a.us - b.us || a.index - b.index)
        .map(({ index }) => index);
      assert.deepEqual(ran, wanted);
      assert.equal(time.pending, 0);
    }),
  );
});

test('[TWIN2] a run that is cut into pieces is the same run, and what is set while running too', () => {
  fc.assert(
    fc.property(
      fc.array(delays, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }),
      (due, steps) => {
        const inOne = grow(due, (time, until) => time.runUntil(until));
        const inPieces = grow(due, (time, until) => {
          for (let us = 0; us < until; us += 7_777_777) {
            while (!time.runUntil(micros(us), steps));
          }
          time.runUntil(until);
        });
        assert.deepEqual(inPieces, inOne);
      },
    ),
    { numRuns: 40 },
  );
});

/** Each entry sets two more: one at once, one later. */
function grow(
  due: readonly number[],
  go: (time: VirtualTime, until: ReturnType<typeof micros>) => void,
) {
  const time = new VirtualTime();
  const ran: string[] = [];
  for (const [index, us] of due.entries()) {
    time.at(micros(us), () => {
      ran.push(`${index} ${time.now()}`);
      time.at(time.now(), () => ran.push(`${index} at once ${time.now()}`));
      time.at(micros(time.now() + us), () => ran.push(`${index} later ${time.now()}`));
    });
  }
  go(time, micros(500_000_000));
  return { ran, now: time.now() };
}

test('[TWIN1] a timer that is set anew runs as if it had been disposed and set as another', () => {
  const settings = fc.record({ timer: fc.nat(5), us: delays, waitUs: fc.nat(3_000_000) });
  fc.assert(
    fc.property(fc.array(settings, { maxLength: 60 }), (program) => {
      const moved = played(program, (time, ran) => {
        const timers = Array.from({ length: 6 }, (_, index) => new Told(() => ran(index)));
        return (index, at) => {
          const timer = timers[index];
          if (timer !== undefined) time.set(timer, at);
        };
      });
      const replaced = played(program, (time, ran) => {
        const held: (Disposable | undefined)[] = [];
        return (index, at) => {
          held[index]?.dispose();
          held[index] = time.at(at, () => ran(index));
        };
      });
      assert.deepEqual(moved, replaced);
    }),
    { numRuns: 200 },
  );
});

test('[TWIN1] what lies some slots ahead is touched, step by step, before it is due', () => {
  const time = new VirtualTime();
  const told: string[] = [];
  const first = new Told(() => told.push('first'), told);
  const second = new Told(() => told.push('second'), told);
  time.set(second, micros(20_000));
  time.set(first, micros(10_000));
  time.runUntil(micros(1_000));
  time.runUntil(micros(30_000));
  const touches = ['touch 0', 'touch 0', 'touch 1', 'touch 1', 'touch 2', 'touch 2'];
  assert.deepEqual(told, [...touches, 'touch 3', 'touch 3', 'first', 'second']);
});

class Told extends VirtualTimer {
  readonly #tell: () => void;
  readonly #touches: string[] | null;

  constructor(tell: () => void, touches: string[] | null = null) {
    super();
    this.#tell = tell;
    this.#touches = touches;
  }

  override touch(step: number): number {
    this.#touches?.push(`touch ${step}`);
    return step;
  }

  due(): void {
    this.#tell();
  }
}

/** What ran and when, of a program of settings with pauses between them. */
function played(
  program: readonly { readonly timer: number; readonly us: number; readonly waitUs: number }[],
  make: (time: VirtualTime, ran: (index: number) => void) => (index: number, at: Micros) => void,
) {
  const time = new VirtualTime();
  const told: string[] = [];
  const set = make(time, (index) => told.push(`${index} at ${time.now()}`));
  for (const { timer, us, waitUs } of program) {
    set(timer, micros(time.now() + us));
    time.runUntil(micros(time.now() + (waitUs % 3 === 0 ? 0 : waitUs)));
  }
  time.runUntil(micros(time.now() + 300_000_000));
  assert.equal(time.pending, 0);
  return told;
}

test('[TWIN3] the past is not waited for, and the clock never goes back', () => {
  const time = new VirtualTime();
  time.runUntil(micros(5_000_000));
  const seen: number[] = [];
  time.at(micros(1), () => seen.push(time.now()));
  time.runUntil(micros(4_000_000));
  assert.deepEqual(seen, []);
  time.runUntil(micros(5_000_000));
  assert.deepEqual(seen, [5_000_000]);
});
