import { Buffer } from 'node:buffer';
import type { Result } from '../../core/lib/result.ts';
import type { DecodeError } from '../../core/protocol/decode-json.ts';
import { type ControlPlaneToNode, decodeControlPlaneFrame } from '../../core/protocol/node-link.ts';
import { SHARED_FRAMES_BYTES_MAX, SHARED_FRAMES_MAX } from './live-limits.ts';

type Decoded = Result<ControlPlaneToNode, DecodeError>;

interface Entry {
  readonly bytes: Buffer;
  readonly decoded: Decoded;
}

/**
 * Decodes a frame once for all nodes that are sent the same bytes, and gives them the same object:
 * an optimisation of simulation. Frames are compared byte by byte, so nothing is taken for another.
 */
export class SharedFrames {
  readonly #byLength = new Map<number, Entry[]>();
  /** Oldest first. */
  readonly #order: Entry[] = [];
  #bytes = 0;

  decode(frame: Uint8Array): Decoded {
    const alike = this.#byLength.get(frame.byteLength);
    if (alike !== undefined) {
      for (const entry of alike) if (entry.bytes.equals(frame)) return entry.decoded;
    }
    const decoded = decodeControlPlaneFrame(frame);
    if (decoded.ok) this.#remember({ bytes: Buffer.from(frame), decoded });
    return decoded;
  }

  #remember(entry: Entry): void {
    const { length } = entry.bytes;
    const alike = this.#byLength.get(length);
    if (alike === undefined) this.#byLength.set(length, [entry]);
    else alike.push(entry);
    this.#order.push(entry);
    this.#bytes += length;
    while (
      this.#order.length > SHARED_FRAMES_MAX ||
      (this.#bytes > SHARED_FRAMES_BYTES_MAX && this.#order.length > 1)
    ) {
      this.#forgetOldest();
    }
  }

  #forgetOldest(): void {
    const oldest = this.#order.shift();
    if (oldest === undefined) return;
    const { length } = oldest.bytes;
    this.#bytes -= length;
    const left = (this.#byLength.get(length) ?? []).filter((entry) => entry !== oldest);
    if (left.length === 0) this.#byLength.delete(length);
    else this.#byLength.set(length, left);
  }
}
