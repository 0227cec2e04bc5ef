/** Each power of two is cut into this many buckets: a quantile is off by at most 1/16. */
const SUB_BUCKETS = 16;
const SUB_BITS = 4;
/** Latencies from here on share the last bucket: 2^26 µs, about 67 s. */
const LATENCY_BITS_MAX = 26;
const BUCKETS = (LATENCY_BITS_MAX - SUB_BITS + 1) * SUB_BUCKETS;

/** Counts latencies in log-linear buckets of fixed size; integers in, integers out. */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(latencyUs: number): void {
    const bucket = bucketOf(latencyUs);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
  }

  /** Upper edge, microseconds, of the bucket that `percent` of all latencies reach; 0 when empty. */
  quantileUs(percent: number): number {
    if (this.#total === 0) return 0;
    const rank = Math.ceil((this.#total * percent) / 100);
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= rank) return upperEdgeUs(bucket);
    }
    return upperEdgeUs(BUCKETS - 1);
  }

  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }
}

function bucketOf(latencyUs: number): number {
  if (latencyUs < SUB_BUCKETS) return latencyUs < 0 ? 0 : latencyUs;
  const bits = 31 - Math.clz32(latencyUs);
  if (bits >= LATENCY_BITS_MAX) return BUCKETS - 1;
  const shift = bits - SUB_BITS;
  return (shift + 1) * SUB_BUCKETS + ((latencyUs >> shift) & (SUB_BUCKETS - 1));
}

function upperEdgeUs(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket;
  const shift = Math.floor(bucket / SUB_BUCKETS) - 1;
  return ((SUB_BUCKETS + (bucket % SUB_BUCKETS) + 1) << shift) - 1;
}
