import { sha256Bytes } from '../../lib/sha256.ts';

/** DigestInfo of SHA-256 (RFC 8017, section 9.2, note 1). */
const SHA256_PREFIX = [
  0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
  0x00, 0x04, 0x20,
];

/**
 * Whether a signature is RSASSA-PKCS1-v1_5 with SHA-256 of the message. The whole encoded message is
 * rebuilt and compared, so that nothing can hide in the padding.
 */
export function verifyRs256(
  modulus: Uint8Array,
  exponent: number,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (signature.length !== modulus.length) return false;
  const n = integerOf(modulus);
  const s = integerOf(signature);
  if (s >= n) return false;
  return power(s, exponent, n) === integerOf(encoded(message, modulus.length));
}

function encoded(message: Uint8Array, length: number): Uint8Array {
  const digest = sha256Bytes(message);
  const block = new Uint8Array(length).fill(0xff);
  const tail = SHA256_PREFIX.length + digest.length;
  block[0] = 0;
  block[1] = 1;
  block[length - tail - 1] = 0;
  block.set(SHA256_PREFIX, length - tail);
  block.set(digest, length - digest.length);
  return block;
}

function integerOf(bytes: Uint8Array): bigint {
  let hex = '0x';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

/** base^exponent mod n by squaring: 17 multiplications for 65537. */
function power(base: bigint, exponent: number, n: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * square) % n;
    square = (square * square) % n;
  }
  return result;
}
