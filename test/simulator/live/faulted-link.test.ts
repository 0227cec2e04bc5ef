import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { type Disposable, onDispose } from '../../../core/lib/disposable.ts';
import { createSeededRandom } from '../../../core/lib/seeded-random.ts';
import { type Micros, micros } from '../../../core/ports/clock.ts';
import type { Link, LinkClose } from '../../../core/ports/link.ts';
import { createFaultedLink } from '../../../simulator/live/faulted-link.ts';
import { CLEAR_CONDITIONS, LinkWeather } from '../../../simulator/live/link-conditions.ts';
import { HELD_FRAMES_MAX } from '../../../simulator/live/live-limits.ts';

/** The link below, in the hand of the test. */
class InnerLink implements Link {
  readonly sent: string[] = [];
  readonly closes: LinkClose[] = [];
  bufferedBytes = 0;
  #frame: ((frame: Uint8Array) => void) | null = null;
  #close: ((close: LinkClose) => void) | null = null;

  send(frame: string | Uint8Array): boolean {
    this.sent.push(String(frame));
    return true;
  }
  sendTogether(frames: readonly (string | Uint8Array)[]): boolean {
    return frames.every((frame) => this.send(frame));
  }
  close(code: number, reason: string): void {
    this.closes.push({ code, reason });
  }
  onFrame(listener: (frame: Uint8Array) => void): Disposable {
    this.#frame = listener;
    return onDispose(() => undefined);
  }
  onClose(listener: (close: LinkClose) => void): Disposable {
    this.#close = listener;
    return onDispose(() => undefined);
  }
  receive(text: string): void {
    this.#frame?.(Buffer.from(text));
  }
  end(close: LinkClose): void {
    this.#close?.(close);
  }
}

function setUp() {
  const inner = new InnerLink();
  const weather = new LinkWeather();
  let now = micros(0);
  const timers = new Set<{ at: Micros; run: () => void }>();
  const scheduler = {
    at(at: Micros, run: () => void) {
      const timer = { at, run };
      timers.add(timer);
      return onDispose(() => void timers.delete(timer));
    },
  };
  const clock = { now: () => now };
  const random = createSeededRandom(2);
  const link = createFaultedLink(inner, { weather, clock, scheduler, random });
  const received: string[] = [];
  const closes: LinkClose[] = [];
  link.onFrame((frame) => void received.push(Buffer.from(frame).toString()));
  link.onClose((close) => void closes.push(close));
  const runTo = (ms: number) => {
    for (;;) {
      const due = [...timers].filter(({ at }) => at <= ms * 1_000).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      timers.delete(due);
      now = due.at;
      due.run();
    }
    now = micros(ms * 1_000);
  };
  return { inner, weather, link, received, closes, runTo };
}

const CUT = { latencyMs: 0, jitterMs: 0, partitioned: true };

test('[FAULT-CLEAR] without a fault frames pass at once', () => {
  const { inner, link, received } = setUp();
  assert.equal(link.send('a'), true);
  link.sendTogether(['b', 'c']);
  inner.receive('x');
  assert.deepEqual(inner.sent, ['a', 'b', 'c']);
  assert.deepEqual(received, ['x']);
});

test('[FAULT-LATENCY] frames are late by the latency, each way', () => {
  const { inner, weather, link, received, runTo } = setUp();
  weather.set({ latencyMs: 100, jitterMs: 0, partitioned: false });
  link.send('a');
  inner.receive('x');
  runTo(99);
  assert.deepEqual([inner.sent, received], [[], []]);
  runTo(100);
  assert.deepEqual([inner.sent, received], [['a'], ['x']]);
});

test('[FAULT-LATENCY] jitter and the end of a fault do not reorder', () => {
  const { inner, weather, link, runTo } = setUp();
  weather.set({ latencyMs: 50, jitterMs: 500, partitioned: false });
  for (let i = 0; i < 100; i += 1) {
    link.send(`${i}`);
    runTo(i);
  }
  weather.set(CLEAR_CONDITIONS);
  link.send('last');
  runTo(1_000);
  assert.deepEqual(inner.sent, [...Array.from({ length: 100 }, (_, i) => `${i}`), 'last']);
});

test('[FAULT-PARTITION] nothing passes either way, and what was held passes when it heals', () => {
  const { inner, weather, link, received } = setUp();
  weather.set(CUT);
  assert.equal(link.send('a'), true);
  inner.receive('x');
  assert.deepEqual([inner.sent, received], [[], []]);
  weather.set(CLEAR_CONDITIONS);
  assert.deepEqual([inner.sent, received], [['a'], ['x']]);
});

test('[FAULT-PARTITION] neither end learns of the other end closing before it heals', () => {
  const closedThere = setUp();
  closedThere.weather.set(CUT);
  closedThere.inner.end({ code: 4410, reason: 'heartbeat-timeout' });
  assert.deepEqual(closedThere.closes, []);
  closedThere.weather.set(CLEAR_CONDITIONS);
  assert.deepEqual(closedThere.closes, [{ code: 4410, reason: 'heartbeat-timeout' }]);

  const closedHere = setUp();
  closedHere.weather.set(CUT);
  closedHere.link.close(4410, 'heartbeat-timeout');
  assert.deepEqual(closedHere.inner.closes, []);
  closedHere.weather.set(CLEAR_CONDITIONS);
  assert.deepEqual(closedHere.inner.closes, [{ code: 4410, reason: 'heartbeat-timeout' }]);
});

test('[FAULT-BOUND] a link that holds too much is closed', () => {
  const { inner, weather, link, closes } = setUp();
  weather.set(CUT);
  for (let i = 0; i < HELD_FRAMES_MAX; i += 1) inner.receive(`${i}`);
  assert.deepEqual(closes, []);
  inner.receive('one more');
  assert.deepEqual(closes, [{ code: 4431, reason: 'held-queue-full' }]);
  assert.equal(link.send('a'), false);
  weather.set(CLEAR_CONDITIONS);
  assert.equal(inner.closes.length, 1);
});
