import type { SnapshotRead } from '../ports/snapshot-store.ts';
import type { ResourceBody } from './node-link.ts';
import { decodeSnapshotBodies, decodeSnapshotHeader, splitSnapshotFile } from './snapshot-file.ts';

/**
 * Reads snapshots, and the bodies of the same head once: a dump of an unchanged head differs in its
 * header alone. Bodies are compared byte by byte, so that nothing is taken for another.
 */
export class SnapshotDecoder {
  #bytes: Uint8Array | null = null;
  #resources: readonly ResourceBody[] = [];

  decodeFile(bytes: Uint8Array): SnapshotRead {
    const parts = splitSnapshotFile(bytes);
    if (!parts.ok) return { kind: 'damaged', detail: parts.error };
    return this.decode(parts.value.line, parts.value.bodies);
  }

  /** The bodies are kept, not copied: they must not change any more. */
  decode(line: Uint8Array, bodies: Uint8Array): SnapshotRead {
    const decoded = decodeSnapshotHeader(line);
    if (!decoded.ok) return { kind: 'damaged', detail: decoded.error };
    const header = decoded.value;
    const isKnown = this.#bytes !== null && areEqual(this.#bytes, bodies);
    if (isKnown && header.bytes === bodies.length && header.resources === this.#resources.length) {
      return { kind: 'found', header, resources: this.#resources };
    }
    const resources = decodeSnapshotBodies(header, bodies);
    if (!resources.ok) return { kind: 'damaged', detail: resources.error };
    this.#bytes = bodies;
    this.#resources = resources.value;
    return { kind: 'found', header, resources: resources.value };
  }
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
