/**
 * A stream of integer draws. Streams are split by name, so that one more draw in one place shifts no
 * other place. The same seed and names give the same draws on every machine.
 */
export interface RandomStream {
  /** A whole number, uniform in [0, bound). `bound` is an integer in 1 … 2^31. */
  below(bound: number): number;
  /** An independent stream; splitting does not advance this one. */
  split(name: string): RandomStream;
}
