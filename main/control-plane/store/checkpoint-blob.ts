import { assert } from '../../../core/lib/assert.ts';

const BYTES_PER_ID = 4;
const ID_MAX = 0xffff_ffff;

/** Ids of a revision's documents in order, unsigned 32-bit little-endian. */
export function encodeCheckpoint(ids: readonly number[]): Buffer {
  const blob = Buffer.alloc(ids.length * BYTES_PER_ID);
  ids.forEach((id, i) => {
    assert(id <= ID_MAX, 'a document id fits 32 bits');
    blob.writeUInt32LE(id, i * BYTES_PER_ID);
  });
  return blob;
}

export function decodeCheckpoint(blob: Buffer): number[] {
  const ids: number[] = [];
  for (let offset = 0; offset < blob.length; offset += BYTES_PER_ID) {
    ids.push(blob.readUInt32LE(offset));
  }
  return ids;
}
