import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Link, LinkClose } from '../../core/ports/link.ts';

/** An established connection, both ends. */
export interface OpenedPair {
  readonly a: Link;
  readonly b: Link;
  /** Settles when `isDone` holds; lets time pass in whatever way this kind of link needs. */
  until(isDone: () => boolean): Promise<void>;
  /** Breaks the connection without a closing word from either side. */
  cut(): void;
  /** Makes `b` stop taking frames, so that what `a` sends stays in its buffer. */
  stall(): void;
  dispose(): Promise<void>;
}

export interface LinkKind {
  readonly name: string;
  /** Bytes from which on the ends refuse to queue more. */
  readonly sendBufferBytesMax: number;
  open(): Promise<OpenedPair>;
}

/** What every implementation of the link port holds. */
export function linkSuite(kind: LinkKind): void {
  const linkTest = (name: string, run: (pair: OpenedPair) => Promise<void>) =>
    test(`${name} (${kind.name})`, async () => {
      const pair = await kind.open();
      try {
        await run(pair);
      } finally {
        await pair.dispose();
      }
    });

  linkTest('[LINK1] frames arrive whole and in order, text as UTF-8, both ways', async (pair) => {
    const { a, b } = pair;
    const atB = framesAt(b);
    const atA = framesAt(a);
    const frames = ['', 'héllo – 世界', '{"a":1}', 'x'.repeat(60_000)];
    for (const frame of frames) assert.equal(a.send(frame), true);
    assert.equal(b.send(new TextEncoder().encode('bytes')), true);
    await pair.until(() => atB.length === frames.length && atA.length === 1);
    assert.deepEqual(atB, frames);
    assert.deepEqual(atA, ['bytes']);
  });

  linkTest('[LINK2] frames sent together arrive one after the other', async (pair) => {
    const { a, b } = pair;
    const atB = framesAt(b);
    a.send('before');
    assert.equal(a.sendTogether(['one', new TextEncoder().encode('two')]), true);
    a.send('after');
    await pair.until(() => atB.length === 4);
    assert.deepEqual(atB, ['before', 'one', 'two', 'after']);
  });

  linkTest(
    '[LINK3] a close comes after what was queued, once, with code and reason',
    async (pair) => {
      const { a, b } = pair;
      const atB = framesAt(b);
      const closesA = closesAt(a);
      const closesB = closesAt(b);
      a.send('last');
      a.close(4_429, 'retry-later');
      a.close(4_400, 'again');
      await pair.until(() => closesA.length > 0 && closesB.length > 0);
      assert.deepEqual(atB, ['last']);
      assert.deepEqual(closesB, [{ code: 4_429, reason: 'retry-later' }]);
      assert.equal(closesA.length, 1);
    },
  );

  linkTest('[LINK4] a closed link takes no frame and buffers nothing', async (pair) => {
    const { a, b } = pair;
    const closesB = closesAt(b);
    a.close(1_000, 'done');
    assert.equal(a.send('too late'), false);
    assert.equal(a.sendTogether(['too', 'late']), false);
    assert.equal(a.bufferedBytes, 0);
    await pair.until(() => closesB.length > 0);
    assert.equal(b.send('too late'), false);
    assert.equal(b.bufferedBytes, 0);
  });

  linkTest('[LINK5] an end that vanishes is a close with 1006', async (pair) => {
    const closesA = closesAt(pair.a);
    pair.cut();
    await pair.until(() => closesA.length > 0);
    assert.equal(closesA[0]?.code, 1_006);
    assert.equal(pair.a.send('to nobody'), false);
  });

  linkTest('[LINK6] over its bound a link refuses, and says how much it holds', async (pair) => {
    const { a } = pair;
    pair.stall();
    const frame = 'x'.repeat(64 * 1024);
    const sendsMax = Math.ceil(kind.sendBufferBytesMax / frame.length) * 4 + 2_000;
    let sends = 0;
    while (sends < sendsMax && a.send(frame)) {
      sends += 1;
      if (sends % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(sends < sendsMax, 'it refused in the end');
    assert.ok(a.bufferedBytes > kind.sendBufferBytesMax);
    assert.equal(a.sendTogether(['more']), false);
  });

  linkTest('[LINK7] a listener that was disposed of hears no more', async (pair) => {
    const { a, b } = pair;
    const heard: string[] = [];
    const listening = b.onFrame(() => heard.push('disposed'));
    const others = framesAt(b);
    listening.dispose();
    listening.dispose();
    a.send('one');
    await pair.until(() => others.length === 1);
    assert.deepEqual(heard, []);
  });
}

function framesAt(link: Link): string[] {
  const frames: string[] = [];
  const decoder = new TextDecoder();
  link.onFrame((frame) => frames.push(decoder.decode(frame)));
  return frames;
}

function closesAt(link: Link): LinkClose[] {
  const closes: LinkClose[] = [];
  link.onClose((close) => closes.push(close));
  return closes;
}
