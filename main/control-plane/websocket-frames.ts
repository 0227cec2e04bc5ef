/** FIN and the opcode of a text message (RFC 6455 §5.2). */
const FINAL_TEXT = 0x81;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
/** Above this, copying a body costs more than a second chunk in the same write. */
const COPIED_BYTES_MAX = 16 * 1024;

/**
 * Text frames as a server sends them, unmasked and whole, in as few chunks as is cheap: small ones
 * are copied into one buffer, so that a push costs one plain write and not a gathered one.
 */
export function frameTexts(texts: readonly (string | Uint8Array)[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  for (const text of texts) {
    const payload = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
    small.push(frameHeader(payload.byteLength));
    if (payload.byteLength <= COPIED_BYTES_MAX) {
      small.push(payload);
      continue;
    }
    chunks.push(Buffer.concat(small), payload);
    small = [];
  }
  if (small.length > 0) chunks.push(Buffer.concat(small));
  return chunks;
}

function frameHeader(payloadBytes: number): Uint8Array {
  if (payloadBytes < LENGTH_16) return Buffer.from([FINAL_TEXT, payloadBytes]);
  if (payloadBytes <= 0xffff) {
    const header = Buffer.from([FINAL_TEXT, LENGTH_16, 0, 0]);
    header.writeUInt16BE(payloadBytes, 2);
    return header;
  }
  const header = Buffer.alloc(10);
  header[0] = FINAL_TEXT;
  header[1] = LENGTH_64;
  header.writeBigUInt64BE(BigInt(payloadBytes), 2);
  return header;
}
