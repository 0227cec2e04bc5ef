import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { ContentHash } from '../../../core/config/ids.ts';
import { micros } from '../../../core/ports/clock.ts';
import { decodeJson } from '../../../core/protocol/decode-json.ts';
import {
  contentHashSchema,
  generationSchema,
  lineageSchema,
  nodeIdSchema,
  resourceKeySchema,
  revisionSchema,
  rootHashSchema,
} from '../../../core/protocol/primitives.ts';
import { DISK_RECORD_BYTES_MAX } from './disk-limits.ts';

/**
 * The file: a header, then records, each `magic u32 · payload length u32 · CRC-32 u32 · type u8 ·
 * payload`, little-endian. The CRC covers length, type and payload. The magic lets a reader find the next
 * sound record behind a damaged one.
 */
export const DISK_HEADER = Buffer.from('HFDISK01', 'latin1');
const RECORD_MAGIC = Buffer.from('HFDR', 'latin1');
const RECORD_HEADER_BYTES = 13;
const CONTENT_HASH_BYTES = 32;

const manifestSchema = z.strictObject({
  root: rootHashSchema,
  /** Null: `set` is all there is. */
  base: rootHashSchema.nullable(),
  set: z.array(z.tuple([resourceKeySchema, contentHashSchema])),
  removed: z.array(resourceKeySchema),
});
export type ManifestRecord = z.output<typeof manifestSchema>;

const pointersSchema = z.strictObject({
  lineage: lineageSchema,
  generation: generationSchema,
  revision: revisionSchema,
  hash: rootHashSchema,
  /** With the instant of the last push before it, microseconds; null when there was none. */
  nodes: z.array(z.tuple([nodeIdSchema, z.int().min(0).transform(micros).nullable()])),
});
export type PointersRecord = z.output<typeof pointersSchema>;

const tombstonesSchema = z.strictObject({ nodes: z.array(nodeIdSchema) });
export type TombstonesRecord = z.output<typeof tombstonesSchema>;

export type DiskRecord =
  | { readonly type: 'resource'; readonly contentHash: ContentHash; readonly canonical: string }
  | { readonly type: 'manifest'; readonly manifest: ManifestRecord }
  | { readonly type: 'pointers'; readonly pointers: PointersRecord }
  | { readonly type: 'tombstones'; readonly tombstones: TombstonesRecord };

const RECORD_TYPES = ['resource', 'manifest', 'pointers', 'tombstones'] as const;

export function encodeDiskRecord(record: DiskRecord): Buffer {
  const payload = encodePayload(record);
  const out = Buffer.allocUnsafe(RECORD_HEADER_BYTES + payload.length);
  RECORD_MAGIC.copy(out, 0);
  out.writeUInt32LE(payload.length, 4);
  out.writeUInt8(RECORD_TYPES.indexOf(record.type), 12);
  payload.copy(out, RECORD_HEADER_BYTES);
  out.writeUInt32LE(checksum(out), 8);
  return out;
}

/** One whole record from its bytes; null when anything about it is wrong. */
export function decodeDiskRecord(bytes: Buffer): DiskRecord | null {
  const length = recordBytesAt(bytes, 0);
  if (length === null || length !== bytes.length) return null;
  if (bytes.readUInt32LE(8) !== checksum(bytes)) return null;
  const payload = bytes.subarray(RECORD_HEADER_BYTES);
  const type = RECORD_TYPES[bytes.readUInt8(12)];
  switch (type) {
    case 'resource':
      return decodeResource(payload);
    case 'manifest': {
      const decoded = decodeJson(manifestSchema, payload);
      return decoded.ok ? { type, manifest: decoded.value } : null;
    }
    case 'pointers': {
      const decoded = decodeJson(pointersSchema, payload);
      return decoded.ok ? { type, pointers: decoded.value } : null;
    }
    case 'tombstones': {
      const decoded = decodeJson(tombstonesSchema, payload);
      return decoded.ok ? { type, tombstones: decoded.value } : null;
    }
    default:
      return null;
  }
}

export interface ScannedRecord {
  readonly record: DiskRecord;
  readonly offset: number;
  readonly bytes: number;
}

export interface DiskScan {
  /** Where the last sound record ends: anything behind it is a torn tail. */
  readonly end: number;
  /** Damaged places between sound records. */
  readonly damaged: number;
}

/** Reads a whole file after its header, skipping what is damaged. */
export function scanDisk(file: Buffer, visit: (scanned: ScannedRecord) => void): DiskScan {
  let offset = DISK_HEADER.length;
  let end = offset;
  let damaged = 0;
  let skipping = false;
  while (offset < file.length) {
    const bytes = recordBytesAt(file, offset);
    const record = bytes === null ? null : decodeDiskRecord(file.subarray(offset, offset + bytes));
    if (record !== null && bytes !== null) {
      visit({ record, offset, bytes });
      if (skipping) damaged += 1;
      skipping = false;
      offset += bytes;
      end = offset;
      continue;
    }
    skipping = true;
    const next = file.indexOf(RECORD_MAGIC, offset + 1);
    offset = next === -1 ? file.length : next;
  }
  return { end, damaged };
}

/** Length of the record that begins at `offset`, or null when none can. */
function recordBytesAt(file: Buffer, offset: number): number | null {
  if (file.length - offset < RECORD_HEADER_BYTES) return null;
  if (file.compare(RECORD_MAGIC, 0, 4, offset, offset + 4) !== 0) return null;
  const payload = file.readUInt32LE(offset + 4);
  if (payload > DISK_RECORD_BYTES_MAX) return null;
  const bytes = RECORD_HEADER_BYTES + payload;
  return offset + bytes > file.length ? null : bytes;
}

function checksum(record: Buffer): number {
  return crc32(record.subarray(12), crc32(record.subarray(4, 8)));
}

function encodePayload(record: DiskRecord): Buffer {
  switch (record.type) {
    case 'resource':
      return Buffer.concat([
        Buffer.from(record.contentHash, 'hex'),
        Buffer.from(record.canonical, 'utf8'),
      ]);
    case 'manifest':
      return Buffer.from(JSON.stringify(record.manifest), 'utf8');
    case 'pointers':
      return Buffer.from(JSON.stringify(record.pointers), 'utf8');
    case 'tombstones':
      return Buffer.from(JSON.stringify(record.tombstones), 'utf8');
  }
}

function decodeResource(payload: Buffer): DiskRecord | null {
  if (payload.length < CONTENT_HASH_BYTES) return null;
  const hash = contentHashSchema.safeParse(payload.toString('hex', 0, CONTENT_HASH_BYTES));
  if (!hash.success) return null;
  const canonical = payload.toString('utf8', CONTENT_HASH_BYTES);
  return { type: 'resource', contentHash: hash.data, canonical };
}
