import type { GatewayRequest } from '../gateway/route.ts';
import type { RequestShape } from '../protocol/simulator-control.ts';

/** What the fleet is asked, ready to be drawn from. Compared by identity. */
export interface ShapeSet {
  readonly requests: readonly GatewayRequest[];
  /** Sum of the weights up to and with each shape. */
  readonly weightsUpTo: readonly number[];
  readonly weightTotal: number;
  /** Samples that were asked for before, by requests and draw; see `sampleOf`. */
  readonly samples: Map<number, Uint16Array>;
}

/** Samples that one set remembers, and the most requests that one may have. */
const SAMPLES_MAX = 8_192;
const SAMPLE_REQUESTS_MAX = 1_024;

export function createShapeSet(shapes: readonly RequestShape[]): ShapeSet {
  const weightsUpTo: number[] = [];
  let weightTotal = 0;
  for (const { weight } of shapes) {
    weightTotal += weight;
    weightsUpTo.push(weightTotal);
  }
  const requests = shapes.map(({ weight: _, ...request }) => request);
  return { requests, weightsUpTo, weightTotal, samples: new Map() };
}

/** The shape of each of so many requests, by `requestsUpTo`. Few differ, so they are remembered. */
export function sampleOf(set: ShapeSet, requests: number, draw: number): Uint16Array {
  const key = requests * set.weightTotal + draw;
  const known = set.samples.get(key);
  if (known !== undefined) return known;
  const sample = new Uint16Array(requests);
  let done = 0;
  for (let shape = 0; shape < set.weightsUpTo.length; shape += 1) {
    const upTo = requestsUpTo(set, shape, requests, draw);
    sample.fill(shape, done, upTo);
    done = upTo;
  }
  if (requests <= SAMPLE_REQUESTS_MAX && set.samples.size < SAMPLES_MAX)
    set.samples.set(key, sample);
  return sample;
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
