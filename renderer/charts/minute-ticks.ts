/** Multiples of `everyMs` within the span that ends now, for a time axis. */
export function minuteTicks(nowMs: number, spanMs: number, everyMs: number): readonly number[] {
  const ticks: number[] = [];
  const first = Math.ceil((nowMs - spanMs) / everyMs) * everyMs;
  for (let at = first; at <= nowMs; at += everyMs) ticks.push(at);
  return ticks;
}
