/** As many as a number holds exactly. */
const DIGITS = 12;

/** Stands for a root hash in the trace, which keeps numbers. */
export function hashNumber(hash: string): number {
  return Number.parseInt(hash.slice(0, DIGITS), 16);
}
