import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import { contentHashOf } from '../../../core/config/canonical.ts';
import { type ContentHash, EMPTY_ROOT_HASH, type ResourceKey } from '../../../core/config/ids.ts';
import { addToRootHash, removeFromRootHash, rootHashOf } from '../../../core/config/root-hash.ts';

const keyArbitrary = fc
  .oneof(fc.constantFrom('a', 'b', 'c', 'd'), fc.string({ unit: 'grapheme', maxLength: 20 }))
  .map((key) => key as ResourceKey);
const contentArbitrary = fc.integer({ min: 0, max: 5 }).map((n) => contentHashOf(`content ${n}`));

/** The definition, by other means: BigInt and Node's own SHA-256. */
function rootHashByDefinition(manifest: Iterable<readonly [ResourceKey, ContentHash]>): string {
  let sum = 0n;
  for (const [key, content] of manifest) {
    const keyBytes = Buffer.from(key, 'utf8');
    const lengths = Buffer.alloc(8);
    lengths.writeUInt32BE(keyBytes.length, 0);
    lengths.writeUInt32BE(32, 4);
    const digest = createHash('sha256')
      .update(lengths.subarray(0, 4))
      .update(keyBytes)
      .update(lengths.subarray(4))
      .update(Buffer.from(content, 'hex'))
      .digest('hex');
    sum = (sum + BigInt(`0x${digest}`)) & ((1n << 256n) - 1n);
  }
  return sum.toString(16).padStart(64, '0');
}

test('[HASH1] the root hash is the sum mod 2^256 of SHA-256 over length-prefixed pairs', () => {
  assert.equal(rootHashOf([]), EMPTY_ROOT_HASH);
  fc.assert(
    fc.property(fc.array(fc.tuple(keyArbitrary, contentArbitrary)), (pairs) => {
      const manifest = new Map(pairs);
      assert.equal(rootHashOf(manifest), rootHashByDefinition(manifest));
    }),
  );
});

test('[HASH2] the root hash does not depend on order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(keyArbitrary, contentArbitrary)), (pairs) => {
      const manifest = [...new Map(pairs)];
      assert.equal(rootHashOf([...manifest].reverse()), rootHashOf(manifest));
    }),
  );
});

test('[HASH3] after any sequence of deltas the root hash equals the one from scratch', () => {
  const step = fc.record({ key: keyArbitrary, content: fc.option(contentArbitrary) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const held = new Map<ResourceKey, ContentHash>();
      let root = EMPTY_ROOT_HASH;
      for (const { key, content } of steps) {
        const before = held.get(key);
        if (before !== undefined) root = removeFromRootHash(root, key, before);
        held.delete(key);
        if (content === null) continue;
        held.set(key, content);
        root = addToRootHash(root, key, content);
      }
      assert.equal(root, rootHashOf(held));
    }),
  );
});

test('[HASH4] sets that differ in a key or a content have different root hashes', () => {
  const x = contentHashOf('x');
  const y = contentHashOf('y');
  const pairs: [string, ContentHash][][] = [
    [],
    [['a', x]],
    [['a', y]],
    [['b', x]],
    [
      ['a', x],
      ['b', y],
    ],
    [
      ['a', y],
      ['b', x],
    ],
    [
      ['ab', x],
      ['b', x],
    ],
    [
      ['a', x],
      ['bb', x],
    ],
  ];
  const roots = pairs.map((set) =>
    rootHashOf(
      set.map(([key, content]): [ResourceKey, ContentHash] => [key as ResourceKey, content]),
    ),
  );
  assert.equal(new Set(roots).size, pairs.length);
});
