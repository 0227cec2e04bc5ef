import { sha256Bytes } from '../lib/sha256.ts';

/**
 * Latency of one answered request, integer microseconds:
 *
 *     gateway 250 + node 0…399 + (backend base + tail, when a backend answers)
 *
 * A backend's base is 1,500…9,499, fixed by its name; a node's share is fixed by its id. The tail
 * is base · d³ / 2³⁰ for a draw d in [0, 1024), tripled in the last 2 % of draws: half of all requests see less
 * than 1.2 × base, the slowest hundredth about 4 × base. It is a model of shape, not of any real backend.
 */
const GATEWAY_US = 250;
const NODE_US_RANGE = 400;
const BACKEND_BASE_US_MIN = 1_500;
const BACKEND_BASE_US_RANGE = 8_000;
const DRAW_BITS = 10;
const SLOW_DRAWS_FROM = 1_004;
/** d³ / 2³⁰ of each draw: over a power of two, so that multiplying with it is exact. */
const CUBE_SHARES = Float64Array.from(
  { length: 1 << DRAW_BITS },
  (_, draw) => (draw * draw * draw) / (1 << (3 * DRAW_BITS)),
);

/** A backend's base latency, microseconds. */
export function backendBaseUs(backend: string): number {
  return BACKEND_BASE_US_MIN + (hash32(`backend:${backend}`) % BACKEND_BASE_US_RANGE);
}

/** A node's own share, microseconds. */
export function nodeShareUs(nodeId: string): number {
  return hash32(`latency:${nodeId}`) % NODE_US_RANGE;
}

/** `draw`: uniform in [0, 1024). `baseUs` 0: the gateway answered by itself. */
export function requestLatencyUs(baseUs: number, nodeUs: number, draw: number): number {
  const tail = (baseUs * (CUBE_SHARES[draw] ?? 0)) | 0;
  return GATEWAY_US + nodeUs + baseUs + (draw >= SLOW_DRAWS_FROM ? 3 * tail : tail);
}

function hash32(text: string): number {
  const digest = sha256Bytes(text);
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0);
}
