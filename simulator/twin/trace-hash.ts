/** 64 bits in two lanes of 32, by integer operations alone: the same on every machine. */
export class TraceHash {
  #a = 0x243f6a88 | 0;
  #b = 0x85a308d3 | 0;

  /** Takes in one whole number from 0 to 2^53. */
  add(value: number): void {
    this.#mix(value | 0);
    const high = Math.floor(value / 0x1_0000_0000);
    if (high !== 0) this.#mix(high);
  }

  /** 16 lower-case hex digits. */
  digest(): string {
    const a = finish(this.#a ^ rotate(this.#b, 7));
    const b = finish((this.#b + Math.imul(this.#a, 0x9e3779b1)) | 0);
    return hex(a) + hex(b);
  }

  #mix(value: number): void {
    // A round of MurmurHash3 for each lane, each crossed with the other.
    const k = Math.imul(rotate(Math.imul(value, 0xcc9e2d51), 15), 0x1b873593);
    const a = (Math.imul(rotate(this.#a ^ k, 13), 5) + this.#b + 0xe6546b64) | 0;
    const b = (Math.imul(rotate(this.#b ^ Math.imul(value, 0x85ebca6b), 17), 5) + a) | 0;
    this.#a = a;
    this.#b = b;
  }
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function finish(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
