/** Each power of two is cut into this many buckets: a quantile is off by at most 1/16. */
const SUB_BUCKETS = 16;
const SUB_BITS = 4;
/** Latencies below 2^31 µs, about 36 minutes, have a bucket. */
const LATENCY_BITS_MAX = 31;
const BUCKETS = (LATENCY_BITS_MAX - SUB_BITS + 1) * SUB_BUCKETS;

/** Counts latencies in log-linear buckets of fixed size; integers in, integers out. */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(BUCKETS);

  get total(): number {
    return this.#counts.reduce((total, count) => total + count, 0);
  }

  /** @param latencyUs a whole number, from 0 to 2^31 - 1 */
  add(latencyUs: number): void {
    const bucket = bucketOf(latencyUs);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  /** Upper edge, microseconds, of the bucket that `percent` of all latencies reach; 0 when empty. */
  quantileUs(percent: number): number {
    const { total } = this;
    if (total === 0) return 0;
    const rank = Math.ceil((total * percent) / 100);
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= rank) return upperEdgeUs(bucket);
    }
    return upperEdgeUs(BUCKETS - 1);
  }

  clear(): void {
    this.#counts.fill(0);
  }
}

/** Without a branch: up to 16 a bucket is one number wide, from there on 16 share a power of two. */
function bucketOf(latencyUs: number): number {
  const shift = 31 - SUB_BITS - Math.clz32(latencyUs | SUB_BUCKETS);
  return shift * SUB_BUCKETS + (latencyUs >> shift);
}

function upperEdgeUs(bucket: number): number {
  if (bucket < SUB_BUCKETS) return bucket;
  const shift = Math.floor(bucket / SUB_BUCKETS) - 1;
  return (SUB_BUCKETS + (bucket % SUB_BUCKETS) + 1) * (1 << shift) - 1;
}
