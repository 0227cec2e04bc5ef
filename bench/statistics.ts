/** The value below which `share` (0–1) of the samples lie; nearest rank. */
export function quantile(samples: readonly number[], share: number): number {
  if (samples.length === 0) return Number.NaN;
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[rank] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return quantile(samples, 0.5);
}

/** Of samples that other work on the machine can only make larger: the quietest tenth. */
export function quiet(samples: readonly number[]): number {
  return quantile(samples, 0.1);
}

/** One line of the result table. */
export interface BenchRow {
  readonly name: string;
  readonly measured: number;
  readonly unit: string;
  readonly baseline: number | null;
  readonly baselineName: string;
  /** measured / baseline, or null when the bar is absolute. */
  readonly ratio: number | null;
  readonly bar: string;
  readonly samples: number;
}
