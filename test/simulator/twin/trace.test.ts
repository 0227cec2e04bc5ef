import assert from 'node:assert/strict';
import { test } from 'node:test';
import { micros } from '../../../core/ports/clock.ts';
import { encodeFrame, type NodeToControlPlane } from '../../../core/protocol/node-link.ts';
import { FrameBytes } from '../../../simulator/twin/frame-bytes.ts';
import { Trace } from '../../../simulator/twin/trace.ts';
import { TraceHash } from '../../../simulator/twin/trace-hash.ts';
import { run } from './twin-fixture.ts';

test('[TWIN4] the hash is 64 bits of integer operations: these values give these digits anywhere', () => {
  const hash = new TraceHash();
  assert.equal(hash.digest(), '321cc4cc2c8f76b1');
  for (const value of [0, 1, 42, 0xffff_ffff, 0x1_0000_0000, Number.MAX_SAFE_INTEGER])
    hash.add(value);
  assert.equal(hash.digest(), 'b95a20822fa1d20f');
});

test('[TWIN4] every value, its high half and its place count', () => {
  const digests = new Set<string>();
  const lists = [[], [0], [0, 0], [1], [0x1_0000_0001], [1, 2], [2, 1], [-1], [0xffff_ffff]];
  for (const values of lists) {
    const hash = new TraceHash();
    for (const value of values) hash.add(value);
    digests.add(hash.digest());
  }
  assert.equal(digests.size, lists.length);
});

test('[TWIN5] a trace keeps the last entries and no more, and says that it has forgotten', () => {
  const trace = new Trace(3);
  for (let i = 0; i < 3; i += 1) trace.note('serving', micros(i), i, 10 + i, 20 + i);
  assert.equal(trace.hasForgotten, false);
  trace.note('node-down', micros(3), 7);
  assert.equal(trace.hasForgotten, true);
  assert.deepEqual(
    [...trace.backwards()].map(({ at, kind, node, a, b }) => [at, kind, node, a, b]),
    [
      [3, 'node-down', 7, 0, 0],
      [2, 'serving', 2, 12, 22],
      [1, 'serving', 1, 11, 21],
    ],
  );
});

test('[TWIN27] a word counts by what it says, not only by when it first came', () => {
  const digestOf = (reason: string) => {
    const trace = new Trace(0);
    trace.note('link-closed', micros(1), 0, 1, trace.word(reason));
    return trace.digest();
  };
  assert.notEqual(digestOf('hello-timeout'), digestOf('heartbeat-timeout'));
});

test('[TWIN5] what is kept changes nothing of the hash', () => {
  const kept = run({ durationUs: 20_000_000, traceEntriesMax: 100 });
  const unkept = run({ durationUs: 20_000_000 });
  assert.equal(kept.report.traceHash, unkept.report.traceHash);
});

test('[TWIN6] the bytes of a frame are those that the wire would carry', () => {
  const serving = {
    lineage: 'a'.repeat(32),
    generation: 12,
    revision: 9,
    hash: 'b'.repeat(64),
    source: 'control-plane',
  };
  const frames = [
    { type: 'ack', nonce: 7, hash: 'c'.repeat(64) },
    { type: 'ack', nonce: 1_234, hash: 'c'.repeat(64) },
    {
      type: 'heartbeat',
      serving,
      counters: { reconnects: 0, pushesApplied: 10, pushesRejected: 100, badFrames: 9 },
      health: 'healthy',
    },
    {
      type: 'heartbeat',
      serving: null,
      counters: { reconnects: 99, pushesApplied: 0, pushesRejected: 0, badFrames: 12_345 },
      health: 'degraded',
    },
  ] as unknown as NodeToControlPlane[];
  const frameBytes = new FrameBytes();
  for (const frame of frames) assert.equal(frameBytes.up(frame), encodeFrame(frame).length);
});
