import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFault } from '../../../core/fault/describe-fault.ts';

test('[REH30] the ends of a fault’s latency are told to the millisecond, so that they never read the same', () => {
  const target = { scope: 'cell', cell: 'eu-west' } as const;
  const words = (latencyMs: number, jitterMs: number) =>
    describeFault({ kind: 'link-latency', target, latencyMs, jitterMs, durationMs: null });
  assert.equal(words(3_000, 20), 'latency 3 s to 3.02 s, cell eu-west');
  assert.equal(words(999, 1), 'latency 999 ms to 1 s, cell eu-west');
  assert.equal(words(2_500, 0), 'latency 2.5 s, cell eu-west');
  assert.equal(words(400, 100), 'latency 400 ms to 500 ms, cell eu-west');
});
