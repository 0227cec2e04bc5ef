import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createFleetFrame,
  decodeFleetFrame,
  encodeFleetFrame,
  FRAME_SOURCES,
  HEALTH_STATES,
  LINK_STATES,
  packNodeFlags,
  unpackNodeFlags,
} from '../../../core/fleet/frame.ts';

test('[FRAMES1] decode(encode(f)) = f for every fleet frame, wherever its bytes lie', () => {
  fc.assert(
    fc.property(
      fc.nat(200),
      fc.nat(),
      fc.nat(7),
      fc.infiniteStream(fc.nat()),
      (nodes, at, shift, draws) => {
        const frame = createFleetFrame(nodes, at, at * 1_000 + 0.5);
        const columns = [
          frame.servingRevision,
          frame.lagMs,
          frame.unverifiedMs,
          frame.lagRevisions,
          frame.requests,
          frame.failures,
          frame.flags,
          frame.syncStatus,
        ];
        for (const column of columns) {
          for (let i = 0; i < nodes; i += 1) column[i] = Number(draws.next().value);
        }
        const bytes = encodeFleetFrame(frame);
        const elsewhere = new Uint8Array(bytes.length + shift);
        elsewhere.set(bytes, shift);
        assert.deepEqual(decodeFleetFrame(elsewhere.subarray(shift)), frame);
      },
    ),
  );
});

test('[FRAMES2] bytes that are no frame, or not all of one, are refused', () => {
  const bytes = encodeFleetFrame(createFleetFrame(3, 1, 2));
  assert.equal(decodeFleetFrame(bytes.subarray(0, bytes.length - 1)), null);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      assert.equal(decodeFleetFrame(noise), null);
    }),
  );
});

test('[FRAMES3] flags of a node come back as they were packed, every combination', () => {
  for (const link of LINK_STATES) {
    for (const health of HEALTH_STATES) {
      for (const source of FRAME_SOURCES) {
        for (const ahead of [true, false]) {
          for (const rejected of [true, false]) {
            const flags = { link, health, source, ahead, rejected };
            assert.deepEqual(unpackNodeFlags(packNodeFlags(flags)), flags);
          }
        }
      }
    }
  }
});
