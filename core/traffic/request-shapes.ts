import type { GatewayRequest } from '../gateway/route.ts';
import type { RequestShape } from '../protocol/simulator-control.ts';

/** What the fleet is asked, ready to be drawn from. Compared by identity. */
export interface ShapeSet {
  readonly requests: readonly GatewayRequest[];
  /** Sum of the weights up to and with each shape. */
  readonly weightsUpTo: readonly number[];
  readonly weightTotal: number;
  /** Splits that were asked for before, by requests and draw; see `splitOf`. */
  readonly splits: Map<number, Uint16Array>;
}

/** Splits that one set remembers, and the most requests that one may have. */
const SPLITS_MAX = 8_192;
const SPLIT_REQUESTS_MAX = 0xffff;

export function createShapeSet(shapes: readonly RequestShape[]): ShapeSet {
  const weightsUpTo: number[] = [];
  let weightTotal = 0;
  for (const { weight } of shapes) {
    weightTotal += weight;
    weightsUpTo.push(weightTotal);
  }
  const requests = shapes.map(({ weight: _, ...request }) => request);
  return { requests, weightsUpTo, weightTotal, splits: new Map() };
}

/** `requestsUpTo` of every shape. Few differ, so they are remembered. */
export function splitOf(set: ShapeSet, requests: number, draw: number): ArrayLike<number> {
  const key = requests * set.weightTotal + draw;
  const known = set.splits.get(key);
  if (known !== undefined) return known;
  const split = set.weightsUpTo.map((_weight, shape) => requestsUpTo(set, shape, requests, draw));
  if (requests > SPLIT_REQUESTS_MAX || set.splits.size >= SPLITS_MAX) return split;
  const kept = Uint16Array.from(split);
  set.splits.set(key, kept);
  return kept;
}

/**
 * How many of `requests` fall to shapes 0 … i, for systematic sampling from one draw: shares are
 * exact to one request in every step, and exact over many. `draw` is uniform in [0, weightTotal).
 */
export function requestsUpTo(set: ShapeSet, shape: number, requests: number, draw: number): number {
  const weight = set.weightsUpTo[shape] ?? set.weightTotal;
  // Requests stand at (draw + k · total) / requests on the axis of weights, for k = 0 … requests-1.
  const reach = requests * weight - draw;
  if (reach <= 0) return 0;
  return Math.min(requests, Math.floor((reach + set.weightTotal - 1) / set.weightTotal));
}
