import { ascending, middleOf } from './band-of.ts';
import type { Forecast } from './forecast.ts';
import { CURVE_POINTS_MAX } from './seed-outcome.ts';

type Curve = readonly (readonly [ms: number, nodes: number])[];

/**
 * The band that all curves lie in, at no more than `CURVE_POINTS_MAX` instants. Where there are more,
 * they are taken evenly by rank, the first and the last among them, so that they are dense where much
 * happens.
 */
export function forecastCurve(curves: readonly Curve[]): Forecast['curve'] {
  const next = new Uint32Array(curves.length);
  const counts = new Uint32Array(curves.length);
  return instantsOf(curves).map((ms) => {
    curves.forEach((curve, seed) => {
      for (let point = next[seed] ?? 0; (curve[point]?.[0] ?? ms + 1) <= ms; point += 1) {
        counts[seed] = curve[point]?.[1] ?? 0;
        next[seed] = point + 1;
      }
    });
    const sorted = counts.slice().sort(ascending);
    const low = sorted[0] ?? 0;
    const high = sorted[sorted.length - 1] ?? 0;
    return [ms, low, sorted[middleOf(sorted.length)] ?? 0, high] as const;
  });
}

function instantsOf(curves: readonly Curve[]): readonly number[] {
  let points = 0;
  for (const curve of curves) points += curve.length;
  const all = new Float64Array(points);
  let at = 0;
  for (const curve of curves) {
    for (const [ms] of curve) {
      all[at] = ms;
      at += 1;
    }
  }
  const distinct = all.sort(ascending).filter((ms, index) => index === 0 || ms !== all[index - 1]);
  if (distinct.length <= CURVE_POINTS_MAX) return [...distinct];
  const last = distinct.length - 1;
  return Array.from({ length: CURVE_POINTS_MAX }, (_, index) => {
    return distinct[Math.floor((index * last) / (CURVE_POINTS_MAX - 1))] ?? 0;
  });
}
