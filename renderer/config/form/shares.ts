import { integerAt, type Json, memberOf } from '../../../core/gateway/json.ts';

/** A backend's weight; 1 where none is stated, as the API has it. */
export function weightOf(backend: Json): number {
  if (memberOf(backend, 'weight') === undefined) return 1;
  return Math.max(0, integerAt(backend, 'weight') ?? 0);
}

/**
 * Weights as tenths of a percent that sum to 1,000 exactly: what rounding leaves over goes to the
 * largest remainders. All zero when no backend gets anything.
 */
export function sharesOf(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return weights.map(() => 0);
  const shares = weights.map((weight) => Math.floor((weight * 1000) / total));
  let left = 1000 - shares.reduce((sum, share) => sum + share, 0);
  const order = weights
    .map((weight, at) => ({ at, rest: (weight * 1000) % total }))
    .sort((a, b) => b.rest - a.rest || a.at - b.at);
  for (const { at } of order) {
    if (left === 0) break;
    shares[at] = (shares[at] ?? 0) + 1;
    left -= 1;
  }
  return shares;
}

/** `75 %`, `33.3 %`; a share too small to show still says that it is there. */
export function shareInWords(tenths: number, weight: number): string {
  if (tenths === 0 && weight > 0) return 'less than 0.1 %';
  return tenths % 10 === 0 ? `${tenths / 10} %` : `${(tenths / 10).toFixed(1)} %`;
}

/** The bar as a sentence, for those who do not see it. */
export function sharesSentence(names: readonly string[], weights: readonly number[]): string {
  if (weights.every((weight) => weight === 0)) return 'No backend gets requests: answered 500.';
  const shares = sharesOf(weights);
  return names
    .map((name, at) => `${name} ${shareInWords(shares[at] ?? 0, weights[at] ?? 0)}`)
    .join(', ');
}
