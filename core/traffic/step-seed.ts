/**
 * The seed of one node's step: 32 bits that depend on the node and on the number of the step alone, so
 * that it costs a fleet of many nodes no memory of its own, and no node's draws depend on another's.
 *
 * @param nodeKey of the node's own random stream, any whole number below 2^32
 */
export function stepSeed(nodeKey: number, step: number): number {
  return mix((nodeKey + mix(step + 1)) | 0);
}

/** The last rounds of MurmurHash3: each bit of the result depends on all bits of the value. */
function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return h ^ (h >>> 16);
}
