import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../core/config/canonical.ts';
import type { Generation, Lineage, Revision } from '../../../core/config/ids.ts';
import { snapshotFromBodies } from '../../../core/config/snapshot.ts';
import type { JsonObject } from '../../../core/gateway/json.ts';
import { SnapshotDecoder } from '../../../core/protocol/snapshot-decoder.ts';
import {
  decodeSnapshotBodies,
  decodeSnapshotHeader,
  encodeSnapshotBodies,
  encodeSnapshotHeader,
  SNAPSHOT_FILE_BYTES_MAX,
  SNAPSHOT_HEADER_BYTES_MAX,
  type SnapshotHeader,
  splitSnapshotFile,
} from '../../../core/protocol/snapshot-file.ts';
import { service } from '../node/node-harness.ts';

const BODIES: readonly JsonObject[] = [service('cart'), service('Straße – 世界', 8_080)];

function headerOf(
  bodies: readonly JsonObject[],
  changes: Partial<SnapshotHeader> = {},
): SnapshotHeader {
  const snapshot = snapshotFromBodies(bodies);
  assert.ok(snapshot.ok);
  return {
    lineage: 'a'.repeat(32) as Lineage,
    supersedes: ['b'.repeat(32) as Lineage],
    generation: 42 as Generation,
    revision: 41 as Revision,
    hash: snapshot.value.hash,
    dumpedAtMs: 1_700_000_000_123,
    resources: bodies.length,
    bytes: encodeSnapshotBodies(bodies.map(canonicalJson)).length,
    ...changes,
  };
}

function fileOf(bodies: readonly JsonObject[], changes: Partial<SnapshotHeader> = {}): Uint8Array {
  const line = encodeSnapshotHeader(headerOf(bodies, changes));
  return joined(line, encodeSnapshotBodies(bodies.map(canonicalJson)));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function whyDamaged(bytes: Uint8Array): string {
  const read = new SnapshotDecoder().decodeFile(bytes);
  assert.equal(read.kind, 'damaged');
  return read.kind === 'damaged' ? read.detail : '';
}

const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 8 });

test('[DUMP1] a snapshot is a line of JSON and an array of canonical bodies, and is read as it was', () => {
  fc.assert(
    fc.property(names, fc.nat(), fc.nat(), (services, generation, dumpedAtMs) => {
      const bodies = services.map((name) => service(name));
      const header = headerOf(bodies, { generation: generation as Generation, dumpedAtMs });
      const bytes = fileOf(bodies, header);
      const read = new SnapshotDecoder().decodeFile(bytes);
      assert.deepEqual(read, { kind: 'found', header, resources: bodies });
      const [line, rest, ...none] = Buffer.from(bytes).toString('utf8').split('\n');
      assert.deepEqual(none, []);
      assert.equal(JSON.parse(line ?? '').format, 1);
      assert.deepEqual(JSON.parse(rest ?? ''), bodies);
    }),
  );
});

test('[DUMP2] whatever bit is another, no node takes it for what it was not', () => {
  const bytes = fileOf(BODIES);
  const whole = new SnapshotDecoder().decodeFile(bytes);
  assert.equal(whole.kind, 'found');
  for (let at = 0; at < bytes.length; at += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      const damaged = new Uint8Array(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
      const read = new SnapshotDecoder().decodeFile(damaged);
      if (read.kind === 'damaged') continue;
      // What can still be read is found by the root hash of its bodies; the header is sealed.
      assert.ok(read.kind === 'found' && whole.kind === 'found');
      assert.deepEqual(read.header, whole.header, `bit ${bit} of byte ${at}`);
      const built = snapshotFromBodies(read.resources);
      assert.ok(!built.ok || built.value.hash !== read.header.hash, `bit ${bit} of byte ${at}`);
    }
  }
});

test('[DUMP2] what is cut short, too large, of another format or no snapshot at all is said in a clause', () => {
  const bytes = fileOf(BODIES);
  for (let length = 0; length < bytes.length; length += 7) {
    assert.match(whyDamaged(bytes.subarray(0, length)), /^(it|its) [a-z]/);
  }
  assert.match(whyDamaged(bytes.subarray(0, -1)), /bytes of bodies, and its header says \d+$/);
  assert.match(whyDamaged(new Uint8Array(0)), /ends before its header does/);
  assert.match(
    whyDamaged(new Uint8Array(SNAPSHOT_FILE_BYTES_MAX + 1)),
    /^it has 16777217 bytes, over the bound of 16777216$/,
  );
  assert.match(
    whyDamaged(new Uint8Array(SNAPSHOT_HEADER_BYTES_MAX + 1).fill(0x20)),
    /ends before its header does, or has none/,
  );
  const later = Buffer.from(bytes).toString('utf8').replace('"format":1', '"format":2');
  assert.match(whyDamaged(Buffer.from(later)), /its format is 2, and this version reads 1/);
  assert.match(
    whyDamaged(Buffer.from('hello\n[]')),
    /its header cannot be read: frame is not JSON/,
  );
  assert.match(whyDamaged(Buffer.from('{}\n[]')), /its header cannot be read: format/);
});

test('[DUMP2] a header whose fields are whole but which was not sealed so is refused', () => {
  const [line = ''] = Buffer.from(fileOf(BODIES)).toString('utf8').split('\n');
  const moved = line.replace('"generation":42', '"generation":43');
  const decoded = decodeSnapshotHeader(Buffer.from(`${moved}\n`));
  assert.deepEqual(decoded, { ok: false, error: 'its header is not what was sealed' });
});

test('[DUMP2] bodies that are not as many as the header says are refused', () => {
  const bytes = encodeSnapshotBodies(BODIES.map(canonicalJson));
  const decoded = decodeSnapshotBodies(headerOf(BODIES, { resources: 3 }), bytes);
  assert.deepEqual(decoded, { ok: false, error: 'it has 2 bodies, and its header says 3' });
  const noBodies = encodeSnapshotBodies(['1']);
  const header = headerOf([], { resources: 1, bytes: noBodies.length });
  assert.match(JSON.stringify(decodeSnapshotBodies(header, noBodies)), /its bodies cannot be read/);
});

test('[DUMP4] dumps of the same head are decoded to the same bodies, and others never are', () => {
  const decoder = new SnapshotDecoder();
  const first = decoder.decodeFile(fileOf(BODIES));
  const again = decoder.decodeFile(fileOf(BODIES, { dumpedAtMs: 7 }));
  assert.ok(first.kind === 'found' && again.kind === 'found');
  assert.equal(again.resources, first.resources);
  assert.equal(again.header.dumpedAtMs, 7);
  const other = decoder.decodeFile(fileOf([service('cart'), service('Straße – 世界', 8_081)]));
  assert.ok(other.kind === 'found');
  assert.notEqual(other.resources, first.resources);
  // The same bodies under a header that says otherwise are not let through because they are known.
  assert.equal(decoder.decodeFile(fileOf(BODIES)).kind, 'found');
  assert.equal(decoder.decodeFile(fileOf(BODIES, { resources: 3 })).kind, 'damaged');
});

test('[DUMP1] splitting takes nothing away', () => {
  const bytes = fileOf(BODIES);
  const parts = splitSnapshotFile(bytes);
  assert.ok(parts.ok);
  assert.deepEqual(joined(parts.value.line, parts.value.bodies), bytes);
});
