import { Buffer } from 'node:buffer';
import { randomFillSync } from 'node:crypto';

/** FIN and the opcode of a message (RFC 6455 §5.2). */
const FINAL_TEXT = 0x81;
const FINAL_BINARY = 0x82;
const MASKED = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MASK_BYTES = 4;

/** Masking keys must be unpredictable; drawing many at a time is much cheaper. */
const KEYS = Buffer.alloc(2_048 * MASK_BYTES);
let keysUsedBytes = KEYS.length;

/** Whole messages as a client sends them, masked, in one buffer: one write instead of gathered ones. */
export function maskedFrames(messages: readonly (string | Uint8Array)[]): Buffer {
  let bytes = 0;
  for (const message of messages) {
    const payload = payloadBytes(message);
    bytes += headerBytes(payload) + payload;
  }
  const out = Buffer.allocUnsafe(bytes);
  let offset = 0;
  for (const message of messages) offset = putFrame(out, offset, message);
  return out;
}

function putFrame(out: Buffer, start: number, message: string | Uint8Array): number {
  const length = payloadBytes(message);
  const from = start + headerBytes(length);
  out[start] = typeof message === 'string' ? FINAL_TEXT : FINAL_BINARY;
  if (length < LENGTH_16) out[start + 1] = MASKED | length;
  else if (length <= 0xffff) {
    out[start + 1] = MASKED | LENGTH_16;
    out.writeUInt16BE(length, start + 2);
  } else {
    out[start + 1] = MASKED | LENGTH_64;
    out.writeBigUInt64BE(BigInt(length), start + 2);
  }
  if (keysUsedBytes === KEYS.length) {
    randomFillSync(KEYS);
    keysUsedBytes = 0;
  }
  out.set(KEYS.subarray(keysUsedBytes, keysUsedBytes + MASK_BYTES), from - MASK_BYTES);
  keysUsedBytes += MASK_BYTES;
  if (typeof message === 'string') out.write(message, from, 'utf8');
  else out.set(message, from);
  const maskAt = from - MASK_BYTES;
  for (let i = 0; i < length; i += 1) {
    out[from + i] = (out[from + i] ?? 0) ^ (out[maskAt + (i & 3)] ?? 0);
  }
  return from + length;
}

function payloadBytes(message: string | Uint8Array): number {
  return typeof message === 'string' ? Buffer.byteLength(message, 'utf8') : message.byteLength;
}

function headerBytes(payload: number): number {
  return 2 + (payload < LENGTH_16 ? 0 : payload <= 0xffff ? 2 : 8) + MASK_BYTES;
}
