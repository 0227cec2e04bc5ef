import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  controlPlaneToNodeSchema,
  decodeControlPlaneFrame,
  decodeNodeFrame,
  encodeFrame,
  NACK_REASONS,
  nodeToControlPlaneSchema,
} from '../../../core/protocol/node-link.ts';
import { CONFIG_SOURCES } from '../../../core/protocol/primitives.ts';

const count = fc.maxSafeNat();
const hex = (digits: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits })
    .map((all) => all.join(''));
const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);
const text = fc.string({ maxLength: 200, unit: 'grapheme' });
const label = fc.string({ minLength: 1, maxLength: 40 });
const serving = fc.record({
  lineage: hex(32),
  generation: count,
  revision: count,
  hash: hex(64),
  source: fc.constantFrom(...CONFIG_SOURCES),
});
const currency = { generation: count, revision: count, hash: hex(64) };
const key = fc.string({ minLength: 1, maxLength: 60 });
/** Prototype keys are refused where configs are parsed, long before the wire. */
const withoutPrototypeKeys = (value: unknown) => !JSON.stringify(value).includes('__proto__');
const body = fc
  .dictionary(key, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 })
  .filter(withoutPrototypeKeys);

const fromNode = fc.oneof(
  fc.record({
    type: fc.constant('hello'),
    protocol: count,
    nodeId: fc.tuple(name, name).map((parts) => parts.join('/')),
    cell: name,
    labels: fc.dictionary(label, label, { maxKeys: 4 }).filter(withoutPrototypeKeys),
    capabilities: fc.record({
      agentVersion: label,
      features: fc.array(label, { maxLength: 10 }),
      limits: fc.record({ resourcesMax: count, configBytesMax: count }),
    }),
    bootId: count,
    serving: fc.option(serving),
  }),
  fc.record({ type: fc.constant('ack'), nonce: count, hash: hex(64) }),
  fc.record({
    type: fc.constant('nack'),
    nonce: count,
    reason: fc.constantFrom(...NACK_REASONS),
    detail: text,
    resources: fc.array(
      fc.record({
        key,
        reason: fc.constantFrom('unsupported-feature', 'invalid', 'over-limit'),
        detail: text,
      }),
      { maxLength: 5 },
    ),
    resourcesTotal: count,
  }),
  fc.record({
    type: fc.constant('heartbeat'),
    serving: fc.option(serving),
    counters: fc.record({
      reconnects: count,
      pushesApplied: count,
      pushesRejected: count,
      badFrames: count,
    }),
    health: fc.constantFrom('healthy', 'degraded', 'down'),
  }),
  fc.record({
    type: fc.constant('config-chunk'),
    requestId: count,
    index: count,
    chunks: count,
    serving,
    text,
  }),
);

const fromControlPlane = fc.oneof(
  fc.record({
    type: fc.constant('welcome'),
    lineage: hex(32),
    ...currency,
    heartbeatMs: fc.integer({ min: 100, max: 1e9 }),
    supersedes: fc.array(hex(32), { maxLength: 16 }),
  }),
  fc.record({ type: fc.constant('push'), nonce: count }),
  fc.record({
    type: fc.constant('delta'),
    ...currency,
    from: count,
    changed: fc.array(body, { maxLength: 4 }),
    removed: fc.array(key, { maxLength: 4 }),
  }),
  fc.record({
    type: fc.constant('full'),
    ...currency,
    resources: fc.array(body, { maxLength: 4 }),
  }),
  fc.record({ type: fc.constant('current'), ...currency }),
  fc.record({
    type: fc.constant('retry-later'),
    afterMs: count,
    reason: fc.constantFrom('handshakes-full', 'full-pushes-full', 'shutting-down'),
  }),
  fc.record({
    type: fc.constant('incompatible'),
    reason: fc.constantFrom('protocol-version', 'unknown-node', 'retired-node', 'wrong-cell'),
    detail: text,
  }),
  fc.record({ type: fc.constant('fetch-config'), requestId: count }),
);

test('[WIRE1] decode(encode(m)) = m for every message of a node, as text and as bytes', () => {
  fc.assert(
    fc.property(fromNode, (message) => {
      const frame = encodeFrame(nodeToControlPlaneSchema.parse(message));
      for (const form of [frame, new TextEncoder().encode(frame)]) {
        const decoded = decodeNodeFrame(form);
        assert.ok(decoded.ok, decoded.ok ? '' : decoded.error.detail);
        assert.deepEqual(toPlain(decoded.value), toPlain(message));
      }
    }),
    { numRuns: 1_000 },
  );
});

test('[WIRE2] decode(encode(m)) = m for every message of the control plane', () => {
  fc.assert(
    fc.property(fromControlPlane, (message) => {
      const frame = encodeFrame(controlPlaneToNodeSchema.parse(message));
      const decoded = decodeControlPlaneFrame(new TextEncoder().encode(frame));
      assert.ok(decoded.ok, decoded.ok ? '' : decoded.error.detail);
      assert.deepEqual(toPlain(decoded.value), toPlain(message));
    }),
    { numRuns: 1_000 },
  );
});

test('[WIRE3] whatever arrives, decoding gives a message or a named reason, and never throws', () => {
  const reasons = new Set(['not-utf8', 'not-json', 'bad-shape']);
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string(), fc.json(), fromNode.map(torn)),
      (frame) => {
        for (const decoded of [decodeNodeFrame(frame), decodeControlPlaneFrame(frame)]) {
          if (!decoded.ok) assert.ok(reasons.has(decoded.error.reason));
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

test('[WIRE4] a message with a field too many, or one of the other direction, is refused', () => {
  fc.assert(
    fc.property(fromNode, fromControlPlane, (node, controlPlane) => {
      const extra = decodeNodeFrame(JSON.stringify({ ...node, extra: 1 }));
      assert.ok(!extra.ok && extra.error.reason === 'bad-shape');
      assert.ok(!decodeNodeFrame(JSON.stringify(controlPlane)).ok);
      assert.ok(!decodeControlPlaneFrame(JSON.stringify(node)).ok);
    }),
  );
});

function torn(message: unknown): string {
  const frame = JSON.stringify(message);
  return frame.slice(0, Math.floor(frame.length * 0.7));
}

/** As JSON has it: without prototypes and negative zeros, which the wire does not carry. */
function toPlain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
