import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { assert } from '../lib/assert.ts';
import { sha256Bytes } from '../lib/sha256.ts';
import type { ContentHash, ResourceKey, RootHash } from './ids.ts';

/**
 * The root hash of a set of resources: the sum, modulo 2^256, of one SHA-256 for every resource.
 * Addition forgets order and can be undone, so a change of the set costs the size of the change.
 *
 * What is hashed for a resource: the key's length in bytes (u32, big-endian), the key in UTF-8, the
 * content hash's length (u32, always 32) and its 32 bytes. The lengths keep two different pairs from
 * ever giving the same bytes.
 *
 * It finds accidents and lost updates. It is no signature: somebody who may choose many resources
 * freely could find two sets with one sum, and whoever may publish needs no such trick.
 */

const LIMBS = 8;
const HEX_DIGITS_PER_LIMB = 8;
const CONTENT_HASH_BYTES = 32;
const HASH_HEX = /^[0-9a-f]{64}$/;

/** A sum in the making. Limb 0 holds the most significant 32 bits, as in the hex text. */
export class RootHashSum {
  readonly #limbs = new Uint32Array(LIMBS);

  /** Starts at the given root hash, or at that of the empty set. */
  constructor(start?: RootHash) {
    if (start === undefined) return;
    assert(HASH_HEX.test(start), 'a root hash is 64 hex digits');
    for (let i = 0; i < LIMBS; i += 1) {
      this.#limbs[i] = Number.parseInt(
        start.slice(i * HEX_DIGITS_PER_LIMB, (i + 1) * HEX_DIGITS_PER_LIMB),
        16,
      );
    }
  }

  add(element: Uint32Array): void {
    const limbs = this.#limbs;
    let carry = 0;
    for (let i = LIMBS - 1; i >= 0; i -= 1) {
      const sum = (limbs[i] ?? 0) + (element[i] ?? 0) + carry;
      limbs[i] = sum; // stores the low 32 bits
      carry = sum > 0xffff_ffff ? 1 : 0;
    }
  }

  remove(element: Uint32Array): void {
    const limbs = this.#limbs;
    let borrow = 0;
    for (let i = LIMBS - 1; i >= 0; i -= 1) {
      const difference = (limbs[i] ?? 0) - (element[i] ?? 0) - borrow;
      limbs[i] = difference; // wraps modulo 2^32
      borrow = difference < 0 ? 1 : 0;
    }
  }

  toRootHash(): RootHash {
    let out = '';
    for (const limb of this.#limbs) out += limb.toString(16).padStart(HEX_DIGITS_PER_LIMB, '0');
    return out as RootHash;
  }
}

/** The summand of one resource. */
export function rootHashElement(key: ResourceKey, content: ContentHash): Uint32Array {
  const digest = sha256Bytes(encodePair(key, content));
  const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  const element = new Uint32Array(LIMBS);
  for (let i = 0; i < LIMBS; i += 1) element[i] = view.getUint32(i * 4);
  return element;
}

/** Root hash from scratch. Keys must be distinct, as in any map. */
export function rootHashOf(manifest: Iterable<readonly [ResourceKey, ContentHash]>): RootHash {
  const sum = new RootHashSum();
  for (const [key, content] of manifest) sum.add(rootHashElement(key, content));
  return sum.toRootHash();
}

/** Root hash of the set with one more resource, which must not be in it. */
export function addToRootHash(root: RootHash, key: ResourceKey, content: ContentHash): RootHash {
  const sum = new RootHashSum(root);
  sum.add(rootHashElement(key, content));
  return sum.toRootHash();
}

/** Root hash of the set without a resource, which must be in it with this content. */
export function removeFromRootHash(
  root: RootHash,
  key: ResourceKey,
  content: ContentHash,
): RootHash {
  const sum = new RootHashSum(root);
  sum.remove(rootHashElement(key, content));
  return sum.toRootHash();
}

function encodePair(key: ResourceKey, content: ContentHash): Uint8Array {
  assert(HASH_HEX.test(content), 'a content hash is 64 hex digits');
  const keyBytes = utf8ToBytes(key);
  const out = new Uint8Array(4 + keyBytes.length + 4 + CONTENT_HASH_BYTES);
  const view = new DataView(out.buffer);
  view.setUint32(0, keyBytes.length);
  out.set(keyBytes, 4);
  view.setUint32(4 + keyBytes.length, CONTENT_HASH_BYTES);
  out.set(hexToBytes(content), 8 + keyBytes.length);
  return out;
}
