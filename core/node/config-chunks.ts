import type { ConfigSnapshot } from '../config/snapshot.ts';
import { CONFIG_CHUNK_CHARS } from '../protocol/limits.ts';
import type { NodeToControlPlane } from '../protocol/node-link.ts';
import type { ServingStatement } from '../protocol/primitives.ts';
import { NODE_CONFIG_CHUNK_BYTES_MAX } from './node-limits.ts';

/**
 * What a node serves, in frames: a JSON array of its canonical bodies in key order, cut into texts
 * that fit a frame after JSON escaping.
 */
export function configChunks(
  requestId: number,
  serving: ServingStatement,
  snapshot: ConfigSnapshot,
): NodeToControlPlane[] {
  const resources = [...snapshot.resources.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const texts = cut(`[${resources.map(({ canonical }) => canonical).join(',')}]`);
  return texts.map((text, index) => ({
    type: 'config-chunk',
    requestId,
    index,
    chunks: texts.length,
    serving,
    text,
  }));
}

function cut(text: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  let bytes = 0;
  for (let i = 0; i < text.length; i += 1) {
    const cost = escapedBytes(text.charCodeAt(i));
    if (i - start >= CONFIG_CHUNK_CHARS || bytes + cost > NODE_CONFIG_CHUNK_BYTES_MAX) {
      pieces.push(text.slice(start, i));
      start = i;
      bytes = 0;
    }
    bytes += cost;
  }
  pieces.push(text.slice(start));
  return pieces;
}

/** Bytes of one UTF-16 unit in a JSON string, at most. */
function escapedBytes(unit: number): number {
  if (unit < 0x20 || (unit >= 0xd800 && unit < 0xe000)) return 6;
  if (unit === 0x22 || unit === 0x5c) return 2;
  if (unit < 0x80) return 1;
  return unit < 0x800 ? 2 : 3;
}
